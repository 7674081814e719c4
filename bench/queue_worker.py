"""One caller in a process of his own, who takes orders as fast as he can in the way he is told.

Usage: queue_worker.py CONFIG DATABASE LOGIN
Reads lines of JSON: the arm and the seconds. For each it writes a line: the orders taken, the
milliseconds until he had each, and the seconds he slept until he could try again.
"""

import json
import sys
import time
from contextlib import suppress

from psycopg2.errors import SerializationFailure

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Datetime, Domain
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

# By hand: no record rules, no stages, no ledger.
BY_HAND = """
    UPDATE sale_order SET call_user_id = %(user)s, call_held_at = %(now)s
    WHERE id = (
        SELECT id FROM sale_order
        WHERE call_state IN ('callback', 'no_answer', 'to_call')
          AND (next_call_at IS NULL OR next_call_at <= %(now)s)
          AND (call_user_id IS NULL OR call_held_at < %(now)s - interval '30 minutes')
          AND (call_state != 'to_call' OR order_manager_id IS NULL OR order_manager_id = %(user)s)
        ORDER BY call_state, next_call_at, call_value DESC, date_order, id
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""
DONE = """
    UPDATE sale_order SET call_state = 'done', call_user_id = NULL, call_held_at = NULL
    WHERE id = %s
"""


class Caller:
    """Takes orders in one of three ways."""

    def __init__(self, database, login):
        self.registry = Registry(database)
        with self.registry.cursor() as cr:
            users = Environment(cr, SUPERUSER_ID, {})['res.users']
            self.user_id = users.search([('login', '=', login)]).id

    def suite(self):
        with self.registry.cursor() as cr:
            orders = Environment(cr, self.user_id, {})['sale.order']
            return orders._call_next(orders.env.user).id

    def stock(self):
        """Search, lock the first that is free, write; with Odoo's way of trying again."""
        with self.registry.cursor() as cr:
            orders = Environment(cr, self.user_id, {})['sale.order']

            def take():
                queue = orders._call_waiting_domain() & Domain('call_user_id', '=', False)
                order = orders.search(queue, order=orders._call_queue_order, limit=50)
                order = order.try_lock_for_update(limit=1)
                order.write({'call_user_id': self.user_id, 'call_held_at': Datetime.now()})
                return order.id

            while True:
                # Whoever is told that somebody else was faster presses once more.
                with suppress(SerializationFailure):
                    return retrying(take, orders.env)

    def by_hand(self):
        with self.registry.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute(BY_HAND, {'user': self.user_id, 'now': Datetime.now()})
            row = cr.fetchone()
            return row and row[0]

    def finish(self, order_id):
        """Take the order out of the queue, so that the next one is another."""
        with self.registry.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute(DONE, [order_id])

    def call(self, arm, seconds):
        """Take and finish orders for so many seconds."""
        orders, waits = [], []
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            order_id = getattr(self, arm)()
            waits.append(1000 * (time.perf_counter() - start))
            if not order_id:
                break
            orders.append(order_id)
            self.finish(order_id)
        return orders, waits


def count_sleep():
    """Let `time.sleep` add up how long it slept, and return where it does."""
    slept, sleep = [0.0], time.sleep

    def counted(seconds):
        slept[0] += seconds
        sleep(seconds)

    time.sleep = counted
    return slept


def main(config_file, database, login):
    config.parse_config(
        ['--config', config_file, '--database', database, '--log-level', 'critical'])
    caller, slept = Caller(database, login), count_sleep()
    print('ready', flush=True)
    for line in sys.stdin:
        slept[0] = 0.0
        command = json.loads(line)
        orders, waits = caller.call(command['arm'], command['seconds'])
        print(json.dumps({'orders': orders, 'waits': waits, 'slept': slept[0]}), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
