"""Several people at the service desk: real processes, committed data."""

import os
import subprocess
import sys
from pathlib import Path

from common import ROOT, cloned_database

from odoo.tests import BaseCase, tagged
from odoo.tools import config

PEOPLE = 6
REQUESTS = 60
WORKER = Path(__file__).with_name('request_worker.py')


@tagged('post_install', '-at_install')
class TestRequestRace(BaseCase):

    def test_each_request_is_taken_by_one_and_each_time_given_to_one_visit(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'request_race') as database:
            logins = [f'desk{number}' for number in range(PEOPLE)]
            prepared, errors = self._start(
                database, 'prepare', str(REQUESTS), *logins).communicate()
            self.assertEqual(errors, '')
            waiting, visits = (line.split() for line in prepared.splitlines())
            taken = self._race(database, [('take', login) for login in logins])
            answers = self._race(
                database, [('confirm', logins[0], visit) for visit in visits])
        self.assertEqual(len(taken), len(set(taken)), "a request was given to two people")
        self.assertEqual(set(taken), set(waiting), "a request was given to nobody")
        self.assertEqual(sorted(answers), ['confirmed', 'refused'])

    def _race(self, database, commands):
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

    def _start(self, database, *command):
        return subprocess.Popen(
            [sys.executable, '-W', 'ignore', WORKER, config['config'], database, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})
