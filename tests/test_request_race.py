"""Several people at the service desk: real processes, committed data."""

import os

from common import WorkerCase, cloned_database

from odoo.tests import tagged

PEOPLE = 6
REQUESTS = 60


@tagged('post_install', '-at_install')
class TestRequestRace(WorkerCase):

    worker = 'request_worker.py'

    def test_each_request_is_taken_by_one_and_each_time_given_to_one_visit(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'request_race') as database:
            logins = [f'desk{number}' for number in range(PEOPLE)]
            prepared = self._work(database, 'prepare', str(REQUESTS), *logins)
            waiting, visits = (line.split() for line in prepared.splitlines())
            taken = ' '.join(self._race(database, *(('take', login) for login in logins))).split()
            answers = ' '.join(self._race(
                database, *(('confirm', logins[0], visit) for visit in visits))).split()
        self.assertEqual(len(taken), len(set(taken)), "a request was given to two people")
        self.assertEqual(set(taken), set(waiting), "a request was given to nobody")
        self.assertEqual(sorted(answers), ['confirmed', 'refused'])
