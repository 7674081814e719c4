"""Several order managers at one queue: real processes, committed data."""

import os

from common import WorkerCase, cloned_database

from odoo.tests import tagged

CALLERS = 8
ORDERS = 100


@tagged('post_install', '-at_install')
class TestQueueRace(WorkerCase):

    worker = 'queue_caller.py'

    def test_many_callers_get_every_order_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'race') as database:
            logins = [f'caller{number}' for number in range(CALLERS)]
            waiting = self._work(database, 'prepare', str(ORDERS), *logins)
            told = self._race(database, *(('call', login) for login in logins))
        # Each line is an order and how long its caller waited for it.
        taken = [line.split()[0] for output in told for line in output.splitlines()]
        self.assertEqual(len(taken), len(set(taken)), "an order was given to two callers")
        self.assertEqual(set(taken), set(waiting.split()), "an order was given to nobody")
