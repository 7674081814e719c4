"""Rules that make requests in processes that die, or that run at the same time."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
from common import ROOT, cloned_database

from odoo.tests import BaseCase, tagged
from odoo.tools import config

WORKER = Path(__file__).with_name('request_rule_worker.py')
CUSTOMERS = 250
RUNNERS = 4


@tagged('post_install', '-at_install')
class TestRequestRulesRace(BaseCase):

    def _start(self, database, *command):
        return subprocess.Popen(
            [sys.executable, '-W', 'ignore', WORKER, config['config'], database, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})

    def _do(self, database, *command):
        """Run a worker to its end, and return by which signal it died, 0 for none."""
        worker = self._start(database, *command)
        _output, errors = worker.communicate(timeout=300)
        self.assertEqual(errors, '')
        return -worker.returncode

    def _standing(self, database):
        """Return how many requests the rule has made, of how many customers, how many numbers."""
        with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
            cr.execute("""
                SELECT count(*), count(DISTINCT commercial_partner_id), count(DISTINCT number)
                  FROM crm_request WHERE rule_id IS NOT NULL AND channel = 'rule'
                   AND rule_id = (SELECT max(id) FROM crm_request_rule)""")
            return cr.fetchone()

    def test_killed_at_any_commit_it_makes_each_request_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'rules_killed') as database:
            self._do(database, 'prepare', str(CUSTOMERS))
            made, died, commit = [], signal.SIGKILL, 0
            while died:
                commit += 1
                died = self._do(database, 'nightly', str(commit))
                standing = self._standing(database)
                self.assertEqual(len(set(standing)), 1, "half done or done twice")
                made.append(standing[0])
            self.assertGreater(commit, 2, "it never died with work to do")
            self.assertEqual(made, sorted(made))
            self.assertLess(made[0], CUSTOMERS)
            self.assertEqual(made[-1], CUSTOMERS)
            self._do(database, 'nightly', '0')
            self.assertEqual(self._standing(database), (CUSTOMERS,) * 3)

    def test_several_at_once_make_one_request_of_a_customer(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'rules_race') as database:
            self._do(database, 'prepare', '60')
            runners = [self._start(database, 'run') for _number in range(RUNNERS)]
            for runner in runners:
                self.assertEqual(runner.stdout.readline(), 'ready\n')
            for runner in runners:
                runner.stdin.write('go\n')
                runner.stdin.flush()
            results = [runner.communicate(timeout=300) for runner in runners]
            said = [output for output, _errors in results]
            self.assertEqual(set(said) - {'done\n', 'refused\n'}, set())
            self.assertIn('done\n', said)
            self.assertEqual(self._standing(database), (60,) * 3)
