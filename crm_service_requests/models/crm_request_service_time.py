from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from pytz import timezone

from odoo import fields, models
from odoo.tools import SQL, format_datetime

from .free_slots import intersect, slots, subtract

# How many times are proposed, of each technician and day, and of how many days.
PROPOSED, PER_DAY, DAYS = 12, 2, 14


def naive(moment):
    """Return a moment without its time zone, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


class CrmRequest(models.Model):
    """When the technicians have time."""

    _inherit = 'crm.request'

    def _free_slots(self):
        """Return when somebody could come.

        Everybody who was chosen comes; when nobody was, anyone who may come comes alone.

        :return: start, end and technicians of each time, the earliest first
        :rtype: list[tuple[datetime, datetime, res.users]]
        """
        self.ensure_one()
        now = fields.Datetime.now()
        start = max(now, self.service_from or now)
        stop = max(self.service_to or start + timedelta(days=DAYS), start)
        users = self.technician_ids or self._service_technicians()
        free = self._free_times(users, start, stop)
        if self.technician_ids:
            teams = [(users, self._common_times([free[user] for user in users]))]
        else:
            teams = [(user, free[user]) for user in users]
        length = timedelta(hours=self.service_hours)
        found = sorted(
            ((begin, end, team) for team, times in teams
             for begin, end in islice(slots(times, length, PER_DAY), PROPOSED)),
            key=lambda slot: (slot[0], slot[2].ids))
        return found[:PROPOSED]

    @staticmethod
    def _common_times(times):
        """Return the time that is in all of some lists of intervals."""
        common, *others = times
        for other in others:
            common = intersect(common, other)
        return common

    def _free_times(self, users, start, stop):
        """Return when technicians work and are not busy.

        :param users: the technicians, a `res.users`
        :param datetime start: naive, in UTC
        :param datetime stop: naive, in UTC
        :rtype: dict[res.users, list[tuple[datetime, datetime]]]
        """
        working = self._working_times(users, start, stop)
        busy = self._busy_times(users, start, stop)
        own = self.service_event_id.ids
        return {
            user: subtract(working[user], [
                (begin, end) for begin, end, event_id in busy[user] if event_id not in own])
            for user in users}

    def _working_times(self, users, start, stop):
        """Return the working hours of technicians, their holidays and the public ones left out.

        Who has no working hours of his own works those of the company, by the clock of his own
        time zone.

        :rtype: dict[res.users, list[tuple[datetime, datetime]]]
        """
        self.ensure_one()
        bounds = start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC)
        # sudo: res.users, resource.calendar - when colleagues work is no secret
        users_sudo, company_sudo = users.sudo(), self.company_id.sudo()
        standard = company_sudo.resource_calendar_id
        closed = [
            ('time_type', '=', 'leave'), ('company_id', 'in', [False, company_sudo.id])]
        hours = {}
        for user in users_sudo:
            resource = user.resource_ids[:1]
            calendar = resource.calendar_id or standard
            zone = timezone(resource.tz or user.tz or calendar.tz)
            key = (calendar, zone, resource)
            if key not in hours:
                hours[key] = [
                    (naive(begin), naive(end))
                    for begin, end, _records in calendar._work_intervals_batch(
                        *bounds, resource, closed, tz=zone)[resource.id]]
            hours[user.id] = hours[key]
        return {user: hours[user.id] for user in users}

    def _busy_times(self, users, start, stop):
        """Return when technicians are busy by their calendars, in one statement.

        :return: start and end, naive and in UTC, and the id of the meeting
        :rtype: dict[res.users, list[tuple[datetime, datetime, int]]]
        """
        # Days are kept without the hours of a time zone.
        low, high = start - timedelta(days=1), stop + timedelta(days=1)
        self.env['calendar.event'].flush_model()
        self.env['calendar.attendee'].flush_model()
        rows = self.env.execute_query(SQL(
            """
            SELECT attendee.partner_id, event.id, event.start, event.stop,
                   event.allday, event.start_date, event.stop_date
              FROM calendar_event event
              JOIN calendar_attendee attendee ON attendee.event_id = event.id
             WHERE attendee.partner_id = ANY(%s) AND event.active AND event.show_as = 'busy'
               AND attendee.state IS DISTINCT FROM 'declined'
               AND event.start < %s AND event.stop > %s
             ORDER BY event.start, event.id
            """, users.partner_id.ids, high, low))
        busy = defaultdict(list)
        for partner_id, event_id, begin, end, allday, first, last in rows:
            busy[partner_id].append((event_id, begin, end, allday and (first, last)))
        return {
            user: list(self._busy_of(user, busy[user.partner_id.id], start, stop))
            for user in users}

    def _busy_of(self, user, events, start, stop):
        """Yield when meetings keep a technician busy between two moments."""
        # sudo: res.users - the time zone of a colleague
        zone = timezone(user.sudo().tz or 'UTC')
        for event_id, begin, end, days in events:
            if days:
                begin, end = (
                    naive(zone.localize(datetime.combine(day, time.min)))
                    for day in (days[0], days[1] + timedelta(days=1)))
            if begin < stop and end > start:
                yield begin, end, event_id

    def _service_conflicts(self):
        """Return what keeps the technicians from coming, in sentences.

        :return: by request; nothing is told of a meeting but when it is
        :rtype: dict[crm.request, list[str]]
        """
        if not self:
            return {}
        busy = self._busy_times(
            self.technician_ids._origin, min(self.mapped('service_start')),
            max(self.mapped('service_stop')))
        return {
            request: [
                self.env._(
                    "%(technician)s is busy from %(start)s to %(stop)s.", technician=user.name,
                    start=format_datetime(self.env, begin, dt_format='short'),
                    stop=format_datetime(self.env, end, dt_format='short'))
                for user in request.technician_ids._origin
                for begin, end, event_id in busy[user]
                if event_id != request.service_event_id.id
                and begin < request.service_stop and end > request.service_start]
            for request in self}
