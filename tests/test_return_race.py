"""Two people decide on returns at the same moment: real processes, committed data."""

import os
import subprocess
import sys
from pathlib import Path

from common import ROOT, cloned_database

from odoo.tests import BaseCase, tagged
from odoo.tools import config

RETURNS = 25
WORKER = Path(__file__).with_name('return_worker.py')


@tagged('post_install', '-at_install')
class TestReturnRace(BaseCase):

    def test_no_purchase_goes_back_twice_and_no_return_is_overridden_twice(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'return_race') as database:
            first, second = self._run(database, 'prepare', str(RETURNS)).splitlines()
            self._race(database, ['decide', *first.split()], ['decide', *second.split()])
            states = [
                self._run(database, 'ask', *ids.split()).split()[:-1] for ids in (first, second)]
            foreign = self._run(database, 'foreign', str(RETURNS)).split()
            overridden = self._race(
                database, ['override', *foreign], ['override', *foreign])
            *decided, ledger = self._run(database, 'ask', *foreign).split()
        for pair in zip(*states, strict=True):
            self.assertEqual(sorted(pair), ['accepted', 'rejected'])
        self.assertEqual(sorted(overridden), sorted(foreign), "overridden twice, or by nobody")
        self.assertEqual(decided, ['accepted'] * RETURNS)
        self.assertEqual(int(ledger), 2 * RETURNS)

    def _race(self, database, *commands):
        """Let all workers start at once; return the words they print."""
        workers = [self._start(database, *command) for command in commands]
        for worker in workers:
            self.assertEqual(worker.stdout.readline(), 'ready\n')
        for worker in workers:
            worker.stdin.write('go\n')
            worker.stdin.flush()
        results = [worker.communicate(timeout=180) for worker in workers]
        self.assertEqual([errors for _output, errors in results], [''] * len(commands))
        return ' '.join(output for output, _errors in results).split()

    def _run(self, database, *command):
        output, errors = self._start(database, *command).communicate(timeout=180)
        self.assertEqual(errors, '')
        return output

    def _start(self, database, *command):
        return subprocess.Popen(
            [sys.executable, '-W', 'ignore', WORKER, config['config'], database, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})
