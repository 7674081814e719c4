from datetime import datetime

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CallCommon


@tagged('post_install', '-at_install')
class TestCall(CallCommon):

    def test_phone_is_the_customers_unless_another_was_dialled(self):
        self.assertEqual(self._create_call().phone, "+353 21 555 0100")
        self.assertEqual(self._create_call(partner_id=self.contact.id).phone, "+353 21 555 0100")
        self.assertEqual(self._create_call(phone="+353 1 555 0199").phone, "+353 1 555 0199")

    def test_next_call_follows_the_wait_of_the_outcome(self):
        call = self._create_call(outcome_id=self.promised.id, date_start='2026-03-02 09:00:00')
        self.assertEqual(call.callback_at, datetime(2026, 3, 4, 9, 0))
        call.outcome_id = self.no_answer
        self.assertEqual(call.callback_at, datetime(2026, 3, 2, 13, 0))
        call.outcome_id = self.lost
        self.assertFalse(call.callback_at)

    def test_another_time_than_the_proposed_one_is_kept(self):
        call = self._create_call(
            outcome_id=self.no_answer.id,
            date_start='2026-03-02 09:00:00',
            callback_at='2026-03-09 09:00:00',
        )
        self.assertEqual(call.callback_at, datetime(2026, 3, 9, 9, 0))

    def test_call_back_needs_a_time(self):
        with self.assertRaisesRegex(ValidationError, "Quinn Carpentry.*called again"):
            self._create_call(outcome_id=self.callback.id)

    def test_call_back_is_later_than_the_call(self):
        with self.assertRaisesRegex(ValidationError, "Quinn Carpentry.*later than the call"):
            self._create_call(
                outcome_id=self.callback.id,
                date_start='2026-03-02 09:00:00',
                callback_at='2026-03-02 08:00:00',
            )

    @mute_logger('odoo.sql_db')
    def test_duration_is_not_negative(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._create_call(duration=-1.0)
            self.env.flush_all()

    @mute_logger('odoo.sql_db')
    def test_wait_of_an_outcome_is_not_negative(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.no_answer.retry_hours = -1
            self.env.flush_all()

    def test_who_answered_was_reached(self):
        calls = self._create_call(outcome_id=self.no_answer.id) + self._create_call(
            outcome_id=self.promised.id
        )
        self.assertEqual(calls.mapped('reached'), [False, True])
        [[rate]] = self.env['crm.call']._read_group(
            [('id', 'in', calls.ids)], [], ['reach_rate:avg']
        )
        self.assertEqual(rate, 50.0)

    def test_company_counts_the_calls_with_its_contacts(self):
        self._create_call()
        self._create_call(partner_id=self.contact.id)
        self.assertEqual(self.customer.crm_call_count, 2)
        self.assertEqual(self.contact.crm_call_count, 1)
        action = self.customer.action_view_calls()
        self.assertEqual(self.env['crm.call'].search_count(action['domain']), 2)

    def test_call_says_with_whom_and_when(self):
        call = self._create_call(date_start='2026-03-02 09:00:00')
        self.assertEqual(call.display_name, "Quinn Carpentry, 2026-03-02")
