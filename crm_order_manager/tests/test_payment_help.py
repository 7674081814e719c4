from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestPaymentLink(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'quinn@example.com'
        cls.order = cls._create_order(250.0)
        cls.template = cls.env.ref('crm_order_manager.mail_template_payment_link')

    def _send(self, order=None, user=None):
        """Let `user` send the link, and return the message it made."""
        order = (order or self.order).with_user(user or self.manager)
        known = order.message_ids
        order.action_send_payment_link()
        return (order.message_ids - known).sudo()

    def test_link_for_what_is_unpaid_is_mailed_and_logged(self):
        self._pay_online(self.order, 100.0)
        message = self._send()
        self.assertEqual(message.partner_ids, self.customer)
        self.assertIn(self.order.name, message.subject)
        self.assertIn(f'/my/orders/{self.order.id}?', message.body)
        self.assertIn('payment_amount=150.0', message.body)
        self.assertIn("150.00", message.body)
        self.assertEqual(message.author_id, self.manager.partner_id)

    def test_every_open_bill_has_its_link(self):
        first = self._create_down_payment(self.order, 100.0)
        second = self._create_bill(self.order)
        message = self._send()
        for bill, amount in ((first, "100.0"), (second, "250.0")):
            self.assertIn(bill.name, message.body)
            self.assertIn(f'/my/invoices/{bill.id}', message.body)
            self.assertIn(f'amount={amount}', message.body)

    def test_link_goes_to_who_gets_the_bills_if_he_has_an_address(self):
        office = self.env['res.partner'].create({
            'name': "Accounts", 'parent_id': self.customer.id, 'type': 'invoice'})
        self.order.partner_invoice_id = office
        self.assertEqual(self._send().partner_ids, self.customer)
        office.email = 'accounts@example.com'
        self.assertEqual(self._send().partner_ids, office)

    def test_link_is_sent_in_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.template.with_context(lang='fr_FR').subject = "Votre paiement {{ object.name }}"
        self.customer.lang = 'fr_FR'
        self.assertEqual(self._send().subject, f"Votre paiement {self.order.name}")

    def test_without_address_nothing_is_sent(self):
        self.customer.email = False
        with self.assertRaisesRegex(
            UserError, f"{self.order.name}.*Quinn Carpentry has no e-mail address"
        ):
            self._send()

    def test_nothing_is_sent_when_nothing_is_to_be_paid(self):
        self._pay(self._create_bill(self.order))
        with self.assertRaisesRegex(UserError, f"{self.order.name} is paid"):
            self._send()
        cancelled = self._create_order(100.0)
        cancelled._action_cancel()
        with self.assertRaisesRegex(UserError, f"{cancelled.name} is cancelled"):
            self._send(cancelled)

    def test_reason_of_odoo_against_a_link_is_told(self):
        quotation = self._create_order(
            100.0, confirm=False, validity_date=fields.Date.today() - timedelta(days=1))
        quotation.action_quotation_sent()
        with self.assertRaisesRegex(UserError, f"{quotation.name}.*expired"):
            self._send(quotation)

    def test_seller_sends_a_link_for_his_order_too(self):
        seller = self._create_user('account_representative')
        self.order.user_id = seller
        self.assertTrue(self._send(user=seller))

    def test_who_only_reads_orders_sends_nothing(self):
        for role in ('service_representative', 'marketing_manager'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._send(user=self._create_user(role))


@tagged('post_install', '-at_install')
class TestPaymentFailed(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(100.0)
        cls.others = [cls._create_order(900.0) for _number in range(2)]
        cls.others[0].date_order = '2026-01-01 10:00:00'

    def _next(self, user):
        with self.enter_registry_test_mode():
            action = self.env['sale.order'].with_user(user).action_call_next()
        return self.env['sale.order'].browse(action.get('res_id', []))

    def _fail(self, order, at=None, **values):
        with freeze_time(at or fields.Datetime.now()):
            return self._pay_online(order, 100.0, 'error', **values)

    def test_order_nobody_tried_to_pay_has_no_failed_payment(self):
        self.assertRecordValues(self.order, [{
            'payment_failed_at': False, 'payment_failed_message': False}])
        self.assertFalse(self.order._call_difficulty())

    def test_failed_payment_is_told_with_what_the_provider_says(self):
        self._fail(self.order, '2026-03-02 09:00:00')
        self.assertRecordValues(self.order, [{
            'payment_failed_at': fields.Datetime.to_datetime('2026-03-02 09:00:00'),
            'payment_failed_message': "The card was refused."}])

    def test_cancelled_payment_is_told_too(self):
        self._pay_online(self.order, 100.0, 'draft')._set_canceled()
        self.assertIn("cancelled the payment", self.order.payment_failed_message)

    def test_order_with_a_failed_payment_is_called_about_next(self):
        self._fail(self.order)
        self.assertEqual(self._next(self.manager), self.order)

    def test_desk_shows_it_where_it_is_given_out_and_why(self):
        self._fail(self.order)
        row = self.env['sale.order'].with_user(self.manager).get_call_desk_queue()['rows'][0]
        self.assertEqual(row['id'], self.order.id)
        self.assertIn("The card was refused.", row['why'])

    def test_whoever_is_free_calls_whoever_manages_the_order(self):
        self.order.order_manager_id = self.colleague
        self._fail(self.order)
        self.assertEqual(self._next(self.manager), self.order)
        self.assertEqual(self.order.order_manager_id, self.colleague)

    def test_failed_payment_comes_before_its_planned_call(self):
        self.order.with_user(self.colleague).log_call(self.callback, callback_at=self._tomorrow())
        self._fail(self.order, fields.Datetime.now() + timedelta(seconds=5))
        self.assertEqual(self._next(self.manager), self.order)

    def test_own_call_back_that_is_due_comes_before_a_failed_payment(self):
        self.others[1].with_user(self.manager).log_call(
            self.callback, callback_at=self._tomorrow())
        with freeze_time(self._tomorrow() + timedelta(minutes=1)):
            self._fail(self.order, fields.Datetime.now())
            self.assertEqual(self._next(self.manager), self.others[1])

    def test_latest_failed_payment_comes_first(self):
        self._fail(self.others[0], '2026-03-02 09:00:00')
        self._fail(self.order, '2026-03-02 10:00:00')
        self.assertEqual(self._next(self.manager), self.order)

    def test_call_settles_it(self):
        self._fail(self.order, fields.Datetime.now() - timedelta(minutes=1))
        self.order.with_user(self.manager).log_call(self.promised)
        self.assertFalse(self.order.payment_failed_at)
        self.assertNotEqual(self._next(self.manager), self.order)

    def test_later_payment_settles_it(self):
        self._fail(self.order)
        self._pay_online(self.order, 100.0)
        self.assertFalse(self.order.payment_failed_at)
        self.assertEqual(self.order.call_state, 'done')

    def test_pending_second_attempt_settles_it(self):
        self._fail(self.order, fields.Datetime.now() - timedelta(minutes=1))
        self._pay_online(self.order, 100.0, 'pending')
        self.assertFalse(self.order.payment_failed_at)

    def test_payment_by_bank_settles_it(self):
        self._fail(self.order)
        self._pay(self._create_bill(self.order))
        self.assertFalse(self.order.payment_failed_at)

    def test_failed_payment_of_a_bill_counts_for_its_order(self):
        bill = self._create_bill(self.order)
        transaction = self._create_transaction(
            'direct', amount=100.0, partner_id=self.customer.id, invoice_ids=bill.ids,
            reference='bill-error')
        transaction._set_error("Insufficient funds.")
        self.assertEqual(self.order.payment_failed_message, "Insufficient funds.")

    def test_lost_order_is_called_about_again_but_not_who_wants_no_calls(self):
        self.order.with_user(self.manager).log_call(self.lost)
        opt_out = self.env.ref('crm_calls.crm_call_outcome_opt_out')
        self.others[0].with_user(self.manager).log_call(opt_out)
        later = fields.Datetime.now() + timedelta(seconds=5)
        for order in (self.order, self.others[0]):
            self._fail(order, later)
        self.assertEqual(self.order.call_state, 'to_call')
        self.assertEqual(self.others[0].call_state, 'done')

    def test_draft_of_who_could_not_pay_in_the_shop_is_called_about(self):
        draft = self._create_order(100.0, confirm=False)
        self.assertEqual(draft.call_state, 'done')
        self._fail(draft, fields.Datetime.now() - timedelta(minutes=1))
        self.assertEqual(self._next(self.manager), draft)
        draft.with_user(self.manager).log_call(self.promised)
        self.assertEqual(draft.call_state, 'to_call')

    def test_refund_that_fails_is_no_attempt_of_the_customer(self):
        self._pay_online(self.order, 30.0)
        self._fail(self.order, operation='refund')
        self.assertFalse(self.order.payment_failed_at)

    def _warnings(self, order):
        kind = self.env.ref('crm_order_manager.mail_activity_type_failed_payment')
        return order.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_supervisor_is_warned_once_where_the_team_says_so(self):
        transaction = self._fail(self.order)
        self.assertFalse(self._warnings(self.order))
        self.order.team_id.warn_failed_payment = True
        self.order.team_id.user_id = self.lead
        transaction = self._pay_online(self.order, 50.0, 'error')
        transaction._set_error("Again.")
        warning = self._warnings(self.order)
        self.assertRecordValues(warning, [{'user_id': self.lead.id}])
        self.assertIn("The card was refused.", warning.note)

    def test_warnings_are_spread_over_who_has_the_fewest(self):
        team = self.order.team_id
        team.write({'warn_failed_payment': True, 'user_id': False})
        supervisor = self._create_user('service_supervisor')
        others = self.env['res.users'].search([
            ('all_group_ids', 'in', self.env.ref('crm_roles.group_service_supervisor').ids),
            ('id', 'not in', [supervisor.id, self.env.uid])])
        others.write({'group_ids': [
            Command.unlink(self.env.ref('crm_roles.group_service_supervisor').id),
            Command.unlink(self.env.ref('crm_roles.group_call_center_lead').id)]})
        for order in (self.order, self.others[0]):
            self._fail(order)
        warned = self._warnings(self.order).user_id + self._warnings(self.others[0]).user_id
        self.assertEqual(warned, self.lead + supervisor)
