"""Two colleagues correct the same orders at the same moment: real processes, committed data."""

import os

from common import WorkerCase, cloned_database

from odoo.tests import tagged

ORDERS = 15


@tagged('post_install', '-at_install')
class TestCorrectionRace(WorkerCase):

    worker = 'correction_worker.py'
    # Who comes second is refused by the database, and starts anew.
    log_level = 'critical'

    def _race_with(self, mode):
        """Let two colleagues want 8 and 6 of each order.

        :return: the orders each of them could correct, and how the orders are then
        """
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'correct_race') as database:
            users, orders = (line.split() for line in self._work(
                database, 'prepare', str(ORDERS), mode).splitlines())
            done = self._race(database, *(
                ['correct', user, quantity, *orders]
                for user, quantity in zip(users, ('8', '6'), strict=True)))
            asked = self._work(database, 'ask', *orders).splitlines()
        return [set(output.split()) for output in done], [line.split() for line in asked], orders

    def test_each_correction_follows_the_one_before(self):
        done, asked, orders = self._race_with('at_once')
        for order_id, (quantity, total, count, waiting, first, last, chained) in zip(
                orders, asked, strict=True):
            with self.subTest(order=order_id):
                self.assertEqual(int(count), sum(order_id in corrected for corrected in done))
                self.assertGreaterEqual(int(count), 1, "nobody could correct the order")
                self.assertIn(float(quantity), (8, 6))
                self.assertEqual(float(total), 100 * float(quantity))
                self.assertEqual((float(first), float(last)), (1000, float(total)))
                self.assertEqual((chained, waiting), ('True', '0'))

    def test_one_correction_waits_for_approval(self):
        done, asked, orders = self._race_with('approval')
        for order_id, (quantity, _total, count, waiting, *_rest) in zip(
                orders, asked, strict=True):
            with self.subTest(order=order_id):
                self.assertEqual(sum(order_id in corrected for corrected in done), 1)
                self.assertEqual((float(quantity), count, waiting), (10, '1', '1'))
