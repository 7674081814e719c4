"""Bills of one customer posted and folded at the same moment: real processes, committed data."""

import json
import os

from common import WorkerCase, cloned_database

from odoo.tests import tagged

PROCESSES, BILLS = 3, 12


@tagged('post_install', '-at_install')
class TestSalesFactsRace(WorkerCase):

    worker = 'bill_poster.py'
    # Odoo numbers bills one after the other; who comes second tries again.
    log_level = 'critical'

    def test_what_is_posted_and_folded_at_once_is_counted_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'facts') as database:
            self._work(database, 'prepare', PROCESSES, BILLS)
            self._race(
                database, *(('post', number) for number in range(PROCESSES)), ('fold', 40),
                ('fold', 40))
            told = json.loads(self._work(database, 'tell'))
        count = PROCESSES * BILLS
        self.assertEqual(told, {
            'sold': [count, 100.0 * count, 60.0 * count], 'differences': 0, 'facts': 1,
            'waiting': 0})
