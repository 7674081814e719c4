"""Several people convert the same requests at once: real processes, committed data."""

import os

from common import WorkerCase, cloned_database

from odoo.sql_db import db_connect
from odoo.tests import tagged

PEOPLE = ['supervisor1', 'supervisor2']
REQUESTS = 12


@tagged('post_install', '-at_install')
class TestConvertRace(WorkerCase):

    worker = 'request_converter.py'
    log_level = 'critical'

    def test_request_becomes_one_order_however_many_press_the_button(self):
        self._check_one_order_each('convert')

    def test_request_becomes_one_order_however_often_the_system_converts_it(self):
        self._check_one_order_each('automatically')

    def test_who_presses_second_waits_and_is_shown_the_first_order(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'convert') as database:
            self._work(database, 'prepare', 1, *PEOPLE)
            first = self._start(database, 'hold', PEOPLE[0])
            second = self._start(database, 'try', PEOPLE[1])
            order = first.stdout.readline()
            self.assertRegex(order, r'^\d+$')
            self.assertEqual(second.stdout.readline(), 'ready\n')
            self.assertEqual(self._tell(second), 'locked\n')
            self.assertEqual(self._tell(first), 'committed\n')
            self.assertEqual(self._tell(second), order)
            for process in (first, second):
                process.communicate(timeout=60)

    def _tell(self, process):
        """Let a process go on, and return what it says to that."""
        process.stdin.write('go\n')
        process.stdin.flush()
        return process.stdout.readline()

    def _check_one_order_each(self, command):
        """Let all convert all requests at once; each has one order, and all saw that one."""
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'convert') as database:
            self._work(database, 'prepare', REQUESTS, *PEOPLE)
            shown = self._race(database, *((command, login) for login in PEOPLE))
            made = self._orders(database)
        self.assertEqual(len(made), REQUESTS, "a request has no order, or more than one")
        self.assertEqual(len(dict(made)), REQUESTS)
        pairs = {line for output in shown for line in output.splitlines()}
        seen = {int(request): int(order) for request, order in map(str.split, pairs)}
        self.assertEqual(seen, dict(made), "somebody was shown another order")

    def _orders(self, database):
        connection = db_connect(database)
        with connection.cursor() as cr:
            cr.execute("""
                SELECT request.id, sale_order.id
                  FROM crm_request request JOIN sale_order ON crm_request_id = request.id
                 WHERE request.name = 'Race' AND sale_order.state <> 'cancel'""")
            return cr.fetchall()
