"""What processes learn and suggest, killed at each of its commits and run again."""

import os
import subprocess

from common import WorkerCase, cloned_database

from odoo.tests import tagged

PROCESSES = 3
OPEN = 5  # documents under way in each process, planned before anything is learnt
STATISTICS = 2  # of each process: the step, and the step with such customers
# Without a history a step is at risk from 80 % of its norm on; when none was ever late, not before
# the deadline.
COUNTS = """
    SELECT (SELECT count(date_learnt) FROM crm_process),
           (SELECT count(*) FROM crm_process_statistic),
           (SELECT count(*) FROM crm_process_task WHERE date_risk = date_deadline),
           (SELECT count(date_examined) FROM crm_process),
           (SELECT count(*) FROM crm_process_suggestion)
    """


@tagged('post_install', '-at_install')
class TestLearningKilled(WorkerCase):

    worker = 'learning_worker.py'

    def test_killed_actions_go_on_where_they_stopped(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'learning') as database:
            self._work(database, 'prepare', PROCESSES)
            self.assertEqual(self._counts(database), [0, 0, 0, 0, 0])
            for commit, learnt in ((1, 0), (2, 1), (2, 2), (0, 3)):
                self._run(database, 'learn', commit)
                self.assertEqual(
                    self._counts(database), [learnt, STATISTICS * learnt, OPEN * learnt, 0, 0])
            for commit, examined in ((2, 1), (2, 2), (0, 3)):
                self._run(database, 'suggest', commit)
                self.assertEqual(self._counts(database)[3:], [examined, examined])
            done = self._counts(database)
            self._work(database, 'again')
            for command, commit in (
                    ('learn', 2), ('learn', 0), ('suggest', 3), ('suggest', 0)):
                self._run(database, command, commit)
            self.assertEqual(self._counts(database), done)

    def _run(self, database, command, commit):
        """Run an action, which is killed after so many commits, 0 for never."""
        self._work(database, command, commit, dies=bool(commit))

    def _counts(self, database):
        told = subprocess.run(
            ['psql', '-XAt', '-F', ' ', '-d', database, '-c', COUNTS],
            check=True, capture_output=True, text=True)
        return [int(number) for number in told.stdout.split()]
