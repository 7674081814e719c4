from datetime import timedelta

from odoo import models

from odoo.addons.crm_process.models.working_time import NoWorkingHours


class ResCompany(models.Model):
    """A company counts working days by its calendar."""

    _inherit = 'res.company'

    def _next_work(self, moment):
        """Return when work is done next in the company; without a calendar it always is.

        :param datetime moment: naive, in UTC
        :rtype: datetime
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        try:
            return calendar._working_time().next_open(moment) if calendar else moment
        except NoWorkingHours:
            return moment

    def _count_working_days(self, days, moment):
        """Return the moment so many working days after another, or before it if below zero.

        :param int days: as long as a day of the company's calendar is on average
        :param datetime moment: naive, in UTC
        :rtype: datetime
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        if not calendar:
            return moment + timedelta(days=days)
        clock, hours = calendar._working_time(), abs(days) * (calendar.hours_per_day or 8)
        try:
            return clock.plan(moment, hours) if days > 0 else clock.plan_back(moment, hours)
        except NoWorkingHours:
            return moment + timedelta(days=days)
