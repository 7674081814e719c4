from odoo import fields, models


class CalendarEvent(models.Model):
    """The meeting of a visit moves the visit."""

    _inherit = 'calendar.event'

    crm_request_ids = fields.One2many(
        'crm.request', 'service_event_id', "Service Requests", readonly=True)

    def write(self, vals):
        result = super().write(vals)
        if {'start', 'stop', 'active'} & vals.keys():
            self._service_requests()._follow_event()
        return result

    def unlink(self):
        requests = self._service_requests()
        result = super().unlink()
        requests._give_up_appointment()
        return result

    def _service_requests(self):
        """Return the confirmed visits of the meetings.

        :rtype: crm.request
        """
        # sudo: crm.request - who may move the meeting says when he comes
        return self.env['crm.request'].sudo().search(
            [('service_event_id', 'in', self.ids), ('service_confirmed', '=', True)])
