"""Two people decide on returns at the same moment: real processes, committed data."""

import os

from common import WorkerCase, cloned_database

from odoo.tests import tagged

RETURNS = 25


@tagged('post_install', '-at_install')
class TestReturnRace(WorkerCase):

    worker = 'return_worker.py'

    def test_no_purchase_goes_back_twice_and_no_return_is_overridden_twice(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'return_race') as database:
            first, second = self._work(database, 'prepare', str(RETURNS)).splitlines()
            self._race(database, ['decide', *first.split()], ['decide', *second.split()])
            states = [
                self._work(database, 'ask', *ids.split()).split()[:-1] for ids in (first, second)]
            foreign = self._work(database, 'foreign', str(RETURNS)).split()
            overridden = ' '.join(self._race(
                database, ['override', *foreign], ['override', *foreign])).split()
            *decided, ledger = self._work(database, 'ask', *foreign).split()
        for pair in zip(*states, strict=True):
            self.assertEqual(sorted(pair), ['accepted', 'rejected'])
        self.assertEqual(sorted(overridden), sorted(foreign), "overridden twice, or by nobody")
        self.assertEqual(decided, ['accepted'] * RETURNS)
        self.assertEqual(int(ledger), 2 * RETURNS)
