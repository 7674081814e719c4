from odoo import models


class CalendarEvent(models.Model):
    _inherit = 'calendar.event'

    def write(self, vals):
        result = super().write(vals)
        if 'start' in vals:
            self._move_callbacks()
        return result

    def _move_callbacks(self):
        """Let the call-backs follow their meetings, to any time after the call they come from."""
        # sudo: crm.call - who may move the meeting says when he calls back
        for call in self.env['crm.call'].sudo().search([('callback_event_id', 'in', self.ids)]):
            start = call.callback_event_id.start
            if start != call.callback_at and start > call.date_start:
                call.callback_at = start
