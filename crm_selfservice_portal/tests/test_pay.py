from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .pay_common import PayCommon


@tagged('post_install', '-at_install')
class TestPay(PayCommon):
    """Where the money goes when it has come; every figure is worked out by hand."""

    def _left(self):
        """Return what is still to be paid of each bill."""
        return [bill._amount_not_paid() for bill in self.bills]

    def test_chosen_bills_are_paid_and_no_other(self):
        transaction = self._pay_choices([(self.bills[0], 100.0), (self.bills[2], 20.5)])
        self.assertEqual(self._left(), [0.0, 80.0, 0.0])
        self.assertEqual(transaction.payment_id.amount, 120.5)
        self.assertEqual(transaction.choice_ids.payment_id, transaction.payment_id)
        self.assertEqual(set(transaction.choice_ids.mapped('is_settled')), {True})
        self.assertEqual(sum(transaction.choice_ids.mapped('amount_rest')), 0.0)

    def test_part_amounts_go_where_they_were_chosen(self):
        transaction = self._pay_choices(
            [(self.bills[0], 30.0), (self.bills[1], 80.0), (self.bills[2], 10.5)])
        self.assertEqual(self._left(), [70.0, 0.0, 10.0])
        self.assertEqual(sorted(transaction.choice_ids.payment_id.mapped('amount')),
                         [10.5, 30.0, 80.0])

    def test_credit_note_is_set_off(self):
        note = self._credit(30.0, '2025-01-15')
        transaction = self._pay_choices([(self.bills[0], 100.0), (note, -30.0)])
        self.assertEqual(transaction.payment_id.amount, 70.0)
        self.assertEqual(self._left(), [0.0, 80.0, 20.5])
        self.assertEqual(note._amount_not_paid(), 0.0)

    def test_money_on_account_is_used_for_nothing_else(self):
        transaction = self._pay_choices([(self.bills[0], 100.0), (self.acorn, 50.0)])
        self.assertEqual(self._left(), [0.0, 80.0, 20.5])
        self.assertEqual(transaction.payment_id.amount, 150.0)
        self.assertEqual(transaction.payment_id._amount_not_used(), 50.0)

    def test_everything_at_once(self):
        order = self._order(500.0)
        note = self._credit(30.0, '2025-01-15')
        before = self._balance() if self._outstanding_account() else 0.0
        transaction = self._pay_choices([
            (self.bills[0], 100.0), (self.bills[1], 20.0), (note, -30.0), (order, 200.0),
            (self.acorn, 60.0)])
        self.assertEqual(transaction.amount, 350.0)
        self.assertEqual(sum(transaction.choice_ids.payment_id.mapped('amount')), 350.0)
        self.assertEqual(self._left(), [0.0, 60.0, 20.5])
        self.assertEqual(order.amount_unpaid, 300.0)
        if self._outstanding_account():
            self.assertEqual(self._balance(), before - 350.0)

    def test_bill_paid_meanwhile_leaves_the_money_on_account_and_somebody_is_told(self):
        accountant = new_test_user(
            self.env, 'bookkeeper', 'account.group_account_invoice',
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)])
        self.company.payment_rest_user_id = accountant
        first, second = (self._pay_choices([(self.bills[0], 100.0), (self.bills[1], 80.0)],
                                           user=user, state=None)
                         for user in (self.ann, self.ben))
        self._finish(first)
        self._pay(self.bills[2], '2025-02-01')
        self._finish(second)
        self.assertEqual(self._left(), [0.0, 0.0, 0.0])
        self.assertEqual(sorted(second.choice_ids.mapped('amount_rest')), [80.0, 100.0])
        self.assertEqual(second.payment_id._amount_not_used(), 180.0)
        activity = second.payment_id.activity_ids
        self.assertEqual(activity.user_id, accountant)
        self.assertIn("180.00", activity.summary)
        self.assertIn(self.bills[0].name, activity.note)
        self.assertFalse(first.payment_id.activity_ids)

    def test_bill_paid_in_part_meanwhile(self):
        transaction = self._pay_choices([(self.bills[0], 100.0)], state=None)
        self._pay_choices([(self.bills[0], 40.0)], user=self.ben)
        self._finish(transaction)
        self.assertEqual(self._left(), [0.0, 80.0, 20.5])
        self.assertEqual(transaction.choice_ids.amount_rest, 40.0)

    def test_bill_cancelled_meanwhile_is_not_posted_again(self):
        transaction = self._pay_choices([(self.bills[0], 100.0)], state=None)
        self.bills[0].button_draft()
        self._finish(transaction)
        self.assertEqual(self.bills[0].state, 'draft')
        self.assertEqual(transaction.choice_ids.amount_rest, 100.0)
        self.assertEqual(transaction.payment_id.amount, 100.0)

    def test_credit_note_used_meanwhile_leaves_the_bill_open(self):
        note = self._credit(30.0, '2025-01-15')
        transaction = self._pay_choices([(self.bills[0], 100.0), (note, -30.0)], state=None)
        (note + self.bills[1]).line_ids.filtered(
            lambda line: line.account_type == 'asset_receivable').reconcile()
        self._finish(transaction)
        self.assertEqual(self._left(), [30.0, 50.0, 20.5])

    def test_processing_twice_pays_once(self):
        transaction = self._pay_choices([(self.bills[0], 100.0)])
        transaction._post_process()
        transaction._set_done()
        self.assertEqual(self.env['account.payment'].search_count(
            [('payment_transaction_id', '=', transaction.id)]), 1)

    def test_each_customer_is_paid_for_on_his_own_account(self):
        timber = self._create_customer("Acorn Timber", parent_id=self.acorn.id)
        theirs = self._bill(40.0, '2025-01-10', partner=timber)
        transaction = self._pay_choices([(self.bills[0], 100.0), (theirs, 40.0)])
        payments = transaction.choice_ids.payment_id
        self.assertEqual({payment.partner_id: payment.amount for payment in payments},
                         {self.acorn: 100.0, timber: 40.0})
        self.assertEqual(theirs._amount_not_paid(), 0.0)

    def test_bills_of_several_contacts_of_a_company(self):
        bill = self._bill(40.0, '2025-01-10', partner=self.ben.partner_id)
        transaction = self._pay_choices([(self.bills[0], 100.0), (bill, 40.0)])
        self.assertEqual(transaction.choice_ids.payment_id.amount, 140.0)
        self.assertEqual(bill._amount_not_paid(), 0.0)

    def test_failed_payment_pays_nothing(self):
        order = self._order(50.0)
        transaction = self._pay_choices([(self.bills[0], 100.0), (order, 50.0)], state=None)
        transaction._set_error("The card was refused.")
        transaction._post_process()
        self.assertEqual(self._left(), [100.0, 80.0, 20.5])
        self.assertEqual(order.amount_unpaid, 50.0)
        self.assertEqual(order.payment_failed_message, "The card was refused.")
        self.assertFalse(transaction.payment_id)

    def test_paid_order_is_billed_later(self):
        order, other = self._order(250.0), self._order(90.0)
        self._pay_choices([(order, 100.0), (other, 90.0)])
        self.assertEqual((order.amount_unpaid, other.amount_unpaid), (150.0, 0.0))
        bill = order._create_invoices()
        bill.action_post()
        self.assertEqual(bill._amount_not_paid(), 150.0)
        self.assertEqual((order.amount_unpaid, other.amount_unpaid), (150.0, 0.0))
        self._pay_choices([(bill, 150.0)])
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_order_paid_or_cancelled_meanwhile(self):
        order, dropped = self._order(50.0), self._order(20.0)
        transaction = self._pay_choices([(order, 50.0), (dropped, 20.0)], state=None)
        self._pay_choices([(order, 30.0)], user=self.ben)
        dropped._action_cancel()
        self._finish(transaction)
        rests = {choice.order_id: choice.amount_rest for choice in transaction.choice_ids}
        self.assertEqual(rests, {order: 30.0, dropped: 20.0})
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_order_billed_meanwhile(self):
        order = self._order(50.0)
        transaction = self._pay_choices([(order, 50.0)], state=None)
        bill = order._create_invoices()
        bill.action_post()
        self._finish(transaction)
        self.assertEqual(bill._amount_not_paid(), 0.0)
        self.assertEqual(order.amount_unpaid, 0.0)
        self.assertEqual(transaction.choice_ids.amount_rest, 0.0)

    def test_money_counts_for_the_order_before_it_is_settled(self):
        order = self._order(250.0)
        bill = order._create_invoices()
        bill.action_post()
        transaction = self._pay_choices([(bill, 100.0), (self.acorn, 70.0)], state=None)
        transaction._set_done()
        self.assertEqual(order.amount_unpaid, 150.0)
        transaction._post_process()
        self.assertEqual(order.amount_unpaid, 150.0)

    def test_discount_for_early_payment(self):
        term = self.env['account.payment.term'].create({
            'name': "2 % in 10 days", 'early_discount': True, 'discount_percentage': 2,
            'discount_days': 10, 'line_ids': [Command.create({
                'value': 'percent', 'value_amount': 100, 'nb_days': 30})]})
        early = self._bill(
            200.0, fields.Date.today(), invoice_payment_term_id=term.id, due=None)
        self.assertEqual(early._amount_payable(), 196.0)
        self._pay_choices([(self.bills[0], 100.0), (early, 196.0)])
        self.assertEqual(self.bills[0]._amount_not_paid(), 0.0)
        if self._outstanding_account():
            self.assertEqual(early._amount_not_paid(), 0.0)

    def test_wire_transfer_is_settled_when_the_money_has_come(self):
        wire = self._create_provider('payment.payment_provider_transfer')
        transaction = self._pay_choices(
            [(self.bills[0], 100.0), (self.bills[1], 80.0)], state='pending', provider_id=wire.id)
        self.assertEqual(self._left(), [100.0, 80.0, 20.5])
        transaction.action_money_received()
        self.assertEqual(self._left(), [0.0, 0.0, 20.5])
        with self.assertRaises(UserError):
            transaction.action_money_received()

    def test_only_who_keeps_the_books_says_that_money_has_come(self):
        wire = self._create_provider('payment.payment_provider_transfer')
        transaction = self._pay_choices(
            [(self.bills[0], 100.0)], state='pending', provider_id=wire.id)
        for user in (self.ann, self.roles['service_representative']):
            with self.subTest(user=user.login), self.assertRaises(Exception) as caught:
                transaction.with_user(user).action_money_received()
            self.assertEqual(type(caught.exception).__name__, 'AccessError')
        self.assertEqual(self.bills[0]._amount_not_paid(), 100.0)

    def test_cancelled_later_all_payments_are_cancelled(self):
        transaction = self._pay_choices([(self.bills[0], 30.0), (self.bills[1], 20.0)])
        transaction._set_canceled(extra_allowed_states=('done',))
        transaction._post_process()
        self.assertEqual(set(transaction.choice_ids.payment_id.mapped('state')), {'canceled'})
        self.assertEqual(self._left(), [100.0, 80.0, 20.5])


@tagged('post_install', '-at_install')
class TestPayWithoutOutstandingAccount(TestPay):
    """The same where payments have no journal entry until the bank statement comes."""

    @classmethod
    def _outstanding_account(cls):
        return cls.env['account.account']
