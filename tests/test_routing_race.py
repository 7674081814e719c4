"""Requests that come in by several processes at once: real processes, committed data."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from common import ROOT, cloned_database

from odoo.tests import BaseCase, tagged
from odoo.tools import config

WORKER = Path(__file__).with_name('routing_worker.py')
DOORS, REQUESTS, PEOPLE = 4, 15, 5


@tagged('post_install', '-at_install')
class TestRoutingRace(BaseCase):

    def _given(self, distribution):
        """Return to whom requests were given that came in by several doors at once."""
        with cloned_database(
                os.environ['CRM_TEST_TEMPLATE'], f'routing_{distribution}') as database:
            self._finish(self._start(database, 'prepare', distribution, PEOPLE))
            doors = [self._start(database, 'receive', REQUESTS) for _door in range(DOORS)]
            for door in doors:
                self.assertEqual(door.stdout.readline(), 'ready\n')
            for door in doors:
                door.stdin.write('go\n')
                door.stdin.flush()
            for door in doors:
                self._finish(door)
            told = self._finish(self._start(database, 'tell'))
        return [line.split() for line in told.splitlines()]

    def test_least_loaded_stays_even_however_many_come_in_at_once(self):
        given = Counter(login for login, _number in self._given('load'))
        self.assertEqual(len(given), PEOPLE)
        self.assertEqual(set(given.values()), {DOORS * REQUESTS // PEOPLE})

    def test_everybody_has_his_turn_before_anybody_has_the_next(self):
        given = self._given('turn')
        numbers = [int(number) for _login, number in given]
        self.assertEqual(len(numbers), len(set(numbers)), "two requests were given as one")
        for start in range(0, len(given), PEOPLE):
            self.assertEqual(
                len({login for login, _number in given[start:start + PEOPLE]}), PEOPLE)

    def _start(self, database, *command):
        return subprocess.Popen(
            [sys.executable, '-W', 'ignore', WORKER, config['config'], database,
             *map(str, command)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})

    def _finish(self, process):
        output, errors = process.communicate(timeout=240)
        self.assertEqual((process.returncode, errors), (0, ''))
        return output
