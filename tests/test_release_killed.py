"""The action that gives untouched orders back, killed at each of its commits and run again."""

import os
import subprocess

from common import WorkerCase, cloned_database

from odoo.tests import tagged

ORDERS = 250  # two full batches and a rest
# How many are held, have a manager, were given back, and how many orders that is.
COUNTS = """
    SELECT count(call_user_id), count(order_manager_id),
           (SELECT count(*) FROM crm_manager_change WHERE reason = 'untouched'),
           (SELECT count(DISTINCT order_id) FROM crm_manager_change WHERE reason = 'untouched')
      FROM sale_order
     WHERE id IN (SELECT order_id FROM crm_manager_change WHERE reason = 'taken')
    """


@tagged('post_install', '-at_install')
class TestReleaseKilled(WorkerCase):

    worker = 'release_worker.py'

    def test_killed_action_loses_nothing_and_does_nothing_twice(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'killed') as database:
            self._work(database, 'prepare', ORDERS)
            self.assertEqual(self._counts(database), [ORDERS, ORDERS, 0, 0])
            for commit in (1, 2, 2):
                self._work(database, 'run', commit, dies=True)
                held, managed, given_back, orders = self._counts(database)
                self.assertEqual((managed, given_back), (held, orders), "half done was committed")
                self.assertEqual(held + orders, ORDERS)
            self._work(database, 'run', 0)
            self.assertEqual(self._counts(database), [0, 0, ORDERS, ORDERS])

    def _counts(self, database):
        told = subprocess.run(
            ['psql', '-XAt', '-F', ' ', '-d', database, '-c', COUNTS],
            check=True, capture_output=True, text=True)
        return [int(number) for number in told.stdout.split()]
