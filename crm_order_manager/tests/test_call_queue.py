import re
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestCallQueue(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(900.0)
        cls.order.date_order = '2026-01-05 10:00:00'
        cls.younger = cls._create_order(100.0)
        cls.younger.date_order = '2026-01-06 10:00:00'

    def _next(self, user):
        """Return the order the button gives to `user`."""
        with self.enter_registry_test_mode():
            action = self.env['sale.order'].with_user(user).action_call_next()
        return self.env['sale.order'].browse(action.get('res_id', []))

    def _log(self, order, user, outcome, **values):
        return order.with_user(user).log_call(outcome, **values)

    # who gets what

    def test_order_by_date_where_the_team_says_so(self):
        self.younger.team_id.call_queue_order = 'date'
        self.younger.date_order = '2026-01-04 10:00:00'
        self.assertEqual(self._next(self.manager), self.younger)

    def test_order_whose_call_is_worth_most_comes_first_and_is_held(self):
        self.assertEqual(self._next(self.manager), self.order)
        self.assertEqual(self.order.call_user_id, self.manager)

    def test_two_managers_get_two_orders(self):
        self.assertEqual(self._next(self.manager), self.order)
        self.assertEqual(self._next(self.colleague), self.younger)

    def test_next_gives_another_order_and_gives_the_first_back(self):
        self._next(self.manager)
        self.assertEqual(self._next(self.manager), self.younger)
        self.assertFalse(self.order.call_user_id)
        self.assertEqual(self._next(self.colleague), self.order)

    def test_empty_queue_says_so(self):
        (self.order + self.younger)._action_cancel()
        with self.enter_registry_test_mode():
            action = self.env['sale.order'].with_user(self.manager).action_call_next()
        self.assertEqual(action['tag'], 'display_notification')

    def test_empty_queue_names_the_next_call(self):
        self.younger._action_cancel()
        self._log(self.order, self.manager, self.callback, callback_at=self._tomorrow())
        with self.enter_registry_test_mode():
            action = self.env['sale.order'].with_user(self.manager).action_call_next()
        self.assertIn("planned for", action['params']['message'])

    def test_own_call_back_comes_first_when_it_is_due(self):
        self._log(self.younger, self.manager, self.callback, callback_at=self._tomorrow())
        with freeze_time(self._tomorrow() + timedelta(minutes=1)):
            self.assertEqual(self._next(self.manager), self.younger)

    def test_call_back_is_not_offered_before_its_time(self):
        self._log(self.order, self.manager, self.callback, callback_at=self._tomorrow())
        self.assertEqual(self._next(self.manager), self.younger)

    def test_call_back_is_its_callers_own_for_a_day(self):
        self.younger._action_cancel()
        due = self._tomorrow()
        self._log(self.order, self.manager, self.callback, callback_at=due)
        with freeze_time(due + timedelta(hours=23)):
            self.assertFalse(self._next(self.colleague))
        with freeze_time(due + timedelta(hours=25)):
            self.assertEqual(self._next(self.colleague), self.order)

    def test_own_call_back_comes_before_one_a_colleague_left_lying(self):
        due = self._tomorrow()
        self._log(self.order, self.colleague, self.callback, callback_at=due)
        self._log(self.younger, self.manager, self.callback, callback_at=due + timedelta(hours=30))
        with freeze_time(due + timedelta(hours=31)):
            self.assertEqual(self._next(self.manager), self.younger)

    def test_no_answer_is_anybodys_after_the_wait(self):
        self.younger._action_cancel()
        self._log(self.order, self.manager, self.no_answer)
        self.assertEqual(self.order.call_state, 'no_answer')
        self.assertFalse(self._next(self.colleague))
        with freeze_time(fields.Datetime.now() + timedelta(hours=4, minutes=1)):
            self.assertEqual(self._next(self.colleague), self.order)

    def test_order_of_a_colleague_is_not_offered_for_a_first_call(self):
        self.younger._action_cancel()
        self.order.order_manager_id = self.colleague
        self.assertFalse(self._next(self.manager))
        self.assertEqual(self._next(self.colleague), self.order)

    def test_attempts_end_at_the_cap_of_the_outcome(self):
        self.no_answer.max_attempts = 2
        self._log(self.order, self.manager, self.no_answer)
        self.assertEqual(self.order.call_state, 'no_answer')
        self._log(self.order, self.manager, self.no_answer)
        self.assertEqual(self.order.call_state, 'done')

    def test_another_outcome_starts_the_count_of_attempts_anew(self):
        self.no_answer.max_attempts = 2
        for outcome in (self.no_answer, self.promised, self.no_answer):
            self._log(self.order, self.manager, outcome)
        self.assertEqual(self.order.call_state, 'no_answer')

    # holding

    def test_held_order_is_refused_to_a_colleague_by_name(self):
        self.order.with_user(self.manager).action_hold()
        with self.assertRaisesRegex(UserError, re.escape(self.manager.name)):
            self.order.with_user(self.colleague).action_hold()

    def test_hold_ends_after_the_set_minutes(self):
        self.env['ir.config_parameter'].sudo().set_param('crm_calls.hold_minutes', '10')
        self.order.with_user(self.manager).action_hold()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=9)):
            self.assertEqual(self._next(self.colleague), self.younger)
        self.younger.with_user(self.colleague).action_release()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.order.with_user(self.colleague).action_hold()
        self.assertEqual(self.order.call_user_id, self.colleague)

    def test_release_gives_back_only_what_is_own(self):
        self.order.with_user(self.manager).action_hold()
        self.order.with_user(self.colleague).action_release()
        self.assertEqual(self.order.call_user_id, self.manager)
        self.order.with_user(self.manager).action_release()
        self.assertFalse(self.order.call_user_id)

    def test_who_may_not_write_orders_cannot_take_one(self):
        representative = self._create_user('service_representative')
        with self.assertRaises(AccessError):
            self._next(representative)

    # logging

    def test_logged_call_is_kept_and_gives_the_order_back(self):
        self.order.with_user(self.manager).action_hold()
        with freeze_time('2026-03-02 09:00:00'):
            call = self._log(
                self.order, self.manager, self.promised, duration=3.5, note="Pays on Friday.")
        self.assertRecordValues(
            call,
            [
                {
                    'partner_id': self.customer.id,
                    'user_id': self.manager.id,
                    'outcome_id': self.promised.id,
                    'duration': 3.5,
                    'note': "Pays on Friday.",
                    'phone': self.customer.phone,
                    'document_ref': self.order,
                    'callback_at': datetime(2026, 3, 4, 9, 0),
                }
            ],
        )
        self.assertRecordValues(self.order, [{
            'call_count': 1, 'last_call_id': call.id, 'call_state': 'to_call',
            'next_call_at': datetime(2026, 3, 4, 9, 0), 'call_user_id': False,
            'order_manager_id': self.manager.id,
        }])

    def test_first_caller_becomes_the_manager_and_stays(self):
        self._log(self.order, self.manager, self.no_answer)
        self._log(self.order, self.colleague, self.no_answer)
        self.assertEqual(self.order.order_manager_id, self.manager)

    def test_lost_order_is_not_called_again(self):
        self._log(self.order, self.manager, self.lost)
        self.assertEqual(self.order.call_state, 'done')

    def test_archived_outcome_is_refused(self):
        self.lost.active = False
        with self.assertRaisesRegex(UserError, "Choose one of"):
            self._log(self.order, self.manager, self.lost)

    def test_unknown_outcome_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose one of"):
            self._log(self.order, self.manager, 987654321)

    def test_negative_duration_is_refused_by_name(self):
        with self.assertRaisesRegex(UserError, self.order.name):
            self._log(self.order, self.manager, self.promised, duration=-1.0)

    def test_call_back_in_the_past_is_refused_by_name(self):
        with self.assertRaisesRegex(UserError, f"{self.order.name}.*past"):
            self._log(self.order, self.manager, self.callback, callback_at='2020-01-01 10:00:00')

    def test_call_back_without_time_is_refused(self):
        with self.assertRaisesRegex(UserError, "called back"):
            self._log(self.order, self.manager, self.callback)

    def test_paid_order_is_refused(self):
        self._pay(self._create_bill(self.order))
        with self.assertRaisesRegex(UserError, f"{self.order.name}.* is paid"):
            self._log(self.order, self.manager, self.promised)

    def test_cancelled_order_is_refused(self):
        self.order._action_cancel()
        with self.assertRaisesRegex(UserError, f"{self.order.name}.* is cancelled"):
            self._log(self.order, self.manager, self.promised)

    def test_deleted_order_leaves_its_calls_with_the_customer(self):
        call = self._log(self.order, self.manager, self.lost)
        self.order._action_cancel()
        self.order.unlink()
        self.assertRecordValues(call, [{
            'partner_id': self.customer.id, 'res_model': False, 'res_id': 0}])

    # until it is paid

    def test_quotation_waits_only_once_it_is_sent(self):
        quotation = self._create_order(confirm=False)
        self.assertEqual(quotation.call_state, 'done')
        quotation.action_quotation_sent()
        self.assertEqual(quotation.call_state, 'to_call')

    def test_paid_order_leaves_and_comes_back_when_the_payment_is_undone(self):
        self.younger._action_cancel()
        self._log(self.order, self.manager, self.promised)
        payment = self._pay(self._create_bill(self.order))
        self.assertEqual(self.order.call_state, 'done')
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self.order.call_state, 'to_call')
        with freeze_time(fields.Datetime.now() + timedelta(hours=49)):
            self.assertEqual(self._next(self.manager), self.order)

    def test_order_with_a_part_payment_stays(self):
        self._pay(self._create_bill(self.order), 30.0)
        self.assertEqual(self._next(self.manager), self.order)

    # who may manage

    def test_only_people_with_the_role_can_manage(self):
        seller = self._create_user('account_representative')
        with self.assertRaisesRegex(
            ValidationError, f"{self.order.name}.*{re.escape(seller.name)} is no order manager"
        ):
            self.order.order_manager_id = seller

    def test_lead_decides_who_manages(self):
        self.order.with_user(self.lead).order_manager_id = self.colleague
        self.assertEqual(self.order.order_manager_id, self.colleague)

    def test_manager_does_not_decide_who_manages(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.manager).order_manager_id = self.manager

    def test_change_of_manager_is_tracked(self):
        order = self.order.with_context(tracking_disable=False, mail_notrack=False)
        self._commit_tracking()
        order.with_user(self.lead).order_manager_id = self.colleague
        self._commit_tracking()
        changed = order.message_ids.sudo().tracking_value_ids.field_id.mapped('name')
        self.assertIn('order_manager_id', changed)

    def _commit_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
