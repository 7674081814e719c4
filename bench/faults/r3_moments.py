"""R3: how long after its moment a warning is raised, and a held order is given back.

What is noted of a time is when the action looked at it.
"""

import time

import r1_picks
from common import running_server
from fault import rows, value
from measure import Finding
from warning_worker import prepare

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

TITLE = "Delay of warnings and of giving back"
OPEN, DUE = 100_000, 600
# Seconds until the first moment: the server has done by then what it does when it starts.
LEAD, NORM_HALF = 90, "interval '4 hours'"
WAIT = 100
FAR_STEPS = """
    WITH made AS (
        INSERT INTO crm_process_run (
            process_id, res_model, res_id, company_id, state, date_start, create_uid, create_date)
        SELECT task.process_id, 'crm.lead', 1000000 + number, task.company_id, 'open', now(), 1,
               now()
        FROM (SELECT * FROM crm_process_task ORDER BY id LIMIT 1) task,
             generate_series(1, %(count)s) number
        RETURNING id, res_id, process_id, company_id
    )
    INSERT INTO crm_process_task (
        run_id, process_id, step_id, res_model, res_id, company_id, state, date_ready, date_start,
        date_deadline, date_warning, create_uid, create_date)
    SELECT made.id, made.process_id, %(step)s, 'crm.lead', made.res_id, made.company_id, 'running',
           moment, moment, moment + interval '8 hours', moment + interval '4 hours', 1, moment
    FROM made, (SELECT now() AT TIME ZONE 'UTC' AS moment) clock
"""


def measure(faults):
    spread = faults.of_dose(60, 180)
    with faults.clone('moments') as database:
        leads = Registry(database)
        prepare(leads, DUE)
        with leads.cursor() as cr:
            cr.execute("SELECT max(id) FROM crm_process_step")
            cr.execute(FAR_STEPS, {'count': OPEN, 'step': cr.fetchone()[0]})
        hold_orders(leads)
        with leads.cursor() as cr:
            set_moments(cr, spread)
        Registry.registries.pop(database, None)
        close_db(database)
        with running_server(database, '--max-cron-threads', '2'):
            end = time.monotonic() + LEAD + spread + WAIT
            while time.monotonic() < end and waiting(database):
                time.sleep(2)
            never = waiting(database)
        return report(faults, database, spread, never)


def hold_orders(registry):
    """Make orders of which some are held by somebody who only looks at them."""
    database = registry.db_name
    r1_picks.prepare(database, OPEN)
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
        env['ir.config_parameter'].set_param('crm_calls.hold_minutes', '30')
        holder = env['res.users'].create({
            'name': "Holder", 'login': 'holder',
            'group_ids': [Command.set(env.ref('crm_roles.group_order_manager').ids)]})
        orders = env['sale.order'].search([], order='id', limit=DUE).with_user(holder)
        orders._write_hold(holder.id)
        orders._take_unmanaged()


def set_moments(cr, spread):
    """Spread what is due over so many seconds, and write down when each is."""
    cr.execute(f"""
        CREATE TABLE fault_moment AS
        SELECT 'warning' AS kind, id, date_trunc('second', now() AT TIME ZONE 'UTC')
               + interval '1 second' * ({LEAD} + {spread} * (row_number() OVER (ORDER BY id) - 1)
                                        / {DUE}) AS moment
        FROM crm_process_task WHERE date_end IS NULL AND res_id < 1000000
        UNION ALL
        SELECT 'order', id, date_trunc('second', now() AT TIME ZONE 'UTC')
               + interval '1 second' * ({LEAD} + {spread} * (row_number() OVER (ORDER BY id) - 1)
                                        / {DUE})
        FROM sale_order WHERE call_user_id IS NOT NULL
    """)
    cr.execute(f"""
        UPDATE crm_process_task SET date_warning = moment, date_start = moment - {NORM_HALF},
               date_ready = moment - {NORM_HALF}, date_deadline = moment + {NORM_HALF}
        FROM fault_moment WHERE kind = 'warning' AND fault_moment.id = crm_process_task.id
    """)
    cr.execute("""
        UPDATE sale_order SET call_held_at = moment - interval '30 minutes', write_uid = 1
        FROM fault_moment WHERE kind = 'order' AND fault_moment.id = sale_order.id
    """)
    cr.execute("""
        UPDATE crm_manager_change SET date = call_held_at
        FROM sale_order WHERE sale_order.id = order_id AND reason = 'taken'
          AND call_user_id IS NOT NULL
    """)


def waiting(database):
    """Return how much of what has a moment was not done."""
    return value(database, """
        SELECT (SELECT count(*) FROM fault_moment WHERE kind = 'warning' AND NOT EXISTS (
                    SELECT FROM crm_process_warning WHERE task_id = fault_moment.id
                    AND date_sent IS NOT NULL))
             + (SELECT count(*) FROM fault_moment WHERE kind = 'order' AND NOT EXISTS (
                    SELECT FROM crm_manager_change WHERE order_id = fault_moment.id
                    AND reason = 'untouched'))""")


DELAYS = {
    "warning raised": """
        SELECT extract(epoch FROM date_raised - moment) FROM fault_moment
        JOIN crm_process_warning ON task_id = fault_moment.id
        WHERE fault_moment.kind = 'warning'""",
    "warning told": """
        SELECT extract(epoch FROM date_sent - moment) FROM fault_moment
        JOIN crm_process_warning ON task_id = fault_moment.id
        WHERE fault_moment.kind = 'warning' AND date_sent IS NOT NULL""",
    "order given back": """
        SELECT extract(epoch FROM change.create_date - moment) FROM fault_moment
        JOIN crm_manager_change change ON change.order_id = fault_moment.id
        WHERE fault_moment.kind = 'order' AND change.reason = 'untouched'""",
}


def report(faults, database, spread, never):
    seen = {name: sorted(float(delay) for delay, in rows(database, query))
            for name, query in DELAYS.items()}
    faults.table("Seconds from the moment on", [
        {'what': name, 'done': len(delays), 'median': round(delays[len(delays) // 2], 1),
         'first': round(delays[0], 1), 'p99': p99(delays), 'longest': round(delays[-1], 1),
         'too early': early(delays)}
        for name, delays in seen.items()],
        f"{DUE} moments of each kind within {spread} s, {OPEN:,} open steps and orders, one server "
        "with two threads for scheduled actions")
    return [
        Finding("moments passed by", "0", str(never), not never),
        *(Finding(f"{name}, p99 after the moment", "at most 60 s", f"{p99(delays)} s",
                  p99(delays) <= 60) for name, delays in seen.items()),
        *(Finding(f"{name} more than once", "0", str(len(delays) - DUE), len(delays) == DUE)
          for name, delays in seen.items()),
        Finding("something before its moment", "0", str(sum(map(early, seen.values()))),
                not any(map(early, seen.values())))]


def p99(delays):
    return round(delays[int(0.99 * len(delays))], 1)


def early(delays):
    return sum(delay < 0 for delay in delays)
