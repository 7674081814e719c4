"""P6: until when a thousand documents are due, and what is due of a million."""

import statistics
from datetime import UTC, timedelta

from measure import Finding, Sample, digest

from odoo.fields import Datetime

TITLE = "Deadlines and warnings"
DOCUMENTS = 1000
NORM = 24.0
SIZES = (10000, 1000000)
SELECTS = 200
# So many of the open steps are due, however many there are.
DUE = 100
OPEN_STEPS = """
    WITH made AS (
        INSERT INTO crm_process_run (
            process_id, res_model, res_id, company_id, state, date_start, create_uid, create_date)
        SELECT %(process)s, 'crm.lead', number, %(company)s, 'open', %(now)s, 1, %(now)s
        FROM generate_series(%(first)s, %(last)s) number
        RETURNING id, res_id
    )
    INSERT INTO crm_process_task (
        run_id, process_id, step_id, res_model, res_id, company_id, state, date_ready, date_start,
        date_deadline, date_warning, create_uid, create_date)
    SELECT id, %(process)s, %(step)s, 'crm.lead', res_id, %(company)s, 'running', %(now)s, %(now)s,
           %(now)s, %(now)s + interval '1 minute' * (res_id - %(due)s), 1, %(now)s
    FROM made
"""


def measure(bench):
    ratio = bench.compare(f"deadlines of {DOCUMENTS} documents", {
        'suite': lambda: by_suite(bench), 'stock': lambda: by_stock(bench)}, reference='stock')
    times = due(bench)
    small, large = (1000 * times[size] for size in SIZES)
    return [
        Finding("deadlines, against plan_hours one by one", "8 x faster",
                f"{ratio['stock'] / ratio['suite']:.0f} x", ratio['stock'] >= 8 * ratio['suite']),
        Finding("what is due of a million open steps", "at most 0.2 ms", f"{large:.2f} ms",
                large <= 0.2),
        Finding("a million open steps against ten thousand", "at most 1.1 x",
                f"{large / small:.2f} x", large <= 1.1 * small),
    ]


def _starts(env):
    """Return a calendar, and when the documents began: over the last two months."""
    now = Datetime.now().replace(hour=0, minute=0, second=0)
    return env.company.resource_calendar_id, [
        now - timedelta(minutes=87 * number) for number in range(DOCUMENTS)]


def by_suite(bench):
    with bench.environment('admin') as env:
        calendar, starts = _starts(env)
        # What is kept in memory is read anew: the first documents of the day pay for it.
        env.registry.clear_cache()
        clock = calendar._working_time()
        return _told(bench.timed(env, lambda: [clock.plan(start, NORM) for start in starts]))


def by_stock(bench):
    with bench.environment('admin') as env:
        calendar, starts = _starts(env)
        return _told(bench.timed(env, lambda: [
            calendar.plan_hours(NORM, start.replace(tzinfo=UTC), compute_leaves=True)
            .astimezone(UTC).replace(tzinfo=None)
            for start in starts]))


def _told(sample):
    return Sample(sample.seconds, sample.statements, digest(map(str, sample.result)))


def due(bench):
    """Return the median seconds of asking what is due, by the number of open steps."""
    times = {}
    with bench.environment('admin') as env:
        step = env.ref('crm_process.crm_process_step_lead_quote')
        Task, now, first = env['crm.process.task'].sudo(), Datetime.now(), 1
        # What has become due since the database was filled is not what is counted.
        env.cr.execute(
            "UPDATE crm_process_task SET date_warning = NULL WHERE date_warning <= %s", [now])
        for size in SIZES:
            env.cr.execute(OPEN_STEPS, {
                'process': step.process_id.id, 'step': step.id, 'company': env.company.id,
                'now': now, 'first': first, 'last': size, 'due': DUE})
            env.cr.execute("ANALYZE crm_process_task")
            first = size + 1
            times[size] = statistics.median(
                _ask(bench, Task, now) for _number in range(SELECTS))
        bench.table("asking for what is due", [
            {'open steps': size, 'median ms': round(1000 * times[size], 3)} for size in SIZES],
            f"{SELECTS} times each, {DUE} due")
    return times


def _ask(bench, Task, now):
    start = bench.clock(Task.env.cr)
    found = Task.env.execute_query(Task._due_query(now))
    seconds = bench.clock(Task.env.cr) - start
    assert len(found) == DUE, f"{len(found)} steps are due, not {DUE}."
    return seconds
