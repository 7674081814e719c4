"""Deadlines over random working hours, days off, pauses and changes of the clocks."""

from datetime import datetime, timedelta

import pytz
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.fields import Command

from odoo.addons.crm_process.tests.common import ProcessCommon

ZONES = ['Europe/Brussels', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC']
# Working hours that do not overlap: at most one in each four hours of a weekday.
SPANS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(0, 3), st.integers(1, 4)),
    min_size=1, max_size=6, unique_by=lambda span: span[:2],
).map(lambda spans: [
    (day, 4 * slot + hour, min(length, 4 - hour)) for day, slot, hour, length in spans])
# Around the days on which the clocks of the zones change.
MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 15)).map(
    lambda moment: moment.replace(microsecond=0))
RANDOMLY = settings(
    # A failure is shown as found: making it smaller would take minutes with a database.
    max_examples=20, deadline=None, phases=[Phase.generate], database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def apart(spans):
    """Return spans of time in order, without those that overlap one before."""
    kept = []
    for low, high in sorted(spans):
        if not kept or low > kept[-1][1]:
            kept.append((low, high))
    return kept


def brute_force(spans, zone, leaves, start, hours):
    """Return when so many working hours are over, walking minute by minute."""
    zone = pytz.timezone(zone)
    left = round(hours * 60)
    moment = start
    while left:
        local = pytz.utc.localize(moment).astimezone(zone)
        works = any(
            local.weekday() == day and hour * 60 <= local.hour * 60 + local.minute
            < (hour + length) * 60
            for day, hour, length in spans)
        if works and not any(low <= moment < high for low, high in leaves):
            left -= 1
        moment += timedelta(minutes=1)
    return moment


class TestDeadlines(ProcessCommon):

    @RANDOMLY
    @given(
        spans=SPANS, zone=st.sampled_from(ZONES), start=MOMENTS,
        leaves=st.lists(st.tuples(MOMENTS, st.integers(1, 100)), max_size=3),
        norm=st.integers(1, 30 * 60), pauses=st.lists(
            st.tuples(st.integers(0, 3000), st.integers(1, 3000)), max_size=3))
    def test_days_add_up_to_the_deadline(self, spans, zone, start, leaves, norm, pauses):
        start = start.replace(second=0)
        # Days off are typed in the time zone of who enters them, and do not overlap.
        self.env.user.tz = zone
        leaves = apart(
            (low.replace(second=0), low.replace(second=0) + timedelta(hours=hours))
            for low, hours in leaves)
        calendar = self.env['resource.calendar'].create({
            'name': "Random", 'tz': zone, 'attendance_ids': [Command.clear()] + [
                Command.create({
                    'name': "Work", 'dayofweek': str(day), 'hour_from': hour,
                    'hour_to': hour + length, 'day_period': 'morning'})
                for day, hour, length in spans],
            'leave_ids': [Command.create(
                {'date_from': low, 'date_to': high}) for low, high in leaves]})
        process = self._create_process(calendar_id=calendar.id)
        process.step_ids[0].norm_hours = norm / 60
        with self._at(*start.timetuple()[:6]):
            lead = self._create_lead()
        task = self._task(lead)
        moment = start
        for wait, length in pauses:
            low = moment + timedelta(minutes=wait)
            moment = low + timedelta(minutes=length)
            self.env['crm.process.extension'].create(
                {'task_id': task.id, 'date_start': low, 'date_end': moment})
        task._count_extensions()
        task._schedule()

        lines = task.explain()
        moved = sum(line['hours'] for line in lines if line['kind'] in ('norm', 'pause'))
        counted = sum(line['hours'] for line in lines if line['kind'] == 'day')
        self.assertAlmostEqual(counted, moved, delta=1 / 3600)
        stood = sum(
            calendar._working_time().hours(pause.date_start, pause.date_end)
            for pause in task.extension_ids)
        self.assertEqual(
            task.date_deadline, brute_force(spans, zone, leaves, start, norm / 60 + stood))
