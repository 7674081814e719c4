from datetime import datetime

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestSilence(RequestCommon):
    """The type closes after ten working days, and warns three before; work is from nine to five
    in UTC from Monday to Friday. Monday 2 March is day 0, so the warning is due on Wednesday 11."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request.routing'].search([]).active = False
        cls.env.company.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Nine to Five", 'tz': 'UTC', 'hours_per_day': 8,
            'attendance_ids': [Command.create({
                'name': "Work", 'dayofweek': str(day), 'hour_from': 9, 'hour_to': 17})
                for day in range(5)]})
        cls.types['information'].write({
            'close_days': 10, 'close_warning_days': 3, 'ask_rating': False})
        cls.acorn.lang = 'en_US'

    def _wait(self, **values):
        """Return a request that waits for the customer since Monday morning."""
        with freeze_time('2026-03-02 09:00:00'):
            request = self._create_request(**values)
            request.action_wait()
            self.env.flush_all()
        return request

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('crm_service_requests.ir_cron_end_silence').method_direct_trigger()
        self.env.invalidate_all()

    def _mails(self, request):
        return self.env['mail.mail'].search([
            ('model', '=', 'crm.request'), ('res_id', '=', request.id)])

    def test_warned_once_and_closed_after_the_days(self):
        request = self._wait()
        self._run('2026-03-11 08:00:00')
        self.assertFalse(self._mails(request), "nothing is sent before work begins")
        self._run('2026-03-10 16:00:00')
        self.assertFalse(self._mails(request), "a working day too early")
        for hour in (9, 10, 11):
            self._run(f'2026-03-11 {hour:02}:00:00')
        mail = self._mails(request)
        self.assertEqual(len(mail), 1)
        self.assertIn(request.number, mail.subject)
        self.assertIn(f'/my/requests/{request.id}?access_token=', mail.body_html)
        self.assertIn('03/16/2026', mail.body_html)
        self._run('2026-03-13 16:00:00')
        self.assertEqual(request.state, 'waiting')
        self._run('2026-03-16 09:00:00')
        self.assertRecordValues(request, [{
            'state': 'closed', 'closed_by': 'silence', 'silent_since': False,
            'resolution_id': self.env.ref(
                'crm_service_requests.crm_request_resolution_no_answer').id}])
        self._run('2026-03-17 09:00:00')
        self.assertEqual(len(self._mails(request)), 1)

    def test_solved_request_keeps_its_resolution(self):
        with freeze_time('2026-03-02 09:00:00'):
            request = self._create_request()
            self._solve(request)
            self.env.flush_all()
        self._run('2026-03-11 09:00:00')
        self._run('2026-03-16 09:00:00')
        self.assertRecordValues(request, [{
            'state': 'closed', 'closed_by': 'silence', 'resolution_id': self.answered.id}])

    def test_word_of_the_customer_ends_the_silence(self):
        request = self._wait()
        self._run('2026-03-11 09:00:00')
        with freeze_time('2026-03-12 09:00:00'):
            request.message_post(
                body="Here I am.", author_id=self.acorn.id, message_type='comment',
                subtype_xmlid='mail.mt_comment')
        self.assertFalse(request.silent_since)
        self._run('2026-03-20 09:00:00')
        self.assertEqual(request.state, 'open')
        with freeze_time('2026-03-23 09:00:00'):
            request.action_wait()
            self.env.flush_all()
        self._run('2026-03-24 09:00:00')
        self.assertEqual(request.state, 'waiting', "the days are counted anew")
        self._run('2026-04-01 09:00:00')
        self.assertEqual(len(self._mails(request)), 2, "and he is warned anew")

    def test_question_of_ours_gives_the_customer_his_days_again(self):
        request = self._wait()
        with freeze_time('2026-03-06 09:00:00'):
            request.message_post(
                body="And which colour?", message_type='comment',
                author_id=self.roles['service_representative'].partner_id.id,
                subtype_xmlid='mail.mt_comment')
            self.env.flush_all()
        self.assertEqual(request.silent_since, datetime(2026, 3, 6, 9))

    def test_while_others_have_the_turn_nothing_is_closed(self):
        outside = self._wait(assigned_partner_id=self.birch.id)
        ours = self._create_request()
        self._run('2026-06-01 09:00:00')
        self._run('2026-06-15 09:00:00')
        self.assertEqual((outside.state, ours.state), ('waiting', 'new'))
        self.assertFalse(self._mails(outside))

    def test_type_may_never_close_or_close_without_a_warning(self):
        request = self._wait()
        self.types['information'].write({'close_warning_days': 0, 'close_days': 0})
        self._run('2026-06-01 09:00:00')
        self.assertEqual(request.state, 'waiting')
        self.types['information'].close_days = 10
        self._run('2026-06-01 10:00:00')
        self.assertEqual(request.state, 'closed')
        self.assertFalse(self._mails(request))

    def test_warning_comes_its_days_before_the_closing_even_if_it_comes_late(self):
        request = self._wait()
        self._run('2026-06-01 09:00:00')
        self.assertEqual(request.state, 'waiting')
        self._run('2026-06-03 16:00:00')
        self.assertEqual(request.state, 'waiting')
        self._run('2026-06-04 09:00:00')
        self.assertEqual(request.state, 'closed')

    def test_who_cannot_be_mailed_is_not(self):
        self.env['mail.blacklist']._add('blocked@example.com')
        for address in (False, 'noreply@example.com', 'MAILER-DAEMON@example.com',
                        'blocked@example.com'):
            with self.subTest(address=address):
                request = self._wait(partner_id=False, email_from=address)
                self._run('2026-03-11 09:00:00')
                self.assertTrue(request.silence_warned_at)
                self.assertFalse(self._mails(request))

    def test_many_silent_customers_cost_as_many_statements_to_find_as_few(self):
        counts = []
        for number in (5, 50):
            for _number in range(number):
                self._wait()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            warn, close = self.env['crm.request']._silent_for_long(datetime(2026, 3, 11, 9))
            counts.append(self.env.cr.sql_log_count - start)
            self.assertGreaterEqual(len(warn), number)
            self.assertFalse(close)
        self.assertLessEqual(counts[1], counts[0])
