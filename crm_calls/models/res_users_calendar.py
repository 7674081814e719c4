from odoo import fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = 'res.users'

    callback_in_calendar = fields.Boolean(
        "Call-Backs in My Calendar", default=True,
        help="What is promised to a customer stands in the calendar, and moves with it.")

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ['callback_in_calendar']

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ['callback_in_calendar']

    def write(self, vals):
        result = super().write(vals)
        if {'callback_in_calendar', 'active'} & vals.keys():
            # sudo: crm.call - whoever changes the user, his calendar follows
            calls_sudo = self.env['crm.call'].sudo()
            calls_sudo._show_callbacks_later(calls_sudo.search(
                Domain('user_id', 'in', self.ids) & Domain('outcome_kind', '=', 'callback')
                & (Domain('callback_event_id', '!=', False) | Domain('callback_at', '>', 'now'))))
        return result
