from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestAmountUnpaid(OrderManagerCommon):
    """What is still to be paid for an order; every figure is worked out by hand."""

    def test_confirmed_order_is_unpaid_in_full(self):
        self.assertEqual(self._create_order(250.0).amount_unpaid, 250.0)

    def test_cancelled_order_owes_nothing(self):
        order = self._create_order(250.0)
        order._action_cancel()
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_cancelled_order_owes_again_when_set_back(self):
        order = self._create_order(250.0)
        order._action_cancel()
        order.action_draft()
        self.assertEqual(order.amount_unpaid, 250.0)

    def test_draft_bill_changes_nothing(self):
        order = self._create_order(250.0)
        self._create_bill(order, post=False)
        self.assertEqual(order.amount_unpaid, 250.0)

    def test_posted_bill_is_owed_until_it_is_paid(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        self.assertEqual(order.amount_unpaid, 250.0)
        self._pay(bill)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_part_payment_is_taken_off(self):
        order = self._create_order(250.0)
        self._pay(self._create_bill(order), 100.0)
        self.assertEqual(order.amount_unpaid, 150.0)

    def test_reversed_payment_is_owed_again(self):
        order = self._create_order(250.0)
        payment = self._pay(self._create_bill(order))
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(order.amount_unpaid, 250.0)

    def test_partly_billed_order_owes_the_rest(self):
        order, bill = self._create_order_billed_by_one(4, 50.0)
        self._pay(bill)
        self.assertEqual(order.amount_unpaid, 150.0)  # 4 x 50 ordered, 1 x 50 billed and paid

    def test_overpaid_order_owes_nothing(self):
        order = self._create_order(250.0)
        self._pay(self._create_bill(order), 300.0)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_down_payment_is_taken_off_and_not_twice(self):
        order = self._create_order(250.0)
        self._pay(self._create_down_payment(order, 60.0))
        self.assertEqual(order.amount_unpaid, 190.0)
        rest = order._create_invoices(final=True)
        rest.action_post()
        self.assertEqual(rest.amount_total, 190.0)
        self.assertEqual(order.amount_unpaid, 190.0)
        self._pay(rest)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_credit_note_of_an_unpaid_bill_is_taken_off(self):
        order = self._create_order(250.0)
        self._credit(self._create_bill(order), 40.0)
        self.assertEqual(order.amount_unpaid, 210.0)

    def test_credit_note_counts_once_when_it_settles_the_bill(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        note = self._credit(bill, 40.0)
        (bill + note).line_ids.filtered(
            lambda line: line.account_type == 'asset_receivable').reconcile()
        self.assertEqual(bill.amount_residual, 210.0)
        self.assertEqual(order.amount_unpaid, 210.0)
        self._pay(bill)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_money_paid_back_does_not_count_as_paid(self):
        order, bill = self._create_order_billed_by_one(2, 125.0)
        self._pay(bill)
        self.assertEqual(order.amount_unpaid, 125.0)
        note = self._credit(bill, 40.0)
        self._pay_back(note)
        # 250 ordered less 40 credited is 210; 125 came and 40 went back, so 85 are there
        self.assertEqual(order.amount_unpaid, 125.0)

    def test_refunded_order_owes_nothing(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        self._pay(bill)
        note = self._credit(bill)
        self._pay_back(note)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_bill_replaced_by_a_new_one_is_owed(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        wizard = (
            self.env['account.move.reversal']
            .with_context(active_model='account.move', active_ids=bill.ids)
            .create({'journal_id': bill.journal_id.id})
        )
        wizard.modify_moves()
        wizard.new_move_ids.filtered(lambda move: move.move_type == 'out_invoice').action_post()
        self.assertEqual(order.amount_unpaid, 250.0)

    def test_discount_given_on_the_bill_is_not_owed(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order, post=False)
        bill.invoice_line_ids.discount = 10.0
        bill.action_post()
        self.assertEqual(order.amount_unpaid, 225.0)
        self._pay(bill)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_bill_over_two_orders_is_shared_by_their_lines(self):
        orders = self._create_order(100.0) + self._create_order(300.0)
        bill = self._create_bill(orders)
        self.assertEqual(bill.amount_total, 400.0)
        self._pay(bill, 200.0)
        self.assertEqual(orders.mapped('amount_unpaid'), [50.0, 150.0])
        self._pay(bill, 200.0)
        self.assertEqual(orders.mapped('amount_unpaid'), [0.0, 0.0])

    def test_rounded_tax_leaves_no_cent(self):
        tax = self.env['account.tax'].create(
            {
                'name': "VAT",
                'amount': 23.0,
                'country_id': self.env.company.account_fiscal_country_id.id,
            }
        )
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id,
            'order_line': [
                Command.create({
                    'product_id': self.drill.id, 'product_uom_qty': 3, 'price_unit': price,
                    'tax_ids': [Command.set(tax.ids)]})
                for price in (0.33, 7.77, 19.99)
            ],
        })
        order.action_confirm()
        self._pay(self._create_bill(order))
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_payment_in_another_currency_is_converted(self):
        foreign = self.setup_other_currency('GBP', rates=[('2016-01-01', 2.0)])
        order = self._create_order(100.0)
        self._pay(self._create_bill(order), 120.0, currency_id=foreign.id)
        self.assertEqual(order.amount_unpaid, 40.0)  # 2 of the foreign currency for 1 of ours

    def test_order_in_another_currency_is_owed_in_it(self):
        foreign = self.setup_other_currency('GBP', rates=[('2016-01-01', 2.0)])
        pricelist = self.env['product.pricelist'].create(
            {'name': "Abroad", 'currency_id': foreign.id}
        )
        order = self._create_order(100.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, foreign)
        self._pay(self._create_bill(order), 30.0, currency_id=foreign.id)
        self.assertEqual(order.amount_unpaid, 70.0)

    def test_done_transaction_pays_an_order_without_bill(self):
        order = self._create_order(250.0)
        self._pay_online(order, 250.0)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_authorised_transaction_counts(self):
        order = self._create_order(250.0)
        demo = self.env.ref('payment.payment_provider_demo').sudo().copy(
            {'company_id': self.env.company.id, 'state': 'test', 'capture_manually': True})
        self._pay_online(
            order, 100.0, 'authorized', provider_id=demo.id,
            payment_method_id=self.env.ref('payment_demo.payment_method_demo').id)
        self.assertEqual(order.amount_unpaid, 150.0)

    def test_pending_and_failed_transactions_do_not_count(self):
        order = self._create_order(250.0)
        self._pay_online(order, 250.0, 'pending')
        self._pay_online(order, 250.0, 'error')
        self.assertEqual(order.amount_unpaid, 250.0)

    def test_transaction_counts_once_when_its_payment_pays_the_bill(self):
        order = self._create_order(250.0)
        transaction = self._pay_online(order, 100.0)
        self.assertTrue(transaction.payment_id)
        self.assertEqual(order.amount_unpaid, 150.0)
        bill = self._create_bill(order)  # Odoo reconciles the payment with it
        self.assertEqual(bill.amount_residual, 150.0)
        self.assertEqual(order.amount_unpaid, 150.0)
        self._pay(bill, 150.0)
        self.assertEqual(order.amount_unpaid, 0.0)

    def test_cancelled_payment_of_a_transaction_is_owed_again(self):
        order = self._create_order(250.0)
        transaction = self._pay_online(order, 250.0)
        transaction.payment_id.action_draft()
        transaction.payment_id.action_cancel()
        self.assertEqual(order.amount_unpaid, 250.0)

    def test_transaction_on_the_bill_pays_the_order(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        transaction = self._create_transaction(
            'direct', amount=250.0, currency_id=bill.currency_id.id, partner_id=self.customer.id,
            invoice_ids=[Command.set(bill.ids)], reference='bill-250')
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.amount_unpaid, 0.0)


@tagged('post_install', '-at_install')
class TestAmountUnpaidWithoutOutstandingAccount(TestAmountUnpaid):
    """The same figures where payments make no journal entry until the bank statement comes.

    So it is with an accounting application on top of Odoo, where nobody chose outstanding accounts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                cls.env.registry['account.move'],
                '_get_invoice_in_payment_state',
                lambda move: 'in_payment',
            )
        )
        lines = cls.inbound_payment_method_line + cls.outbound_payment_method_line
        lines += cls.provider.journal_id.inbound_payment_method_line_ids
        lines.payment_account_id = False

    def _pay_back(self, note):
        # the bill was still open, so the credit note has settled it and nothing is left to pay back
        self.assertEqual(note.amount_residual, 0.0)

    def test_bank_statement_is_not_taken_off_again(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        self._pay(bill, 100.0)
        self.assertEqual(bill.amount_residual, 250.0)
        self.assertEqual(order.amount_unpaid, 150.0)
        line = self.env['account.bank.statement.line'].create({
            'journal_id': self.company_data['default_journal_bank'].id,
            'payment_ref': "Transfer", 'partner_id': self.customer.id, 'amount': 100.0})
        _liquidity, suspense, _other = line.with_context(
            skip_account_move_synchronization=True)._seek_for_lines()
        suspense.account_id = bill.line_ids.filtered(
            lambda item: item.display_type == 'payment_term').account_id
        (
            suspense + bill.line_ids.filtered(lambda item: item.display_type == 'payment_term')
        ).reconcile()
        self.assertEqual(bill.amount_residual, 150.0)
        self.assertEqual(order.amount_unpaid, 150.0)

    def test_transaction_counts_once_when_its_payment_pays_the_bill(self):
        order = self._create_order(250.0)
        self._pay_online(order, 100.0)
        self.assertEqual(order.amount_unpaid, 150.0)
        bill = self._create_bill(order)
        self.assertEqual(order.amount_unpaid, 150.0)
        self._pay(bill, 150.0)
        self.assertEqual(order.amount_unpaid, 0.0)
