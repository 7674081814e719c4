"""The action that warns of late steps: killed at its commits, and run by two servers at once."""

import os

from common import WorkerCase, cloned_database

from odoo.sql_db import close_db, db_connect
from odoo.tests import tagged

STEPS = 90  # two full batches of the worker and a rest, of two people


@tagged('post_install', '-at_install')
class TestWarningKill(WorkerCase):

    worker = 'warning_worker.py'

    def test_killed_action_loses_nothing_and_tells_nothing_twice(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'warnkill') as database:
            self._work(database, 'prepare', STEPS)
            self.assertEqual(self._counts(database), [STEPS, 0, 0, 0, 0, 0])
            # After the first batch, after the second, after the last, after the first mail.
            for commits, expected in (
                (2, [50, 40, 40, 0, 0, 0]),
                (2, [10, 80, 80, 0, 0, 0]),
                (2, [0, 90, 90, 0, 0, 0]),
                (2, [0, 90, 90, 45, 1, 1]),
            ):
                self._work(database, 'run', commits, dies=True)
                self.assertEqual(self._counts(database), expected)
            for _again in range(2):
                self._work(database, 'run', 0)
                self.assertEqual(self._counts(database), [0, STEPS, STEPS, STEPS, 2, 2])

    def test_two_servers_warn_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'warnrace') as database:
            self._work(database, 'prepare', STEPS)
            self._race(database, ('run', 0), ('run', 0))
            self.assertEqual(self._counts(database), [0, STEPS, STEPS, STEPS, 2, 2])

    def _counts(self, database):
        """Return how many steps are due, and were warned of; how many warnings there are, and
        were told; how many mails were written, and to how many people."""
        try:
            with db_connect(database).cursor() as cr:
                cr.execute(
                    """ SELECT (SELECT count(*) FROM crm_process_task
                                 WHERE date_end IS NULL
                                   AND date_warning <= now() AT TIME ZONE 'UTC'),
                               (SELECT count(DISTINCT task_id) FROM crm_process_warning),
                               (SELECT count(*) FROM crm_process_warning),
                               (SELECT count(date_sent) FROM crm_process_warning),
                               count(*), count(DISTINCT email_to)
                          FROM mail_mail WHERE body_html LIKE '%process-%' """)
                return list(cr.fetchone())
        finally:
            close_db(database)
