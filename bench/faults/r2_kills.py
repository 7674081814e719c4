"""R2: every scheduled action is killed at each commit and at random moments; servers are, too."""

import os
import random
import signal
import threading
import time

import psycopg2
import r1_picks
from action_killer import run, standing_of, wait_for
from common import ADDONS, start_server
from fault import rows, value
from killed_actions import ACTIONS, SIMPLE, Untouched, uncovered
from measure import Finding
from nursery import move_to

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

TITLE = "Scheduled actions killed, and servers"
HELD = 12000
CONTEXT = {'tracking_disable': True, 'no_reset_password': True}


def measure(faults):
    lot, kills = random.Random(faults.seed), faults.of_dose(1, 8)
    registry = Registry(faults.database)
    with registry.cursor() as cr:
        missing = uncovered(Environment(cr, SUPERUSER_ID, {}), ADDONS)
    seen, end = [], time.monotonic() + faults.seconds
    for name, action in sorted(ACTIONS.items(), key=lambda item: item[0] not in SIMPLE):
        if time.monotonic() > end:
            break
        seen.append({'action': name, **kill(faults, registry, action, lot, kills)})
        faults.say(f"{name}: {seen[-1]}")
    faults.table("Each action, killed and run again", seen)
    at_random = sum(row['at random'] for row in seen)
    wrong = [row['action'] for row in seen if row['in the end'] != "as if never killed"]
    return [
        Finding("scheduled actions with nothing to kill them at", "0", ', '.join(missing) or "0",
                not missing),
        Finding("actions killed in the time given", str(len(ACTIONS)), str(len(seen)),
                len(seen) == len(ACTIONS)),
        Finding("kills at a commit", "some of each action",
                str(sum(row['at a commit'] for row in seen)),
                all(row['at a commit'] for row in seen)),
        Finding("kills at a random moment", f"{len(ACTIONS) * kills}", str(at_random),
                at_random >= faults.of_dose(len(ACTIONS) // 2, 200)),
        Finding("actions that lost something or did it twice", "0", ', '.join(wrong) or "0",
                not wrong),
        *kill_server(faults)]


def kill(faults, registry, action, lot, kills):
    """Kill an action at each commit, and in another copy at random; tell what was left.

    :rtype: dict
    """
    with faults.clone('killed') as database:
        settle(registry, database)
        with registry.cursor() as cr:
            action.prepare(Environment(cr, SUPERUSER_ID, CONTEXT))
        sql_db.close_all()
        with faults.clone_of(database, 'random') as other:
            start, deaths = time.monotonic(), 0
            while work(registry, action, deaths + 1):
                deaths += 1
            spent, end = time.monotonic() - start, standing_of(registry, action)
            work(registry, action)
            again = standing_of(registry, action)
            settle(registry, other)
            at_random = 0
            for _kill in range(kills):
                at_random += bool(work(
                    registry, action, life=lot.uniform(0, spent / max(kills, deaths + 1))))
            work(registry, action)
            left = standing_of(registry, action)
            settle(registry, faults.database)
    return {
        'at a commit': deaths, 'at random': at_random,
        'in the end': "as if never killed" if again == end == left else f"{end} {again} {left}"}


def settle(registry, database):
    """Let what is loaded be of another copy of the database."""
    sql_db.close_all()
    if registry.db_name != database:
        move_to(database)


def work(registry, action, kill_after=0, life=None):
    """Run the action in a process of its own; return by which signal it has died, else 0.

    :param int kill_after: number of the commit after which it dies; 0: never
    :param float life: after so many seconds it dies
    """
    sql_db.close_all()
    process = os.fork()
    if not process:
        try:
            run(registry, action, kill_after)
        finally:
            os._exit(1)
    timer = threading.Timer(life or 0, os.kill, (process, signal.SIGKILL))
    if life is not None:
        timer.start()
    died = wait_for(process)
    timer.cancel()
    if died < 0:
        raise RuntimeError(f"{action.method} failed")
    return died


def kill_server(faults):
    """Kill the one of two servers that is at work; tell when the other one goes on."""
    with faults.clone('servers') as database:
        hold(database)
        servers = [start_server(database, '--max-cron-threads', '1')[0] for _number in range(2)]
        try:
            trigger(database)
            os.kill(at_work(database), signal.SIGKILL)
            killed, done = time.monotonic(), settled(database)
            while returned(database) == done and time.monotonic() - killed < 200:
                time.sleep(0.1)
            waited = time.monotonic() - killed
            while value(database, "SELECT count(call_user_id) FROM sale_order") and (
                    time.monotonic() - killed < 300):
                time.sleep(0.5)
        finally:
            for server in servers:
                server.kill()
                server.wait()
        [[held, managed, changes]] = rows(database, Untouched.standing)
        orders = value(database, "SELECT count(DISTINCT order_id) FROM crm_manager_change"
                                 " WHERE reason = 'untouched'")
    faults.table("A server killed while it gives orders back", [{
        'orders': HELD, 'given back when it died': done,
        'the other went on after': f"{waited:.1f} s",
        'still held': held, 'given back': changes, 'of them different': orders}])
    return [
        Finding("after the death of a server the other goes on", "within 61 s", f"{waited:.1f} s",
                waited <= 61),
        Finding("given back by both servers, each once", str(HELD), str(orders),
                (held, managed, changes, orders) == (0, 0, HELD, HELD))]


def hold(database):
    """Make many orders that were taken and left untouched."""
    r1_picks.prepare(database, HELD)
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, CONTEXT)
        env['ir.config_parameter'].set_param('crm_calls.hold_minutes', '30')
        holder = env['res.users'].create({
            'name': "Holder", 'login': 'holder',
            'group_ids': [Command.set(env.ref('crm_roles.group_order_manager').ids)]})
        orders = env['sale.order'].search([], limit=HELD).with_user(holder)
        orders._write_hold(holder.id)
        orders._take_unmanaged()
        cr.execute("UPDATE sale_order SET write_uid = 1,"
                   " call_held_at = call_held_at - interval '1 hour'")
        # It begins when it is told to, not when a server happens to look.
        env.ref('crm_order_manager.ir_cron_release_untouched').nextcall = '2100-01-01'
    Registry.registries.pop(database, None)
    close_db(database)


def trigger(database):
    """Wake up the servers for the action, as the suite does for what is to be done at once."""
    with Registry(database).cursor() as cr:
        Environment(cr, SUPERUSER_ID, {}).ref(
            'crm_order_manager.ir_cron_release_untouched')._trigger()
    Registry.registries.pop(database, None)
    close_db(database)


def at_work(database):
    """Wait until orders are given back; return the id of the process that does it.

    Odoo tells the database in the name of a connection whose it is.

    :raise TimeoutError: if nobody does it within two minutes
    """
    end = time.monotonic() + 120
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        connection.autocommit = True
        while time.monotonic() < end:
            cr.execute("""
                SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)
                WHERE relation = 'crm_manager_change'::regclass AND mode = 'RowExclusiveLock'
                  AND application_name LIKE 'odoo-%'
                  AND EXISTS (SELECT FROM crm_manager_change WHERE reason = 'untouched')""")
            if found := cr.fetchone():
                return int(found[0].split('-')[1])
    raise TimeoutError("No server gives orders back.")


def returned(database):
    return value(
        database, "SELECT count(*) FROM crm_manager_change WHERE reason = 'untouched'")


def settled(database):
    """Return how many are given back once the database knows that the server is dead."""
    time.sleep(0.3)
    return returned(database)
