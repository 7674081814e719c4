"""Several people convert the same requests at once: real processes, committed data."""

import os
import subprocess
import sys
from pathlib import Path

from common import ROOT, cloned_database

from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged
from odoo.tools import config

PEOPLE = ['supervisor1', 'supervisor2']
REQUESTS = 12
CONVERTER = Path(__file__).with_name('request_converter.py')


@tagged('post_install', '-at_install')
class TestConvertRace(BaseCase):

    def test_request_becomes_one_order_however_many_press_the_button(self):
        self._check_one_order_each('convert')

    def test_request_becomes_one_order_however_often_the_system_converts_it(self):
        self._check_one_order_each('automatically')

    def test_who_presses_second_waits_and_is_shown_the_first_order(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'convert') as database:
            self._start(database, 'prepare', '1', *PEOPLE).communicate()
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
            _output, errors = self._start(
                database, 'prepare', str(REQUESTS), *PEOPLE).communicate()
            self.assertEqual(errors, '')
            seen = self._race(database, command)
            made = self._orders(database)
        self.assertEqual(len(made), REQUESTS, "a request has no order, or more than one")
        self.assertEqual(len(dict(made)), REQUESTS)
        self.assertEqual(seen, dict(made), "somebody was shown another order")

    def _orders(self, database):
        connection = db_connect(database)
        with connection.cursor() as cr:
            cr.execute("""
                SELECT request.id, sale_order.id
                  FROM crm_request request JOIN sale_order ON crm_request_id = request.id
                 WHERE request.name = 'Race' AND sale_order.state <> 'cancel'""")
            return cr.fetchall()

    def _race(self, database, command):
        """Let all start at once; return which order each request was shown to have."""
        converters = [self._start(database, command, login) for login in PEOPLE]
        for converter in converters:
            self.assertEqual(converter.stdout.readline(), 'ready\n')
        for converter in converters:
            converter.stdin.write('go\n')
            converter.stdin.flush()
        results = [converter.communicate(timeout=180) for converter in converters]
        self.assertEqual([errors for _output, errors in results], [''] * len(PEOPLE))
        pairs = {line for output, _errors in results for line in output.splitlines()}
        return {int(request): int(order) for request, order in map(str.split, pairs)}

    def _start(self, database, *command):
        return subprocess.Popen(
            [sys.executable, '-W', 'ignore', CONVERTER, config['config'], database, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})
