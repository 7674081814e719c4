"""Rules that make requests in processes that die, or that run at the same time."""

import os
import signal

import psycopg2
from common import WorkerCase, cloned_database

from odoo.tests import tagged

CUSTOMERS = 250
RUNNERS = 4


@tagged('post_install', '-at_install')
class TestRequestRulesRace(WorkerCase):

    worker = 'request_rule_worker.py'

    def _survives(self, database, *command):
        """Return whether a worker comes to its end, or is killed."""
        worker = self._start(database, *command)
        _output, errors = worker.communicate(timeout=180)
        self.assertEqual(errors, '')
        self.assertIn(worker.returncode, (0, -signal.SIGKILL))
        return not worker.returncode

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
            self._work(database, 'prepare', CUSTOMERS)
            made, alive, commit = [], False, 0
            while not alive:
                commit += 1
                alive = self._survives(database, 'nightly', commit)
                standing = self._standing(database)
                self.assertEqual(len(set(standing)), 1, "half done or done twice")
                made.append(standing[0])
            self.assertGreater(commit, 2, "it never died with work to do")
            self.assertEqual(made, sorted(made))
            self.assertLess(made[0], CUSTOMERS)
            self.assertEqual(made[-1], CUSTOMERS)
            self._work(database, 'nightly', 0)
            self.assertEqual(self._standing(database), (CUSTOMERS,) * 3)

    def test_several_at_once_make_one_request_of_a_customer(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'rules_race') as database:
            self._work(database, 'prepare', 60)
            said = self._race(database, *([('run',)] * RUNNERS))
            self.assertEqual(set(said) - {'done\n', 'refused\n'}, set())
            self.assertIn('done\n', said)
            self.assertEqual(self._standing(database), (60,) * 3)
