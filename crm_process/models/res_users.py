from odoo import models

from .working_time import NoWorkingHours


class ResUsers(models.Model):
    """Tell when somebody is at work, so that nobody is disturbed at another time."""

    _inherit = 'res.users'

    def _next_work(self, moment):
        """Return the first moment from `moment` on at which each user is at work.

        These are the hours of his own calendar, else of his company, without public holidays and
        his own days off. Who has no working hours at all may be disturbed at any time.

        :param datetime moment: naive, in UTC
        :rtype: dict[res.users, datetime]
        """
        # sudo: resource.calendar.leaves - whether somebody is away is used, and told to nobody
        leaves = self.env['resource.calendar.leaves'].sudo().search([
            ('resource_id.user_id', 'in', self.ids), ('date_to', '>', moment),
            ('time_type', '=', 'leave')], order='date_from')
        away = leaves.grouped(lambda leave: leave.resource_id.user_id.id)
        return {user: user._next_work_between(moment, away.get(user.id, ())) for user in self}

    def _next_work_between(self, moment, leaves):
        """Return the first working moment that lies in none of the leaves.

        :param leaves: days off in order of their start
        """
        # sudo: res.users - whoever looks, hours are those of the person
        user_sudo = self.sudo()
        calendar = user_sudo.resource_calendar_id or user_sudo.company_id.resource_calendar_id
        if not calendar:
            return moment
        clock = calendar._working_time()
        try:
            opening = clock.next_open(moment)
            for leave in leaves:
                if leave.date_from <= opening < leave.date_to:
                    opening = clock.next_open(leave.date_to)
        except NoWorkingHours:
            return moment
        return opening
