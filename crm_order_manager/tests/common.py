from odoo import fields
from odoo.fields import Command

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.crm_roles.tests.mixins import BooksMixin, PeopleMixin, RulesMixin, StatementsMixin


class OrderManagerCommon(
        PeopleMixin, RulesMixin, BooksMixin, StatementsMixin, AccountPaymentCommon):
    """A customer, a product without tax, and the people of a call centre."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user('order_manager')
        cls.colleague = cls._create_user('order_manager', 'colleague')
        cls.lead = cls._create_user('call_center_lead')
        cls.customer = cls.env['res.partner'].create({
            'name': "Quinn Carpentry", 'is_company': True, 'phone': "+353 21 555 0100"})
        cls.drill = cls.env['product.product'].create({
            'name': "Pillar Drill", 'list_price': 100.0, 'taxes_id': [Command.clear()],
            'invoice_policy': 'order'})
        cls.no_answer = cls.env.ref('crm_calls.crm_call_outcome_no_answer')
        cls.callback = cls.env.ref('crm_calls.crm_call_outcome_callback')
        cls.promised = cls.env.ref('crm_calls.crm_call_outcome_promised')
        cls.lost = cls.env.ref('crm_calls.crm_call_outcome_lost')

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref('crm_roles.group_sales_manager')

    @classmethod
    def _create_order(cls, amount=100.0, confirm=True, **values):
        """Return an order over `amount`, confirmed unless told otherwise."""
        order = cls.env['sale.order'].create({
            'partner_id': cls.customer.id,
            'order_line': [Command.create({
                'product_id': cls.drill.id, 'product_uom_qty': 1, 'price_unit': amount,
                'tax_ids': [Command.clear()]})],
            **values,
        })
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _create_bill(cls, orders, post=True):
        """Return the bill over all of the orders that can be billed."""
        bills = orders._create_invoices()
        if post:
            bills.action_post()
        return bills

    @classmethod
    def _create_order_billed_by_one(cls, quantity, price):
        """Return a confirmed order over some pieces, and the posted bill over one of them."""
        order = cls._create_order(order_line=[Command.create({
            'product_id': cls.drill.id, 'product_uom_qty': quantity, 'price_unit': price,
            'tax_ids': [Command.clear()]})])
        bill = cls._create_bill(order, post=False)
        bill.invoice_line_ids.quantity = 1
        bill.action_post()
        return order, bill

    @classmethod
    def _create_down_payment(cls, order, amount):
        wizard = cls.env['sale.advance.payment.inv'].with_context(
            active_model='sale.order', active_ids=order.ids).create({
                'advance_payment_method': 'fixed', 'fixed_amount': amount})
        wizard.create_invoices()
        bill = order.invoice_ids.filtered(lambda move: move.state == 'draft')
        bill.action_post()
        return bill

    @classmethod
    def _pay(cls, bill, amount=None, **values):
        """Register a payment of the bill, in full unless an amount is given, and return it."""
        if amount is not None:
            values['amount'] = amount
        return cls._register_payment(
            bill, payment_method_line_id=cls.inbound_payment_method_line.id, **values
        )

    @classmethod
    def _pay_back(cls, note):
        """Register that the amount of the credit note was paid back, and return the payment."""
        return cls._register_payment(
            note, payment_method_line_id=cls.outbound_payment_method_line.id
        )

    @classmethod
    def _credit(cls, bill, amount=None):
        """Make, post and return a credit note of the bill, over `amount` if it is given."""
        wizard = (
            cls.env['account.move.reversal']
            .with_context(active_model='account.move', active_ids=bill.ids)
            .create({'journal_id': bill.journal_id.id})
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        if amount is not None:
            note.invoice_line_ids.price_unit = amount
        note.action_post()
        return note

    def _pay_online(self, order, amount, state='done', **values):
        """Return a payment transaction of the customer for the order, as Odoo processes it."""
        transaction = self._create_transaction(
            'direct',
            amount=amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
            reference=f'{order.name}-{amount}-{state}',
            **values,
        )
        if state == 'done':
            transaction._set_done()
            transaction._post_process()
        elif state == 'authorized':
            transaction._set_authorized()
        elif state == 'pending':
            transaction._set_pending()
        elif state == 'error':
            transaction._set_error("The card was refused.")
        return transaction

    def _tomorrow(self):
        return fields.Datetime.add(fields.Datetime.now(), days=1)
