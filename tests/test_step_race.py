"""The steps of campaigns done by several processes at the same moment."""

import os

from common import WorkerCase, cloned_database

from odoo.tests import tagged

CUSTOMERS = 1300
SEATS = 3


@tagged('post_install', '-at_install')
class TestStepRace(WorkerCase):

    worker = 'step_worker.py'

    def test_no_customer_is_reached_twice_nor_more_often_than_allowed(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'steps') as database:
            self._work(database, 'prepare', str(CUSTOMERS))
            self._race(database, *[('run',)] * 4)
            touches, twice, called, most = map(int, self._work(database, 'tell').split())
        self.assertEqual(touches, 2 * CUSTOMERS)
        self.assertEqual(twice, 0, "a step has reached a customer twice")
        self.assertEqual((called, most), (CUSTOMERS, 1), "the limit of the company is passed")


@tagged('post_install', '-at_install')
class TestSeatRace(WorkerCase):

    worker = 'step_worker.py'
    # Who comes second is refused by the database, and starts anew.
    log_level = 'critical'

    def test_last_seats_are_given_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'seats') as database:
            touches = self._work(database, 'invite', 2 * SEATS).split()
            accepted = self._race(database, *(
                ['accept', *touches[worker::2]] for worker in range(2)))
            guests, tickets = map(int, self._work(database, 'guests').split())
        self.assertEqual(len(' '.join(accepted).split()), SEATS)
        self.assertEqual((guests, tickets), (SEATS, SEATS), "more guests than seats")
