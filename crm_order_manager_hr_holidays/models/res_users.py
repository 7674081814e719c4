from odoo import fields, models

from .time_off import merged, with_free_days


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _absences(self):
        absences = super()._absences()
        # sudo: hr.leave - when somebody is away, not why
        leaves_sudo = self.env['hr.leave'].sudo().search([
            ('user_id', 'in', self.ids),
            ('state', '=', 'validate'),
            ('holiday_status_id.time_type', '=', 'leave'),
            # Half days and hours are no absence: his orders stay with him.
            ('request_unit_half', '=', False), ('request_unit_hours', '=', False),
            ('request_date_to', '>=', fields.Date.add(fields.Date.context_today(self), days=-7)),
        ])
        for user_sudo, leaves in leaves_sudo.grouped('user_id').items():
            user = self.browse(user_sudo.id)
            absences[user] = self._merge_time_off(absences[user], leaves)
        return absences

    def _merge_time_off(self, absences, leaves):
        """Return the absences of somebody together with his time off, what is over left out.

        :param list absences: pairs of the first and the last day
        :param leaves: his time off, of `hr.leave`
        :rtype: list[tuple]
        """
        today = fields.Date.context_today(self)
        times_off = [
            with_free_days(leave.request_date_from, leave.request_date_to, {
                int(line.dayofweek) for line in leave.resource_calendar_id.attendance_ids})
            for leave in leaves
        ]
        return [
            (first, last) for first, last in merged(absences + times_off)
            if not last or last >= today
        ]
