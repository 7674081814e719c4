from datetime import timedelta

import pytz
from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date, format_datetime, format_duration

from .working_time import HOUR, moment

CLASSES = {'day': 'ms-3', 'closed': 'ms-3 text-muted', 'deadline': 'fw-bold'}


class CrmProcessTask(models.Model):
    """Say how a deadline came about."""

    _inherit = 'crm.process.task'

    explanation = fields.Html(compute='_compute_explanation')

    def _compute_explanation(self):
        self.explanation = False
        readable = self._filtered_access('read')
        leaves = readable._leaves()
        for task in readable:
            task.explanation = Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(
                Markup('<li class="%s">%s</li>') % (CLASSES.get(line['kind'], ''), line['text'])
                for line in task._explain(leaves))

    def explain(self):
        """Tell step by step how the deadline came about.

        The working hours of the days add up to the norm and to what was waited or granted since,
        to the second. While the clock stands nothing is due, and no days are counted.

        :return: lines with ``kind`` (``start``, ``norm``, ``pause``, ``postponement``, ``day``,
            ``closed``, ``deadline``), ``hours`` (working hours, 0 where there are none) and
            ``text`` (a sentence in the user's language)
        :rtype: list[dict]
        :raise AccessError: if the user may not read the document
        """
        self.ensure_one()
        self.check_access('read')
        return self._explain(self._leaves())

    def _explain(self, leaves):
        # sudo: crm.process.task - pauses and hours are told to whoever may read the document
        task_sudo = self.sudo()
        if not task_sudo.date_start:
            others = ", ".join(task_sudo.step_id._before().mapped('name'))
            return [self._line('start', 0, self.env._(
                "The clock has not started: the step waits for %(steps)s.", steps=others))]
        return [
            *task_sudo._explain_start(),
            *task_sudo._explain_extensions(),
            *task_sudo._explain_days(leaves),
        ]

    def _line(self, kind, hours, text):
        return {'kind': kind, 'hours': hours, 'text': text}

    def _explain_start(self):
        step, calendar = self.step_id, self.calendar_id
        yield self._line('start', 0, self.env._(
            "The step %(step)s began on %(time)s (%(zone)s).", step=step.name,
            time=self._local(self.date_start), zone=calendar.tz))
        yield self._line('norm', self.norm_hours, self.env._(
            "The norm in version %(version)s of %(process)s is %(hours)s, counted in the working "
            "hours of %(calendar)s.", version=self.process_id.version,
            process=self.process_id.name, hours=format_duration(self.norm_hours),
            calendar=calendar.name))

    def _explain_extensions(self):
        for line in self.extension_ids:
            if line.kind == 'postponement':
                yield self._line('postponement', line.hours, self.env._(
                    "%(user)s granted %(hours)s more: %(reason)s", user=line.user_id.name,
                    hours=format_duration(line.hours), reason=line.reason))
            elif line.date_end:
                yield self._line('pause', line.hours, self.env._(
                    "The clock stood from %(start)s to %(end)s: %(hours)s of working time.",
                    start=self._local(line.date_start), end=self._local(line.date_end),
                    hours=format_duration(line.hours)))
            else:
                yield self._line('pause', 0, self.env._(
                    "The clock has been standing since %(start)s; nothing is due while it does.",
                    start=self._local(line.date_start)))

    def _explain_days(self, leaves):
        """Yield the days that are counted, with the days off between them."""
        if not self.date_deadline:
            return
        zone = pytz.timezone(self.calendar_id.tz)
        days = {}
        for opening, closing in self._clock().segments(self.date_start, self.date_deadline):
            day = pytz.utc.localize(moment(opening)).astimezone(zone).date()
            days.setdefault(day, []).append((opening, closing))
        day, last = min(days, default=None), max(days, default=None)
        off = self._days_off(leaves)
        while day and day <= last:
            if spans := days.get(day):
                hours = sum(closing - opening for opening, closing in spans) / HOUR
                yield self._line('day', hours, self.env._(
                    "%(day)s: %(hours)s (%(spans)s).", day=self._day(day),
                    hours=format_duration(hours), spans=", ".join(
                        f'{self._time(opening)}–{self._time(closing)}'
                        for opening, closing in spans)))
            else:
                yield self._line('closed', 0, self.env._(
                    "%(day)s: %(reason)s.", day=self._day(day),
                    reason=off.get(day) or self.env._("no working hours")))
            day += timedelta(days=1)
        yield self._line('deadline', 0, self.env._(
            "So it is due on %(time)s.", time=self._local(self.date_deadline)))

    def _leaves(self):
        """Return the days off of everybody between the first start and the last deadline."""
        # sudo: crm.process.task - hours are told to whoever may read the document
        timed_sudo = self.sudo().filtered(lambda task: task.date_start and task.date_deadline)
        leaves_sudo = timed_sudo.env['resource.calendar.leaves']
        return timed_sudo and leaves_sudo.search([
            ('resource_id', '=', False),
            ('calendar_id', 'in', [False, *timed_sudo.calendar_id.ids]),
            ('company_id', 'in', [False, *timed_sudo.company_id.ids]),
            ('date_from', '<', max(timed_sudo.mapped('date_deadline'))),
            ('date_to', '>', min(timed_sudo.mapped('date_start')))])

    def _days_off(self, leaves):
        """Return the names of the days off between start and deadline, by day."""
        zone = pytz.timezone(self.calendar_id.tz)
        names = {}
        for leave in leaves:
            if (leave.calendar_id or self.calendar_id) != self.calendar_id or (
                    leave.company_id or self.company_id) != self.company_id or (
                    leave.date_from >= self.date_deadline or leave.date_to <= self.date_start):
                continue
            day, last = (
                pytz.utc.localize(time).astimezone(zone).date()
                for time in (leave.date_from, leave.date_to))
            while day <= last:
                names[day] = leave.name or self.env._("a day off")
                day += timedelta(days=1)
        return names

    def _local(self, time):
        return format_datetime(
            self.env, time, tz=self.calendar_id.tz, dt_format='EEE d MMM y HH:mm')

    def _day(self, day):
        return format_date(self.env, day, date_format='EEE d MMM')

    def _time(self, stamp):
        return format_datetime(
            self.env, moment(stamp), tz=self.calendar_id.tz, dt_format='HH:mm')
