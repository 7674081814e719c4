from odoo import fields, models
from odoo.fields import Domain

CALLERS = 'crm_roles.group_order_reader,sales_team.group_sale_salesman'


class CrmRequest(models.Model):
    """A request shows the calls about it, and is called about by a click."""

    _inherit = 'crm.request'

    call_count = fields.Integer(
        "Number of Calls", compute='_compute_call_count', groups=CALLERS)

    def _compute_call_count(self):
        counts = dict(self.env['crm.call']._read_group(
            self._calls_domain(), ['res_id'], ['__count']))
        for request in self:
            request.call_count = counts.get(request.id, 0)

    def action_log_call(self):
        """Open the dialog in which a call about the request is noted.

        :rtype: dict
        """
        self.ensure_one()
        return {
            'name': self.env._("Log a Call"),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.call',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_res_model': self._name, 'default_res_id': self.id,
                'default_partner_id': self.partner_id.id, 'default_phone': self.phone,
            },
        }

    def action_view_calls(self):
        """Open the calls about the requests.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id('crm_calls.crm_call_action')
        return {**action, 'domain': list(self._calls_domain()), 'context': {}}

    def _calls_domain(self):
        """Return the calls about the requests.

        :rtype: Domain
        """
        return Domain('res_model', '=', self._name) & Domain('res_id', 'in', self.ids)
