"""Colleagues who do the same in the portal at the same moment: real processes, committed data."""

import json
import os

from common import WorkerCase, cloned_database

from odoo.tests import tagged

COUNT = 12
READINGS = 20


@tagged('post_install', '-at_install')
class TestPortalRace(WorkerCase):

    worker = 'portal_race_worker.py'
    # Who comes second is refused by the database, and starts anew.
    log_level = 'critical'

    def test_what_two_do_at_once_is_done_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'portal_race') as database:
            given = json.loads(self._work(database, 'prepare', COUNT))
            quinn, quincy, lena, leo = given['users']
            remedies = self._race_for(
                database, given['late'], ['remedy', quinn, 'wait'], ['remedy', quincy, 'cancel'])
            approvals = self._race_for(
                database, given['corrections'], ['approve', lena], ['approve', leo])
            first_readings = self._race(database, *(
                ['read', quinn, READINGS, given['document']] for _number in range(2)))
            set_off = self._race_for(
                database, given['bills'], ['set_off', quinn, given['note']],
                ['set_off', quincy, given['note']])
            told = json.loads(self._work(database, 'ask'))
        with self.subTest("two remedies for one delay"):
            self._assert_once(remedies, given['late'])
            self.assertEqual(told['requests'], len(remedies[1]))
        with self.subTest("two approvals of one correction"):
            self._assert_once(approvals, given['corrections'])
            self.assertEqual(told['quantities'], [8] * COUNT)
            self.assertEqual(told['states'], ['applied'] * COUNT)
            self.assertEqual(told['answers'], COUNT)
        with self.subTest("two readings of one document"):
            self.assertEqual(len(' '.join(first_readings).split()), 1)
            self.assertEqual((told['receipts'], told['read']), (1, 2 * READINGS))
        with self.subTest("one credit note for two bills"):
            self.assertEqual(len(set_off[0]) + len(set_off[1]), 1)
            self.assertEqual(told['open'], 100.0 * (COUNT - 1))

    def _race_for(self, database, ids, *commands):
        """Let each command act on the same things, and return on which of them each could."""
        return [set(map(int, output.split())) for output in self._race(
            database, *([*command, *ids] for command in commands))]

    def _assert_once(self, done, ids):
        self.assertFalse(done[0] & done[1], "done twice")
        self.assertEqual(done[0] | done[1], set(ids), "not done")

    def test_what_one_process_changes_holds_for_the_others(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'portal_rights') as database:
            given = json.loads(self._work(database, 'prepare', 1))
            self._watchers = [
                self._start_watcher(database, given['users'][0]) for _number in range(2)]
            full = ['buy', 'pay', 'request', 'technical', 'view']
            self._assert_seen(full, 2)
            right = 'crm.representative.right', given['rights']
            self._change(database, *right, 'role', 'viewer')
            self._assert_seen(['view'], 2)
            self._change(database, *right, 'scope', 'own')
            self._assert_seen(['view'], 0)
            self._change(database, *right, 'scope', 'group')
            self._assert_seen(['view'], 2)
            self._change(database, *right, 'role', 'technical')
            self._assert_seen(['technical'], 0)
            self._change(database, *right, 'role', 'full')
            self._assert_seen(full, 2)
            self._change(database, 'res.partner', given['contact'], 'parent_id', False)
            self._assert_seen(['view'], 0)

    def _start_watcher(self, database, user_id):
        watcher = self._start(database, 'watch', user_id)
        self.addCleanup(watcher.communicate)
        self.addCleanup(watcher.kill)
        return watcher

    def _change(self, database, *change):
        *record, value = change
        self._work(database, 'change', *record, json.dumps(value))
        for watcher in self._watchers:
            watcher.stdin.write('go\n')
            watcher.stdin.flush()

    def _assert_seen(self, names, orders):
        """Demand that each process lets the user do and see what he may by now."""
        for watcher in self._watchers:
            self.assertEqual(json.loads(watcher.stdout.readline()), [names, orders])
