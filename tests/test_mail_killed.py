"""Mails fetched by processes that are killed, or delivered by several: real processes and data."""

import json
import os
import signal

from common import WorkerCase, cloned_database

from odoo.tests import tagged

GOOD = [f'Mail {number}' for number in range(6)]
BAD = ['Mail 91', 'Mail 92']


@tagged('post_install', '-at_install')
class TestMailKilled(WorkerCase):

    worker = 'mail_worker.py'
    log_level = 'critical'

    def _run(self, command):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], f'mail_{command}') as database:
            said = self._work(database, command)
        return [json.loads(line) for line in said.splitlines()]

    def test_mail_is_in_the_mailbox_or_safe_whenever_a_process_dies(self):
        before, *killed, end = self._run('fetch')
        self.assertEqual(before['left'], GOOD + BAD)
        self.assertGreater(len(killed), len(GOOD))
        for state in killed:
            self.assertEqual(state['died'], signal.SIGKILL.value)
            self.assertEqual(
                set(state['requests'] + state['kept'] + state['left']), {*GOOD, *BAD}, "lost")
            self.assertEqual(len(set(state['requests'])), len(state['requests']), "doubled")
            self.assertEqual(len(set(state['kept'])), len(state['kept']), "doubled")
            self.assertEqual(state['confirmed'], state['mailed'])
        self.assertEqual(end, {
            'died': 0, 'requests': GOOD, 'kept': BAD, 'left': [],
            'confirmed': len(GOOD), 'mailed': len(GOOD)})

    def test_mail_that_several_processes_hand_over_is_one_request(self):
        _before, end = self._run('race')
        self.assertEqual(end['died'], 0)
        self.assertEqual((end['requests'], end['kept']), (GOOD, []))
        self.assertEqual(end['mailed'], len(GOOD))
