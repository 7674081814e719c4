"""R1: eight processes of browsers take orders from one queue, at two servers."""

import collections
import json
import multiprocessing
import time
from contextlib import ExitStack

import bulk
import psycopg2
from common import running_server
from fault import value
from measure import Finding
from session import Refused, Session

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

TITLE = "Orders taken from one queue"
CALLERS, SERVERS = 8, 2
FULL, SMALL = 1_000_000, 2000
# So many wait at the beginning; more are put in before the last is taken.
STOCK = 20000


def measure(faults):
    count = faults.of_dose(SMALL, FULL)
    with faults.clone('picks') as database:
        prepare(database, min(count, STOCK))
        with ExitStack() as stack:
            urls = [stack.enter_context(running_server(database, '--workers', '2'))
                    for _number in range(SERVERS)]
            start = time.monotonic()
            told = take_all(database, urls, count, faults.seconds, faults.say)
            spent = time.monotonic() - start
        left = value(database, "SELECT count(*) FROM sale_order WHERE call_state = 'to_call'")
        held = value(database, "SELECT count(*) FROM sale_order WHERE call_user_id IS NOT NULL")
        made = value(database, "SELECT count(*) FROM sale_order")
    return report(faults, count, told, spent, made, left, held)


def prepare(database, count):
    """Make one order by Odoo, as many after its pattern, and the callers."""
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
        env['res.users'].create([{
            'name': f'caller{number}', 'login': f'caller{number}', 'password': f'caller{number}',
            'group_ids': [Command.set(env.ref('crm_roles.group_order_manager').ids)],
        } for number in range(CALLERS)])
        env['ir.config_parameter'].set_param('crm_calls.hold_minutes', '600')
        order = env['sale.order'].create({
            'partner_id': env['res.partner'].create({'name': "Quinn Carpentry"}).id,
            'order_line': [Command.create({'product_id': env['product.product'].create(
                {'name': "Drill", 'list_price': 100.0}).id})]})
        order.action_confirm()
        env.flush_all()
        add(cr, count - 1)
    Registry.registries.pop(database, None)
    close_db(database)


def add(cr, count):
    """Put more orders into the queue, after the pattern of the first."""
    cr.execute("SELECT min(id) AS pattern, max(id) AS last FROM sale_order")
    pattern, last = cr.fetchone()
    clone = bulk.Clone('sale_order', 'pattern', 'generate_series(1, %(count)s) AS number', {
        'id': "%(last)s + number", 'name': "'F' || (%(last)s + number)", 'access_token': "NULL",
        'call_state': "'to_call'", 'call_user_id': "NULL", 'call_held_at': "NULL",
        'order_manager_id': "NULL", 'next_call_at': "NULL"})
    cr.execute(clone.statement(cr), {'pattern': pattern, 'last': last, 'count': count})
    cr.execute("SELECT setval('sale_order_id_seq', max(id)) FROM sale_order")


def take_all(database, urls, count, seconds, say):
    """Let the callers take orders until so many are taken, or the time is over.

    :return: what each caller saw
    :rtype: list[dict]
    """
    context = multiprocessing.get_context('fork')
    stop, taken = context.Event(), context.Value('q', 0)
    answers = context.Queue()
    callers = [
        context.Process(target=call, args=(
            urls[number % len(urls)], database, f'caller{number}', stop, taken, answers))
        for number in range(CALLERS)]
    for caller in callers:
        caller.start()
    end = time.monotonic() + seconds
    made = value(database, "SELECT count(*) FROM sale_order")
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        while taken.value < count and time.monotonic() < end and any(
                caller.is_alive() for caller in callers):
            time.sleep(0.5)
            if made < count and made - taken.value < STOCK / 2:
                add(cr, STOCK)
                connection.commit()
                made += STOCK
    say(f"{taken.value} orders were taken")
    stop.set()
    told = [json.loads(answers.get(timeout=120)) for _caller in callers]
    for caller in callers:
        caller.join()
    return told


def call(url, database, login, stop, taken, answers):
    """Take one order after the other, and finish each, so that the next one is another."""
    session = Session(url, database, login)
    orders, waits, errors, empty = [], [], collections.Counter(), 0
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    with connection.cursor() as cr:
        while not stop.is_set() and empty < 5:
            start = time.perf_counter()
            try:
                order = session.call('sale.order', 'take_call_desk_order')
            except Refused as error:
                errors[error.name] += 1
                continue
            waits.append(1000 * (time.perf_counter() - start))
            if not order:
                empty += 1
                continue
            orders.append(order['id'])
            cr.execute("UPDATE sale_order SET call_state = 'done', call_user_id = NULL,"
                       " call_held_at = NULL WHERE id = %s", [order['id']])
            with taken.get_lock():
                taken.value += 1
    answers.put(json.dumps({'orders': orders, 'waits': waits, 'errors': errors}))


def report(faults, count, told, spent, made, left, held):
    orders = [order for caller in told for order in caller['orders']]
    waits = sorted(wait for caller in told for wait in caller['waits'])
    errors = sum((collections.Counter(caller['errors']) for caller in told),
                 collections.Counter())
    twice = len(orders) - len(set(orders))
    faults.table("Orders taken", [{
        'processes': CALLERS, 'servers': SERVERS, 'taken': len(orders), 'seconds': round(spent),
        'a second': round(len(orders) / spent), 'median ms': round(waits[len(waits) // 2]),
        'p99 ms': round(waits[int(0.99 * len(waits))]), 'longest ms': round(waits[-1]),
        'errors': ', '.join(errors) or "none"}])
    # What is held was given to somebody whose last order was not finished when the time was over.
    lost = made - left - len(set(orders))
    return [
        Finding("orders taken", f"{count:,}", f"{len(orders):,}", len(orders) >= count),
        Finding("given to two callers", "0", str(twice), not twice),
        Finding("given to nobody, and not waiting any more", "0", str(lost), not lost),
        Finding("still held", "0", str(held), not held),
        Finding("errors shown", "0", str(sum(errors.values())), not errors),
    ]
