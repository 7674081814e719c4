from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged

from .common import CallCommon


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10 09:00:00')
class TestCallbackCalendar(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user('order_manager')
        cls.colleague = cls._create_user('order_manager', 'colleague')
        cls.manager.partner_id.email = 'manager@example.com'

    def _promise(self, moment='2026-03-12 14:00:00', **values):
        """Return a call of the order manager that ended with the promise to call back."""
        call = self.env['crm.call'].with_user(self.manager).create({
            'partner_id': self.customer.id, 'outcome_id': self.callback.id,
            'callback_at': moment, **values})
        self.env.cr.flush()
        return call

    def _events(self):
        return self.env['calendar.event'].sudo().search([('res_model', '=', 'crm.call')])

    def test_promise_stands_in_the_calendar_of_who_made_it(self):
        call = self._promise(note="After lunch.")
        event = self._events()
        self.assertRecordValues(event, [{
            'name': "Call back: Quinn Carpentry", 'user_id': self.manager.id,
            'start': Datetime.to_datetime('2026-03-12 14:00:00'),
            'stop': Datetime.to_datetime('2026-03-12 14:15:00'),
            'location': "+353 21 555 0100", 'res_id': call.id}])
        self.assertEqual(event.partner_ids, self.manager.partner_id)
        self.assertIn("After lunch.", event.description)

    def test_nobody_is_written_to(self):
        mails = self.env['mail.mail'].sudo().search_count([])
        messages = self.env['mail.message'].sudo().search_count([('model', '=', 'calendar.event')])
        call = self._promise()
        call.callback_at = '2026-03-13 14:00:00'
        self.env.cr.flush()
        self._create_call(date_start='2026-03-10 10:00:00', outcome_id=self.promised.id)
        self.env.cr.flush()
        self.assertFalse(self._events())
        self.assertEqual(self.env['mail.mail'].sudo().search_count([]), mails)
        self.assertEqual(self.env['mail.message'].sudo().search_count(
            [('model', '=', 'calendar.event')]), messages)

    def test_other_outcomes_past_promises_and_those_for_anybody_stand_in_none(self):
        self._promise(callback_personal=False)
        self._promise(outcome_id=self.no_answer.id)
        self._promise('2026-03-01 14:00:00', date_start='2026-02-28 14:00:00')
        self.assertFalse(self._events())

    def test_meeting_moves_with_the_call_back_and_the_call_back_with_the_meeting(self):
        call = self._promise()
        event = self._events()
        call.with_user(self.manager).callback_at = '2026-03-13 10:00:00'
        self.env.cr.flush()
        self.assertEqual(event.start, Datetime.to_datetime('2026-03-13 10:00:00'))
        event.with_user(self.manager).write(
            {'start': '2026-03-16 11:00:00', 'stop': '2026-03-16 12:00:00'})
        self.env.cr.flush()
        self.assertEqual(call.callback_at, Datetime.to_datetime('2026-03-16 11:00:00'))
        self.assertEqual(event.start, Datetime.to_datetime('2026-03-16 11:00:00'))
        self.assertEqual(event.stop, Datetime.to_datetime('2026-03-16 12:00:00'))
        self.assertEqual(self._events(), event)

    def test_meeting_moved_before_the_call_leaves_the_call_back(self):
        call = self._promise()
        self._events().write({'start': '2026-03-01 11:00:00', 'stop': '2026-03-01 12:00:00'})
        self.env.cr.flush()
        self.assertEqual(call.callback_at, Datetime.to_datetime('2026-03-12 14:00:00'))

    def test_meeting_that_is_deleted_leaves_the_call_back(self):
        call = self._promise()
        self._events().with_user(self.manager).unlink()
        self.env.cr.flush()
        self.assertEqual(call.callback_at, Datetime.to_datetime('2026-03-12 14:00:00'))
        self.assertFalse(self._events())

    def test_next_call_with_the_customer_takes_the_meeting_away(self):
        self._promise()
        self._create_call(date_start='2026-03-10 10:00:00')
        self.env.cr.flush()
        self.assertTrue(self._events(), "nobody has said yet how the next call ended")
        self._create_call(date_start='2026-03-10 10:00:00', outcome_id=self.lost.id)
        self.env.cr.flush()
        self.assertFalse(self._events())

    def test_promise_taken_back_or_deleted_takes_the_meeting_away(self):
        calls = self._promise() + self._promise(partner_id=self.contact.id)
        self.assertEqual(len(self._events()), 2)
        calls[0].outcome_id = self.lost
        self.env.cr.flush()
        self.assertEqual(self._events().res_id, calls[1].id)
        calls[1].sudo().unlink()
        self.assertFalse(self._events())

    def test_promise_that_becomes_somebody_elses_changes_the_calendar(self):
        call = self._promise()
        call.sudo().user_id = self.colleague
        self.env.cr.flush()
        self.assertEqual(self._events().user_id, self.colleague)
        call.sudo().callback_personal = False
        self.env.cr.flush()
        self.assertFalse(self._events())

    def test_who_does_not_want_it_has_none(self):
        self._promise()
        self.manager.with_user(self.manager).callback_in_calendar = False
        self.env.cr.flush()
        self.assertFalse(self._events())
        self._promise(partner_id=self.contact.id)
        self.assertFalse(self._events())
        self.manager.with_user(self.manager).callback_in_calendar = True
        self.env.cr.flush()
        self.assertEqual(len(self._events()), 2)

    def test_many_promises_cost_as_many_queries_as_few(self):
        self._promise()
        counts = []
        for count in (5, 50):
            customers = self.env['res.partner'].create(
                [{'name': f"Customer {number}"} for number in range(count)])
            calls = self.env['crm.call'].create([
                {'partner_id': customer.id, 'user_id': self.manager.id,
                 'outcome_id': self.callback.id, 'callback_at': '2026-03-12 14:00:00'}
                for customer in customers])
            self.env['crm.call'].flush_model()
            before = self.cr.sql_log_count
            self.env.cr.flush()
            calls.callback_at = '2026-03-13 14:00:00'
            self.env.cr.flush()
            calls.outcome_id = self.lost
            self.env.cr.flush()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(self._events()), 1)
        self.assertLessEqual(counts[1], counts[0] + 5, counts)
