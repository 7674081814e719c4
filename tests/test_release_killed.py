"""The action that gives untouched orders back, killed at each of its commits and run again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from common import ROOT, cloned_database

from odoo.tests import BaseCase, tagged
from odoo.tools import config

ORDERS = 250  # two full batches and a rest
WORKER = Path(__file__).with_name('release_worker.py')
# How many are held, have a manager, were given back, and how many orders that is.
COUNTS = """
    SELECT count(call_user_id), count(order_manager_id),
           (SELECT count(*) FROM crm_manager_change WHERE reason = 'untouched'),
           (SELECT count(DISTINCT order_id) FROM crm_manager_change WHERE reason = 'untouched')
      FROM sale_order
     WHERE id IN (SELECT order_id FROM crm_manager_change WHERE reason = 'taken')
    """


@tagged('post_install', '-at_install')
class TestReleaseKilled(BaseCase):

    def test_killed_action_loses_nothing_and_does_nothing_twice(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'killed') as database:
            self._work(database, 'prepare', str(ORDERS))
            self.assertEqual(self._counts(database), [ORDERS, ORDERS, 0, 0])
            for commit in (1, 2, 2):
                killed = self._start(database, 'run', str(commit))
                self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
                held, managed, given_back, orders = self._counts(database)
                self.assertEqual((managed, given_back), (held, orders), "half done was committed")
                self.assertEqual(held + orders, ORDERS)
            self._work(database, 'run', '0')
            self.assertEqual(self._counts(database), [0, 0, ORDERS, ORDERS])

    def _counts(self, database):
        told = subprocess.run(
            ['psql', '-XAt', '-F', ' ', '-d', database, '-c', COUNTS],
            check=True, capture_output=True, text=True)
        return [int(number) for number in told.stdout.split()]

    def _work(self, database, *command):
        done = self._start(database, *command)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def _start(self, database, *command):
        return subprocess.run(
            [sys.executable, '-W', 'ignore', WORKER, config['config'], database, *command],
            capture_output=True, text=True,
            env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})
