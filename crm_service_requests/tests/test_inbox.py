from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestInbox(RequestCommon):
    """Monday, 2 March 2026, nine o'clock in a company that works from eight to five."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request'].search(
            cls.env['crm.request']._unassigned_domain()).state = 'cancelled'
        cls.service = cls.roles['service_representative']
        cls.other = cls._create_user('service_representative', login='other')
        cls.env.company.resource_calendar_id.tz = 'UTC'

    def _inbox(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        requests = self.env['crm.request'].with_user(user or self.service)
        return requests.search(
            [('in_inbox', '=', True)], order='inbox_section, process_deadline, priority DESC, id')

    @freeze_time('2026-03-02 09:00:00')
    def test_due_first_then_what_nobody_has(self):
        with freeze_time('2026-02-16 09:00:00'):
            late = self._create_request('complaint', user_id=self.service.id)
            self.env.cr.flush()
        free = self._create_request('accounting')
        slow = self._create_request('help', user_id=self.service.id)
        quick = self._create_request('information', user_id=self.service.id)
        inbox = self._inbox()
        self.assertEqual(inbox[0], late)
        self.assertEqual(inbox[-1], free)
        deadlines = inbox[:3].mapped('process_deadline')
        self.assertEqual(deadlines, sorted(deadlines))
        self.assertEqual(set(inbox[1:3].ids), {quick.id, slow.id})

    @freeze_time('2026-03-02 09:00:00')
    def test_only_what_we_have_to_go_on_with(self):
        waiting = self._create_request(user_id=self.service.id)
        waiting.action_wait()
        theirs = self._create_request(user_id=self.other.id)
        mine = self._create_request(user_id=self.service.id)
        inbox = self._inbox()
        self.assertIn(mine, inbox)
        self.assertFalse((waiting | theirs) & inbox)

    @freeze_time('2026-03-02 09:00:00')
    def test_counters_are_what_the_parts_hold(self):
        with freeze_time('2026-02-16 09:00:00'):
            self._create_request(user_id=self.service.id)
            self.env.cr.flush()
        self._create_request(user_id=self.service.id)
        self._create_request()
        inbox = self._inbox()
        counters = inbox.get_inbox_counters()
        self.assertEqual(
            {counter['name']: counter['count'] for counter in counters},
            {name: len(inbox.filtered(lambda request, name=name: request.inbox_section == name))
             for name in ('late', 'today', 'later', 'free')})
        self.assertEqual([counter['count'] for counter in counters], [1, 1, 0, 1])
        for counter in counters:
            found = inbox.search(
                [('in_inbox', '=', True), ('inbox_section', '=', counter['name'])])
            self.assertEqual(len(found), counter['count'], counter['name'])

    def test_others_take_only_what_they_may_work_on(self):
        free, birch = self._create_request(), self._create_request(partner_id=self.birch.id)
        payment = self._create_request('payment')
        account = self._inbox(self.roles['account_representative'])
        self.assertIn(free, account)
        self.assertNotIn(birch, account)
        self.assertNotIn(payment, self._inbox())
        self.assertIn(payment, self._inbox(self.roles['service_supervisor']))

    def test_what_a_team_answers_is_for_its_members(self):
        team = self.env['crm.team'].create({
            'name': "Repairs", 'member_ids': [self.other.id]})
        free = self._create_request(team_id=team.id)
        self.assertNotIn(free, self._inbox())
        self.assertIn(free, self._inbox(self.other))

    @freeze_time('2026-03-02 09:00:00')
    def test_next_goes_down_the_list_then_takes_one_that_is_free(self):
        free = self._create_request('help')
        first = self._create_request('information', user_id=self.service.id)
        second = self._create_request('complaint', user_id=self.service.id)
        mine = self._as(first, 'service_representative')
        self.enterContext(self.enter_registry_test_mode())
        self.assertEqual(mine.browse().action_next()['res_id'], first.id)
        self.assertEqual(mine.action_next()['res_id'], second.id)
        last = self._as(second, 'service_representative')
        self.assertEqual(last.action_next()['res_id'], free.id)
        self.assertRecordValues(free, [{'user_id': self.service.id, 'state': 'open'}])
        self.assertEqual(
            self._as(second, 'service_representative').get_inbox_position(second.id)['count'], 3)

    def test_next_says_when_nothing_waits(self):
        request = self._create_request(user_id=self.service.id)
        self.enterContext(self.enter_registry_test_mode())
        action = self._as(request, 'service_representative').action_next()
        self.assertEqual(action['tag'], 'display_notification')

    def test_who_is_slower_is_told_who_has_it(self):
        free = self._create_request()
        self._as(free, 'service_representative').action_take()
        self.assertEqual(free.user_id, self.service)
        with self.assertRaisesRegex(UserError, 'with service_representative'):
            free.with_user(self.other).action_take()

    def test_long_inbox_costs_as_many_queries_as_a_short_one(self):
        self._create_request(user_id=self.service.id)
        self._read_inbox()
        start = self.env.cr.sql_log_count
        self._read_inbox()
        few = self.env.cr.sql_log_count - start
        self.env['crm.request'].create([
            {'name': f"Question {number}", 'type_id': self.types['information'].id,
             'partner_id': self.acorn.id, 'user_id': self.service.id}
            for number in range(400)])
        self._inbox()
        start = self.env.cr.sql_log_count
        self.assertEqual(len(self._read_inbox()), 401)

        self.assertLessEqual(self.env.cr.sql_log_count - start, few)

    def _read_inbox(self):
        inbox = self._inbox()
        inbox.get_inbox_counters()
        return inbox.web_read({
            'inbox_section': {}, 'process_deadline': {}, 'process_step': {}, 'number': {},
            'partner_id': {'fields': {'display_name': {}}}})

    def test_deadline_sorts_any_list(self):
        early = self._create_request('information')
        self.env.cr.flush()
        with freeze_time(datetime(2024, 1, 8, 9)):
            earlier = self._create_request('help')
            self.env.cr.flush()
        found = self.env['crm.request'].search(
            [('id', 'in', [early.id, earlier.id])], order='process_deadline')
        self.assertEqual(found.ids, [earlier.id, early.id])
