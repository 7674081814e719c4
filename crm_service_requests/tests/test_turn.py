from datetime import datetime

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestTurn(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # From nine to five in UTC, Monday to Friday.
        cls.env.company.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Nine to Five", 'tz': 'UTC', 'attendance_ids': [Command.create({
                'name': "Work", 'dayofweek': str(day), 'hour_from': 9, 'hour_to': 17})
                for day in range(5)]})

    def _live(self):
        """Return a request that was ours, the customer's, ours, and another's from then on."""
        with freeze_time('2026-03-02 09:00:00'):
            request = self._create_request(user_id=self.roles['service_representative'].id)
        with freeze_time('2026-03-02 12:00:00'):
            request.action_wait()
        with freeze_time('2026-03-03 10:00:00'):
            request.action_open()
        with freeze_time('2026-03-03 11:00:00'):
            request.assigned_partner_id = self.birch
        return request

    def test_each_turn_is_kept_with_its_working_hours(self):
        service = self.roles['service_representative']
        self.assertRecordValues(self._live().turn_ids, [
            {'turn': 'us', 'user_id': service.id, 'partner_id': False, 'hours': 3,
             'date_start': datetime(2026, 3, 2, 9), 'date_end': datetime(2026, 3, 2, 12)},
            {'turn': 'customer', 'user_id': False, 'partner_id': self.acorn.id, 'hours': 6,
             'date_start': datetime(2026, 3, 2, 12), 'date_end': datetime(2026, 3, 3, 10)},
            {'turn': 'us', 'user_id': service.id, 'partner_id': False, 'hours': 1,
             'date_start': datetime(2026, 3, 3, 10), 'date_end': datetime(2026, 3, 3, 11)},
            {'turn': 'partner', 'user_id': False, 'partner_id': self.birch.id, 'hours': 0,
             'date_start': datetime(2026, 3, 3, 11), 'date_end': False},
        ])

    def test_request_says_whose_time_it_took_until_now(self):
        request = self._live()
        with freeze_time('2026-03-05 11:00:00'):
            self.assertEqual(
                request.turn_times, "4 h ours, 6 h the customer's, 2 d Birch & Sons")

    def test_solved_request_is_nobodys_and_ours_again_when_reopened(self):
        request = self._live()
        with freeze_time('2026-03-03 13:00:00'):
            self._solve(request)
        self.assertFalse(request.turn_ids.filtered(lambda turn: not turn.date_end))
        with freeze_time('2026-03-04 09:00:00'):
            request.action_reopen()
        self.assertRecordValues(request.turn_ids[-1], [{
            'turn': 'us', 'date_start': datetime(2026, 3, 4, 9), 'date_end': False}])

    def test_handing_over_begins_a_turn(self):
        request = self._live()
        request.assigned_partner_id = False
        turns = len(request.turn_ids)
        with freeze_time('2027-03-03 13:00:00'):
            request.user_id = self.roles['service_supervisor']
        self.assertEqual(len(request.turn_ids), turns + 1)
        self.assertEqual(request.turn_ids[-1].user_id, self.roles['service_supervisor'])

    def test_what_changes_back_within_a_moment_leaves_no_trace(self):
        with freeze_time('2026-03-02 09:00:00'):
            request = self._create_request()
            request.action_wait()
            request.state = 'open'
        self.assertRecordValues(request.turn_ids, [{'turn': 'us', 'date_end': False}])

    def test_many_requests_cost_as_many_statements_as_few(self):
        counts = []
        for number in (1, 5, 50):
            requests = self.env['crm.request'].concat(*(
                self._create_request() for _number in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            requests.mapped('turn')
            start = self.env.cr.sql_log_count
            requests._log_turns()
            self.env.flush_all()
            unchanged = self.env.cr.sql_log_count - start
            self.env.cr.execute(
                "UPDATE crm_request SET state = 'waiting' WHERE id = ANY(%s)", [requests.ids])
            self.env.cr.execute(
                "UPDATE crm_request_turn SET date_start = '2026-03-02' WHERE request_id = ANY(%s)",
                [requests.ids])
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            requests._log_turns()
            self.env.flush_all()
            counts.append((unchanged, self.env.cr.sql_log_count - start))
            self.assertEqual(
                len(requests.turn_ids.filtered(lambda turn: turn.turn == 'customer')), number)
        # With the first the hours of the calendar are read; they are kept.
        self.assertEqual(counts[1], counts[2])

    def test_turns_are_seen_by_who_sees_the_request_and_written_by_nobody(self):
        turns = self._live().turn_ids
        for role in ('service_representative', 'account_representative', 'sales_manager'):
            self.assertTrue(self._as(turns, role).mapped('hours'))
        with self.assertRaises(AccessError):
            self._as(turns, 'marketing_manager').mapped('hours')
        self._assert_cannot_write(self._as(turns, 'service_supervisor'), hours=1.0)


@tagged('post_install', '-at_install')
class TestFollowUp(RequestCommon):

    def _close_long_ago(self, request):
        with freeze_time('2026-03-02 09:00:00'):
            self._solve(request)
            request.action_close()

    def _answer(self, request, author, **values):
        with freeze_time('2026-05-02 09:00:00'):
            return request.message_post(
                body="It broke again.", author_id=author.id, message_type='email',
                subtype_xmlid='mail.mt_comment', **values)

    def test_answer_after_the_days_makes_a_request_that_follows(self):
        request = self._create_request('warranty', priority='2')
        self._close_long_ago(request)
        contact = self.env['res.partner'].create({
            'name': "Ann", 'parent_id': self.acorn.id, 'email': 'ann@example.com'})
        self._answer(request, contact, attachments=[('break.txt', b"broken")])
        new = request.follow_up_ids
        self.assertRecordValues(new, [{
            'state': 'new', 'type_id': request.type_id.id, 'partner_id': contact.id,
            'channel': 'mail', 'priority': '2', 'follows_id': request.id,
            'email_from': 'ann@example.com'}])
        self.assertIn("It broke again.", new.description)
        self.assertEqual(request.state, 'closed')
        self.assertEqual(self._files(new), ['break.txt'])
        self.assertIn(new.number, request.message_ids[0].body)

    def test_answer_of_a_stranger_stays_with_the_customer(self):
        request = self._create_request()
        self._close_long_ago(request)
        self._answer(request, self.birch)
        self.assertEqual(request.follow_up_ids.partner_id, self.acorn)

    def test_answer_to_a_cancelled_request_is_not_lost(self):
        request = self._create_request()
        request.action_cancel()
        self._answer(request, self.acorn)
        self.assertEqual(request.state, 'cancelled')
        self.assertEqual(len(request.follow_up_ids), 1)

    def _files(self, request):
        return self.env['ir.attachment'].search([
            ('res_model', '=', 'crm.request'), ('res_id', '=', request.id)]).mapped('name')
