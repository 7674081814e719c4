from datetime import UTC

from odoo import models
from odoo.fields import Domain
from odoo.tools import ormcache

from .working_time import WorkingTime, month_bounds


class ResourceCalendar(models.Model):
    """Tell its hours fast, and tell the processes when they change."""

    _inherit = 'resource.calendar'

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= {'name', 'active'}:
            self._process_hours_changed()
        return result

    def _working_time(self):
        """Return the working hours of the calendar, its holidays left out.

        :rtype: WorkingTime
        """
        self.ensure_one()
        return WorkingTime(self._process_month)

    @ormcache('self.id', 'month')
    def _process_month(self, month):
        """Return the working intervals of a month, in seconds since 1970.

        Kept in memory: a deadline then costs arithmetic and no statement.

        :param int month: twelve times the year plus the month counted from nought
        :rtype: tuple[tuple[int, int], ...]
        """
        # sudo: resource.calendar - hours and public holidays are no secret, and are the same for
        # whoever changes a document
        calendar_sudo = self.with_env(self.env(context={})).sudo()
        start, end = (bound.replace(tzinfo=UTC) for bound in month_bounds(month))
        company_ids = [False, *calendar_sudo.company_id.ids]
        closed = [('time_type', '=', 'leave')]
        if calendar_sudo.company_id:
            closed.append(('company_id', 'in', company_ids))
        intervals = calendar_sudo._work_intervals_batch(start, end, domain=closed)[False]
        # A day that ends at 24:00 ends at 23:59:59.999999 there.
        return tuple(
            (round(opening.timestamp()), round(closing.timestamp()))
            for opening, closing, _records in intervals)

    def _process_hours_changed(self):
        """Forget the hours that are kept, and plan again what depends on them."""
        if not self:
            return
        self.env.registry.clear_cache()
        # sudo: crm.process.task - whoever keeps the calendars moves deadlines without seeing them
        self.env['crm.process.task'].sudo()._reschedule(Domain('calendar_id', 'in', self.ids))
