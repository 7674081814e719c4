from odoo import api, models
from odoo.fields import Domain


class CrmCallBoard(models.AbstractModel):
    """How the calls of the day go by the campaigns that brought the orders."""

    _inherit = 'crm.call.board'

    @api.model
    def _sections(self):
        sections = super()._sections()
        rows = self._rows_by(
            'campaign_id', self._today_domain() & Domain('campaign_id', '!=', False))
        if rows:
            received = self._received_by('campaign_id')
            for campaign, row in rows.items():
                row['received'] = received.get(campaign, 0.0)
            sections.append({
                'title': self.env._("By Campaign"),
                'columns': [{'name': 'name', 'label': self.env._("Campaign")}, *self._columns()],
                'rows': self._sorted_people(rows),
            })
        return sections
