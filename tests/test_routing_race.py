"""Requests that come in by several processes at once: real processes, committed data."""

import os
from collections import Counter

from common import WorkerCase, cloned_database

from odoo.tests import tagged

DOORS, REQUESTS, PEOPLE = 4, 15, 5


@tagged('post_install', '-at_install')
class TestRoutingRace(WorkerCase):

    worker = 'routing_worker.py'

    def _given(self, distribution):
        """Return to whom requests were given that came in by several doors at once."""
        with cloned_database(
                os.environ['CRM_TEST_TEMPLATE'], f'routing_{distribution}') as database:
            self._work(database, 'prepare', distribution, PEOPLE)
            self._race(database, *([('receive', REQUESTS)] * DOORS))
            told = self._work(database, 'tell')
        return [line.split() for line in told.splitlines()]

    def test_least_loaded_stays_even_however_many_come_in_at_once(self):
        given = Counter(login for login, _number in self._given('load'))
        self.assertEqual(len(given), PEOPLE)
        self.assertEqual(set(given.values()), {DOORS * REQUESTS // PEOPLE})

    def test_everybody_has_his_turn_before_anybody_has_the_next(self):
        given = self._given('turn')
        numbers = [int(number) for _login, number in given]
        self.assertEqual(len(numbers), len(set(numbers)), "two requests were given as one")
        for start in range(0, len(given), PEOPLE):
            self.assertEqual(
                len({login for login, _number in given[start:start + PEOPLE]}), PEOPLE)
