from datetime import timedelta

from odoo import fields, models

from odoo.addons.crm_process.models.working_time import NoWorkingHours


class ResCompany(models.Model):
    """A company decides whether its customers are told that an order will be late."""

    _inherit = 'res.company'

    late_notice = fields.Boolean(
        "Tell Customers of Late Deliveries",
        help="Who ordered gets a mail before the promised date passes, and chooses what is done.")
    late_notice_hours = fields.Integer(
        "Late Notice before the Date", default=4,
        help="An order that is not delivered so many working hours before the promised moment "
             "will be late.")

    _late_notice_hours = models.Constraint(
        'CHECK (late_notice_hours >= 0)', "The hours before the promised date are 0 or more.")

    def _late_notice_end(self, now):
        """Return until when a promise is too near to be kept by what has not left yet.

        :param datetime now: in UTC
        :rtype: datetime
        """
        self.ensure_one()
        hours, calendar = self.late_notice_hours, self.resource_calendar_id
        try:
            return calendar._working_time().plan(now, hours) if calendar else (
                now + timedelta(hours=hours))
        except NoWorkingHours:
            return now + timedelta(hours=hours)
