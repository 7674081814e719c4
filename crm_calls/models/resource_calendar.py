import pytz

from odoo import models

from .call_hours import next_allowed


class ResourceCalendar(models.Model):
    _inherit = 'resource.calendar'

    def _next_call_time(self, moment, zone):
        """Return the first moment from `moment` on that lies in the hours of the calendar.

        :param datetime moment: naive, in UTC
        :param str zone: the time zone of who is to be called
        :rtype: datetime
        """
        self.ensure_one()
        hours = self._call_hours()
        week_type = self.env['resource.calendar.attendance'].get_week_type
        closed = self.global_leave_ids.mapped(lambda leave: (leave.date_from, leave.date_to))
        return next_allowed(
            moment, zone,
            lambda day: hours.get((week_type(day), day.weekday()), []), closed)

    def _call_hours(self):
        """Return the hours of the calendar, breaks left out.

        :return: by number of the week (0 or 1) and day of the week
        :rtype: dict[tuple[int, int], list[tuple[float, float]]]
        """
        hours = {}
        for line in self.attendance_ids:
            if line.day_period == 'lunch' or line.display_type:
                continue
            weeks = (int(line.week_type),) if self.two_weeks_calendar else (0, 1)
            for week in weeks:
                hours.setdefault((week, int(line.dayofweek)), []).append(
                    (line.hour_from, line.hour_to))
        return hours

    def _closed_zones(self, moment):
        """Return the time zones in which nobody may be called at a moment.

        :rtype: list[str]
        """
        self.ensure_one()
        aware = pytz.utc.localize(moment)
        by_offset = {}
        for zone in pytz.all_timezones:
            by_offset.setdefault(aware.astimezone(pytz.timezone(zone)).utcoffset(), []).append(zone)
        # Where the clocks show the same, the same is allowed.
        return [
            zone for zones in by_offset.values() for zone in zones
            if self._next_call_time(moment, zones[0]) != moment
        ]
