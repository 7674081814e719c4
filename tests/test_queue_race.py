"""Several order managers at one queue: real processes, committed data."""

import os
import subprocess
import sys
from pathlib import Path

from common import ROOT, cloned_database

from odoo.tests import BaseCase, tagged
from odoo.tools import config

CALLERS = 8
ORDERS = 500
CALLER = Path(__file__).with_name('queue_caller.py')


@tagged('post_install', '-at_install')
class TestQueueRace(BaseCase):

    def test_many_callers_get_every_order_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'race') as database:
            logins = [f'caller{number}' for number in range(CALLERS)]
            waiting, errors = self._start(database, 'prepare', str(ORDERS), *logins).communicate()
            self.assertEqual(errors, '')
            picks = self._race(database, logins)
        taken = [order for order, _milliseconds in picks]
        self.assertEqual(len(taken), len(set(taken)), "an order was given to two callers")
        self.assertEqual(set(taken), set(waiting.split()), "an order was given to nobody")

    def _race(self, database, logins):
        """Let all callers start at once; return what they took, as pairs of order and wait."""
        callers = [self._start(database, 'call', login) for login in logins]
        for caller in callers:
            self.assertEqual(caller.stdout.readline(), 'ready\n')
        for caller in callers:
            caller.stdin.write('go\n')
            caller.stdin.flush()
        results = [caller.communicate(timeout=120) for caller in callers]
        self.assertEqual([errors for _output, errors in results], [''] * CALLERS)
        return [line.split() for output, _errors in results for line in output.splitlines()]

    def _start(self, database, *command):
        return subprocess.Popen(
            [sys.executable, '-W', 'ignore', CALLER, config['config'], database, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})
