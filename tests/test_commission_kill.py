"""Commissions are brought up to date by processes that are killed: real ones, committed data."""

import os
import signal
import time

from common import WorkerCase, cloned_database

from odoo.sql_db import close_db, db_connect
from odoo.tests import tagged

# A little over two batches: killed before, between and after them.
ORDERS = 230


@tagged('post_install', '-at_install')
class TestCommissionKill(WorkerCase):

    worker = 'commission_updater.py'

    def test_killed_updates_lose_nothing_and_do_nothing_twice(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'commission') as database:
            try:
                self._work(database, 'prepare', ORDERS)
                self.assertEqual(self._standing(database), (ORDERS, 0, 0))
                for done, locked in ((0, True), (1, False), (101, True)):
                    self._kill_when(database, done, locked)
                    due, orders, entries = self._standing(database)
                    self.assertEqual((orders, entries), (ORDERS - due, ORDERS - due))
                self.assertLess(due, ORDERS - 100)
                self._finish_by_two(database)
                self.assertEqual(self._standing(database), (0, ORDERS, ORDERS))
                self._work(database, 'update')
                self.assertEqual(self._standing(database), (0, ORDERS, ORDERS))
            finally:
                close_db(database)

    def _kill_when(self, database, done, locked):
        """Start an update and kill it as soon as so many orders are done.

        With `locked`, in the middle of the next batch, else wherever it is then.
        """
        process = self._start(database, 'update')
        deadline = time.monotonic() + 60
        while not (
            self._standing(database)[1] >= done
            and (not locked or self._is_at_work(database))
        ):
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)
        process.kill()
        process.communicate()
        self.assertEqual(process.returncode, -signal.SIGKILL)

    def _is_at_work(self, database):
        """Return whether somebody holds orders that are brought up to date."""
        with db_connect(database).cursor() as cr:
            cr.execute("""
                SELECT count(*) FROM pg_locks
                WHERE relation = 'sale_order'::regclass AND mode = 'RowExclusiveLock'""")
            return bool(cr.fetchone()[0])

    def _finish_by_two(self, database):
        for process in [self._start(database, 'update') for _number in range(2)]:
            _output, errors = process.communicate(timeout=120)
            self.assertEqual(errors, '')

    def _standing(self, database):
        """Return how many orders are due, how many have commissions, and how many of those."""
        with db_connect(database).cursor() as cr:
            cr.execute("""
                SELECT (SELECT count(*) FROM sale_order WHERE commission_due),
                       count(DISTINCT order_id), count(*)
                FROM crm_commission_entry WHERE amount = 10""")
            return cr.fetchone()
