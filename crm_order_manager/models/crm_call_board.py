from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount


class CrmCallBoard(models.AbstractModel):
    """What came in of the orders that were called about today."""

    _inherit = 'crm.call.board'

    @api.model
    def _people_rows(self):
        rows = super()._people_rows()
        received = self._received_by('user_id')
        for user, row in rows.items():
            row['received'] = received.get(user, 0.0)
        return rows

    @api.model
    def _received_by(self, field_name):
        """Return what is paid of the orders called about today, by a field of the last call.

        :return: amounts in the currency of the company, at the rate of today
        :rtype: dict[odoo.models.BaseModel, float]
        """
        calls = self._today_domain() & Domain('res_model', '=', 'sale.order')
        last_calls = self.env['crm.call'].browse(
            call_id for _order, call_id in self.env['crm.call']._read_group(
                calls, ['res_id'], ['id:max']))
        keys = {call.res_id: call[field_name] for call in last_calls}
        amounts = {}
        for order in self.env['sale.order'].browse(keys).exists()._filtered_access('read'):
            key = keys[order.id], order.currency_id
            amounts[key] = amounts.get(key, 0.0) + order.amount_received
        received = {}
        company, today = self.env.company, fields.Date.context_today(self)
        for (key, currency), amount in amounts.items():
            received[key] = received.get(key, 0.0) + currency._convert(
                amount, company.currency_id, company, today)
        return received

    @api.model
    def _sum_up(self, rows):
        rows = list(rows)
        return {**super()._sum_up(rows), 'received': sum(row['received'] for row in rows)}

    @api.model
    def _tiles(self, totals):
        return [*super()._tiles(totals), {
            'label': self.env._("Received"),
            'value': self._money(totals['received']),
            'hint': self.env._("What is paid of the orders called about today"),
        }]

    @api.model
    def _columns(self):
        return [*super()._columns(), {'name': 'money', 'label': self.env._("Received")}]

    @api.model
    def _sorted_people(self, rows):
        people = super()._sorted_people(rows)
        return [{**person, 'money': self._money(person['received'])} for person in people]

    @api.model
    def _money(self, amount):
        return format_amount(self.env, amount, self.env.company.currency_id)
