"""Scheduled actions killed at each of their commits and run again: real processes and data."""

import json
import os
import runpy
import signal

from common import ADDONS, ROOT, WorkerCase, cloned_database
from killed_actions import uncovered

from odoo.tests import tagged

from odoo.addons.base.tests.common import BaseCommon

# What the actions leave that need no look in between.
LEFT = {
    'note_orders': {'bought': 50, 'members': 50},
    'predictions': {'seen': 50, 'waiting': 0},
    'schedule': {'waiting': 0, 'planned': 50},
    'sweep': {'runs': 50, 'leads': 50, 'tasks': 50},
    'proposals': {'proposed': 50, 'senders': 50},
    'quarantine': {'handled': 4, 'kept': 2, 'waiting': 0, 'requests': 4, 'confirmed': 4},
    'facts_check': {'facts': 0, 'amount': 0, 'months': 0},
    'delivery_times': {'known': 2, 'cases': 50},
}
# So often they are killed; those of one transaction once, when it is committed.
KILLS = {
    'note_orders': 3, 'predictions': 3, 'schedule': 3, 'sweep': 3, 'proposals': 2,
    'quarantine': 4, 'facts_check': 1, 'delivery_times': 1}


@tagged('post_install', '-at_install')
class TestActionsCovered(BaseCommon):

    def test_every_scheduled_action_is_killed_somewhere(self):
        self.assertEqual(uncovered(self.env, ADDONS), [])

    def test_what_people_wait_for_is_looked_after_every_minute(self):
        for name in ('crm_process.ir_cron_warn', 'crm_order_manager.ir_cron_release_untouched'):
            action = self.env.ref(name)
            for before, after in ((5, 1), (7, 7), (1, 1)):
                action.interval_number = before
                self._migrate(name.split('.')[0])
                self.assertEqual((action.interval_number, action.interval_type), (after, 'minutes'))

    def _migrate(self, addon):
        """Run the migration that an addon brings for databases in which it was installed."""
        self.env.flush_all()
        path = ROOT / addon / 'migrations' / '19.0.1.0.1' / 'post-every-minute.py'
        runpy.run_path(str(path))['migrate'](self.env.cr, '19.0.1.0.0')
        self.env.invalidate_all()


@tagged('post_install', '-at_install')
class TestActionsKilled(WorkerCase):

    worker = 'action_killer.py'

    def _live_through(self, action):
        """Return how things stood before, after each death, at the end, and after one more run."""
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], f'killed_{action}') as database:
            said = self._work(database, action)
        before, *killed, end, again = [json.loads(line) for line in said.splitlines()]
        self.assertEqual({state.pop('died') for state in killed}, {signal.SIGKILL.value})
        self.assertEqual([state.pop('died') for state in (before, end, again)], [0, 0, 0])
        self.assertEqual(again, end, "what was done is done again")
        return before, killed, end

    def test_actions_leave_the_same_whenever_they_are_killed(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'killed_simple') as database:
            said = self._work(database, *LEFT)
        states = iter(map(json.loads, said.splitlines()))
        for name, left in LEFT.items():
            before = next(states)
            killed = list(iter(lambda: next(states)['died'], 0))
            with self.subTest(action=name):
                self.assertEqual(killed, [signal.SIGKILL] * KILLS[name])
                self.assertNotEqual(before, {'died': 0, **left}, "nothing was to be done")
                self.assertEqual(next(states), {'died': 0, **left}, "lost, or done again")

    def test_lent_orders_come_back_once_and_everybody_is_told_once(self):
        before, killed, end = self._live_through('absences')
        orders = before['lent']
        self.assertEqual((before['returned'], before['messages']), (0, 0))
        for state in killed:
            self.assertEqual(state['lent'] + state['returned'], orders)
            self.assertEqual(state['returns'], state['returned'])
            self.assertEqual(state['messages'], state['told'])
            self.assertEqual(state['returned'], state['told'] * orders // 4, "half done")
        self.assertGreaterEqual(len(killed), 2)
        self.assertEqual(end, {
            'lent': 0, 'returns': orders, 'returned': orders, 'messages': 4, 'told': 4})

    def test_duties_after_purchases_are_planned_once(self):
        before, killed, end = self._live_through('duties')
        orders = before['waiting']
        self.assertEqual((before['checked'], before['duties']), (0, 0))
        for state in killed:
            self.assertEqual(state['checked'] + state['waiting'], orders)
            self.assertEqual(state['duties'], state['checked'], "half done")
            self.assertEqual(state['customers'], state['duties'])
        self.assertGreaterEqual(len(killed), 2)
        self.assertEqual(
            end, {'checked': orders, 'waiting': 0, 'duties': orders, 'customers': orders})

    def test_what_is_learnt_from_calls_is_whole_and_every_order_gets_its_value(self):
        before, killed, end = self._live_through('odds')
        self.assertEqual((before['odds'], before['valued']), (0, 0))
        valued = [state['valued'] for state in killed]
        self.assertEqual({state['odds'] for state in killed}, {end['odds']}, "half learnt")
        self.assertEqual(valued, sorted(valued), "a value was lost")
        self.assertLess(valued[0], end['orders'])
        self.assertGreater(end['odds'], 0)
        self.assertEqual(end['valued'], end['orders'])

    def test_silent_customers_are_warned_once_and_their_requests_closed_once(self):
        before, killed, end = self._live_through('silence')
        self.assertEqual(
            before, {'warned': 45, 'waiting': 90, 'closed': 0, 'mails': 0, 'notes': 0})
        for state in killed:
            self.assertEqual(state['warned'], 45 + state['mails'], "half done")
            self.assertEqual(state['closed'], state['notes'], "half done")
            self.assertEqual(state['waiting'] + state['closed'], 90)
        self.assertGreaterEqual(len(killed), 4)
        self.assertEqual(
            end, {'warned': 90, 'waiting': 45, 'closed': 45, 'mails': 45, 'notes': 45})

    def test_waiting_requests_are_given_out_once_and_evenly(self):
        before, killed, end = self._live_through('routing')
        self.assertEqual((before['given'], before['waiting']), (0, 52))
        for state in killed:
            self.assertEqual(state['given'], state['routed'], "half done")
            self.assertEqual(state['given'] + state['waiting'], 52)
        self.assertGreaterEqual(len(killed), 3)
        self.assertEqual(end, {
            'given': 52, 'routed': 52, 'waiting': 0, 'numbers': 52, 'unevenness': 0})

    def test_each_debtor_has_one_letter(self):
        before, killed, end = self._live_through('debts')
        self.assertEqual((before['raised'], before['new'], before['mails']), (0, 46, 0))
        for state in killed:
            self.assertEqual(state['raised'] + state['new'], 46)
            self.assertEqual(state['lettered'], state['raised'], "half done")
            self.assertEqual(state['mails'], state['lettered'], "half done")
        self.assertGreaterEqual(len(killed), 3)
        self.assertEqual(end, {'raised': 46, 'new': 0, 'lettered': 46, 'mails': 46})

    def test_customers_of_late_orders_are_told_once(self):
        before, killed, end = self._live_through('delays')
        self.assertEqual(
            before, {'told': 0, 'by_mail': 0, 'waiting': 70, 'mails': 0, 'calls': 0})
        for state in killed:
            self.assertEqual(state['told'] + state['waiting'], 70)
            self.assertEqual(state['mails'], state['by_mail'], "half done")
            self.assertEqual(state['calls'], state['told'] - state['by_mail'], "half done")
        self.assertGreaterEqual(len(killed), 4)
        self.assertEqual(
            end, {'told': 70, 'by_mail': 35, 'waiting': 0, 'mails': 35, 'calls': 35})

    def test_sales_are_taken_into_the_facts_once(self):
        before, killed, end = self._live_through('sales_facts')
        self.assertEqual(
            before,
            {'waiting': 25000, 'facts': 0, 'months': 0, 'amount': 75000, 'cost': 50000})
        for state in killed:
            self.assertEqual((state['amount'], state['cost']), (75000, 50000), "half done")
            self.assertEqual(state['months'], 75000 - 3 * state['waiting'], "half done")
        self.assertEqual([state['waiting'] for state in killed], [25000, 15000, 0])
        self.assertEqual(end, {
            'waiting': 0, 'facts': 200, 'months': 75000, 'amount': 75000, 'cost': 50000})

    def test_who_asks_for_a_link_gets_one_mail(self):
        before, killed, end = self._live_through('lookups')
        self.assertEqual(before, {'waiting': 12, 'answered': 0, 'mails': 0, 'told': 0})
        for state in killed:
            self.assertEqual(state['mails'], state['answered'], "half done")
            self.assertEqual(state['told'], state['mails'], "told twice")
        waiting = [state['waiting'] for state in killed]
        self.assertEqual(waiting, sorted(waiting, reverse=True), "asked for twice")
        self.assertEqual(waiting[0], 11, "answered without a commit of its own")
        self.assertGreaterEqual(len(killed), 4)
        self.assertEqual(end, {'waiting': 0, 'answered': 6, 'mails': 6, 'told': 6})

    def test_recipients_of_a_document_are_told_once(self):
        before, killed, end = self._live_through('documents')
        self.assertEqual(before, {'pending': 1, 'told': 0, 'mails': 0, 'reached': 0})
        for state in killed:
            self.assertEqual((state['mails'], state['reached']), (state['told'],) * 2, "half done")
        told = [state['told'] for state in killed]
        self.assertEqual(told, sorted(told), "somebody was forgotten")
        self.assertIn(20, told)
        self.assertGreaterEqual(len(killed), 3)
        self.assertEqual(end, {'pending': 0, 'told': 48, 'mails': 48, 'reached': 48})

    def test_members_of_campaigns_are_reached_once(self):
        before, killed, end = self._live_through('campaigns')
        self.assertEqual(set(before.values()), {0})
        for state in killed:
            self.assertEqual(state['twice'], 0)
            self.assertEqual(state['to_call'], state['queue'], "half done")
            self.assertEqual(state['sent'], int(state['done'] > 0), "half done")
            self.assertEqual(state['price_lists'], state['priced'], "half done")
        self.assertIn(20, [state['priced'] for state in killed])
        self.assertGreaterEqual(len(killed), 4)
        self.assertEqual(end, {
            'written': 44, 'to_call': 44, 'twice': 0, 'queue': 44, 'done': 3, 'sent': 1,
            'priced': 22, 'price_lists': 22})

    def test_incentives_are_granted_and_taken_back_once(self):
        before, killed, end = self._live_through('incentives')
        self.assertEqual(before, {'granted': 0, 'tagged': 0, 'withdrawn': 0, 'kept': 25})
        for state in killed:
            self.assertEqual(state['tagged'], state['granted'], "half done")
            self.assertEqual(state['kept'] + state['withdrawn'], 25, "half done")
        self.assertGreaterEqual(len(killed), 4)
        self.assertEqual(end, {'granted': 25, 'tagged': 25, 'withdrawn': 25, 'kept': 0})

    def test_offers_are_made_once_and_end_once(self):
        before, killed, end = self._live_through('offers')
        self.assertEqual(
            before, {'made': 0, 'twice': 0, 'followed': 0, 'late': 1100, 'expired': 0})
        for state in killed:
            self.assertEqual(state['made'], 40 * state['followed'], "half done")
            self.assertEqual(state['late'] + state['expired'], 1100)
        self.assertLessEqual(
            {(0, 0), (1, 0), (2, 1000)},
            {(state['followed'], state['expired']) for state in killed})
        self.assertEqual(
            end, {'made': 80, 'twice': 0, 'followed': 2, 'late': 0, 'expired': 1100})

    def test_letters_are_written_once_and_bound_once(self):
        before, killed, end = self._live_through('paper')
        self.assertEqual(before, {
            'waiting': 5, 'written': 0, 'failed': 0, 'contacted': 0, 'letters': 0, 'parts': 0,
            'whole': 0, 'files': 0, 'told': 0})
        for state in killed:
            self.assertEqual(state['waiting'] + state['written'] + state['failed'], 5)
            self.assertEqual(
                (state['letters'], state['contacted']), (state['written'],) * 2, "half done")
            self.assertEqual(state['files'], state['parts'] + state['whole'], "half done")
            self.assertEqual(state['told'], state['whole'], "half done")
        self.assertLessEqual(
            {(0, 0), (1, 0), (3, 0), (0, 1)},
            {(state['parts'], state['whole']) for state in killed})
        self.assertEqual(end, {
            'waiting': 0, 'written': 4, 'failed': 1, 'contacted': 4, 'letters': 4, 'parts': 0,
            'whole': 1, 'files': 1, 'told': 1})

    def test_lines_of_files_are_read_once_and_make_customers_once(self):
        before, killed, end = self._live_through('prospects')
        self.assertEqual(before, {
            'read_wholly': 0, 'read': 0, 'twice': 0, 'waiting': 70, 'taken': 0, 'linked': 0,
            'customers': 0, 'addresses': 0, 'members': 0, 'tagged': 0})
        for state in killed:
            self.assertEqual(state['read_wholly'], int(state['read'] == 48), "half done")
            self.assertEqual(state['twice'], 0)
            self.assertEqual(state['waiting'] + state['taken'], 70)
            self.assertEqual(
                {state[name] for name in ('linked', 'customers', 'addresses', 'members', 'tagged')},
                {state['taken']}, "half done")
        self.assertLessEqual(
            {(0, 0), (20, 0), (48, 0), (48, 60)},
            {(state['read'], state['taken']) for state in killed})
        self.assertEqual(end, {
            'read_wholly': 1, 'read': 48, 'twice': 0, 'waiting': 0, 'taken': 70, 'linked': 70,
            'customers': 70, 'addresses': 70, 'members': 70, 'tagged': 70})
