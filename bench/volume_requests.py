"""Requests of customers, their runs through the process of their type, and its tasks.

They come, are taken up and are solved in the mornings of working days, so that working hours are
easy to tell; the database computes a deadline from the minutes worked since a Monday long ago.
"""

from bulk import Clone

NEEDS = 'crm.request'
TYPES = ('information', 'complaint')
FIRST = {'first_request': 'crm_request', 'first_run': 'crm_process_run',
         'first_task': 'crm_process_task'}
# Up to which moment so many minutes were worked since the first Monday of 2000: from 8 to 12 and
# from 13 to 17 o'clock.
FUNCTION = """
    CREATE OR REPLACE FUNCTION bench.worked(minutes numeric) RETURNS timestamp
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT timestamp '2000-01-03 08:00' + interval '1 day' * (day / 5 * 7 + day %% 5)
            + interval '1 minute' * (minutes - 480 * day
                + CASE WHEN minutes - 480 * day > 240 THEN 60 ELSE 0 END)
        FROM (SELECT ceil(minutes / 480)::int - 1 AS day) AS days
    $$
"""
LOTS = [
    FUNCTION,
    # Working days are counted; what comes on a Sunday is read as if it came on Friday.
    """
    CREATE TABLE bench.request AS
    SELECT *, bench.worked(begun) AS received, bench.worked(begun + take_up) AS taken,
           bench.worked(begun + answer) AS answered, bench.worked(ended) AS solved,
           CASE WHEN now - day <= 20 THEN CASE WHEN draw < 0.4 THEN 'new' ELSE 'open' END
                WHEN draw < 0.04 THEN 'cancelled' WHEN draw < 0.07 THEN 'solved' ELSE 'closed'
                END AS state
    FROM (
        SELECT *, %(first_request)s + row_number() OVER (ORDER BY n)::int AS id,
               %(first_run)s + row_number() OVER (ORDER BY n)::int AS run_id,
               480 * day + early AS begun,
               480 * (day + days) + CASE days WHEN 0 THEN early + answer + 7 ELSE late END AS ended
        FROM (
            SELECT n, c, id AS order_id, bench.lot(n, 51) AS draw,
                   bench.lot(n, 52) < 0.75 AS informs,
                   %(person)s + floor(%(callers)s * bench.lot(n, 53))::int AS user_id,
                   (date_order::date - date '2000-01-03') / 7 * 5
                       + LEAST((date_order::date - date '2000-01-03') %% 7, 4) AS day,
                   (today::date - date '2000-01-03') / 7 * 5
                       + LEAST((today::date - date '2000-01-03') %% 7, 5) AS now,
                   1 + floor(130 * bench.lot(n, 54))::int AS early,
                   1 + floor(40 * bench.lot(n, 55) ^ 2)::int AS take_up,
                   42 + floor(50 * bench.lot(n, 56) ^ 2)::int AS answer,
                   floor(5 * bench.lot(n, 57) ^ 3)::int AS days,
                   1 + floor(230 * bench.lot(n, 58))::int AS late
            FROM bench.lot WHERE bench.lot(n, 50) < 0.17
        ) AS drawn
    ) AS timed
    """,
    """
    CREATE TABLE bench.task AS
    SELECT %(first_task)s + row_number() OVER (ORDER BY run_id, place)::int AS id, *,
           CASE WHEN ended_at IS NULL THEN 'running'
                WHEN request_state = 'cancelled' AND place = 3 THEN 'cancelled'
                ELSE 'done' END AS state,
           CASE WHEN ended_at IS NOT NULL THEN (worked_until - begun) / 60.0 ELSE 0 END AS hours
    FROM (
        SELECT request.id AS request_id, run_id, c, informs, begun, received, pattern.*,
               request.state AS request_state,
               CASE pattern.place WHEN 1 THEN begun + take_up WHEN 2 THEN begun + answer
                    ELSE ended END AS worked_until,
               CASE WHEN request.state = 'new' OR request.state = 'open' AND pattern.place > 1
                    THEN NULL WHEN pattern.place = 1 THEN taken WHEN pattern.place = 2 THEN answered
                    ELSE solved END AS ended_at
        FROM bench.request
        JOIN (SELECT row_number() OVER (PARTITION BY run_id ORDER BY id) AS place,
                     run_id = %(run_information)s AS informs_too, id AS pattern_id,
                     norm_hours, tolerance_hours
              FROM crm_process_task WHERE run_id IN (%(run_information)s, %(run_complaint)s)
        ) AS pattern ON pattern.informs_too = request.informs
    ) AS timed
    """,
]
_PENDING = "request.state IN ('new', 'open')"


def _requests(kind, informs):
    return Clone('crm_request', f'request_{kind}', f"bench.request WHERE {informs}", {
        'id': "request.id", 'number': "'BENCH/' || request.id", 'name': "'Request ' || request.n",
        'partner_id': "%(partner)s + c", 'commercial_partner_id': "%(partner)s + c",
        'email_from': "'customer' || c || '@customer.example'",
        'email_normalized': "'customer' || c || '@customer.example'",
        'phone': "'+1212' || 2000000 + c", 'state': "request.state", 'access_token': "NULL",
        'user_id': "CASE WHEN request.state != 'new' THEN request.user_id END",
        'resolution_id': f"CASE WHEN NOT {_PENDING} THEN %(resolution)s END",
        'solution': f"CASE WHEN NOT {_PENDING} THEN '<p>It is done.</p>' END",
        'closed_by': "CASE request.state WHEN 'closed' THEN 'employee' END",
        'origin_ref': "'sale.order,' || order_id", 'date_received': "received",
        'date_first_answer': f"CASE WHEN NOT {_PENDING} THEN answered END",
        'date_last_answer': f"CASE WHEN NOT {_PENDING} THEN answered END",
        'date_solved': "CASE WHEN request.state IN ('solved', 'closed') THEN solved END",
        'date_closed': "CASE request.state WHEN 'closed' THEN solved END",
        'create_date': "received", 'write_date': "received"})


def _runs(kind, informs):
    return Clone('crm_process_run', f'run_{kind}', f"bench.request WHERE {informs}", {
        'id': "request.run_id", 'res_id': "request.id", 'partner_id': "%(partner)s + c",
        'date_start': "received", 'create_date': "received", 'write_date': "received",
        'state': f"CASE WHEN {_PENDING} THEN 'open' WHEN request.state = 'cancelled'"
                 " THEN 'cancelled' ELSE 'done' END",
        'date_end': f"CASE WHEN NOT {_PENDING} THEN solved END",
        'duration_hours': f"CASE WHEN NOT {_PENDING} THEN (ended - begun) / 60.0 END"})


def _deadline(hours):
    return f"bench.worked((begun + 60 * ({hours}))::numeric)"


TABLES = {
    'crm_request': [_requests(TYPES[0], "informs"), _requests(TYPES[1], "NOT informs")],
    'crm_process_run': [_runs(TYPES[0], "informs"), _runs(TYPES[1], "NOT informs")],
    'crm_process_task': [Clone(
        'crm_process_task', '', "bench.task WHERE pattern.id = pattern_id", {
        'id': "task.id", 'res_id': "request_id", 'run_id': "task.run_id",
        'partner_id': "%(partner)s + c", 'state': "task.state", 'date_ready': "received",
        'date_start': "received", 'date_planned_start': "received", 'date_end': "ended_at",
        'date_planned_end': _deadline("pattern.norm_hours"),
        'date_deadline': _deadline("pattern.norm_hours"),
        'date_late': _deadline("pattern.norm_hours + pattern.tolerance_hours"),
        'date_risk': _deadline("0.8 * pattern.norm_hours"), 'date_prediction': "NULL",
        'date_warning': "NULL", 'level_id': "NULL", 'stale': "FALSE", 'duration_hours': "hours",
        'deviation_hours': "CASE WHEN ended_at IS NULL THEN 0 ELSE hours - pattern.norm_hours END",
        'is_late': "ended_at IS NOT NULL AND"
                   " hours - pattern.norm_hours > pattern.tolerance_hours + 0.5 / 3600",
        'create_date': "received", 'write_date': "received"},
        of="run_id IN (%(run_information)s, %(run_complaint)s)")],
}
COMPUTED = {
    'crm.request': ['kind', 'process_id', 'commercial_partner_id', 'email_normalized', 'team_id'],
    'crm.process.task': [
        'process_id', 'partner_id', 'calendar_id', 'duration_hours', 'deviation_hours', 'is_late'],
}


def patterns(env, order):
    """Let Odoo make a request of each type, and return what rows are made after.

    :raise RuntimeError: when the company does not work from 8 to 12 and from 13 to 17 o'clock
    """
    hours = env.company.resource_calendar_id
    if hours.hours_per_day != 8 or hours.tz != 'UTC' or hours.global_leave_ids:
        raise RuntimeError("The company has to work 40 hours a week in UTC, without holidays.")
    found = {'resolution': env['crm.request.resolution'].search([], limit=1)}
    for kind in TYPES:
        request = env['crm.request'].create({
            'name': "Pattern", 'partner_id': order.partner_id.id,
            'type_id': env['crm.request.type'].search([('kind', '=', kind)], limit=1).id})
        env.flush_all()
        found[f'request_{kind}'] = request
        found[f'run_{kind}'] = request.process_task_ids.run_id
    return found
