from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestRegisterPayment(OrderManagerCommon):

    def _register(self, order, user, **values):
        """Register a payment as the button on the order does, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        action = order.with_user(user).action_register_payment()
        wizard = (
            self.env[action['res_model']]
            .with_user(user)
            .with_context(**action['context'])
            .create(values)
        )
        self.env.flush_all()
        self.env.invalidate_all()
        wizard.read()
        return wizard.action_create_payments()

    def test_order_manager_registers_that_the_order_is_paid(self):
        order = self._create_order(250.0)
        self._create_bill(order)
        self.assertTrue(order.has_open_bill)
        self.assertIs(self._register(order, self.manager), True)
        self.assertRecordValues(order, [
            {'amount_unpaid': 0.0, 'call_state': 'done', 'has_open_bill': False}])
        payment = order.invoice_ids.matched_payment_ids or order.invoice_ids.reconciled_payment_ids
        self.assertEqual(payment.create_uid, self.manager)

    def test_part_payment_keeps_the_order_in_the_queue(self):
        order = self._create_order(250.0)
        self._create_bill(order)
        self._register(order, self.manager, amount=100.0)
        self.assertRecordValues(order, [
            {'amount_unpaid': 150.0, 'call_state': 'to_call', 'has_open_bill': True}])

    def test_order_without_open_bill_says_what_to_do(self):
        order = self._create_order(250.0)
        with self.assertRaisesRegex(UserError, f"{order.name}.*payment link"):
            order.with_user(self.manager).action_register_payment()

    def test_order_manager_writes_nothing_off(self):
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        account = self.company_data['default_account_expense']
        with self.assertRaisesRegex(UserError, "write off"):
            self._register(
                order, self.manager, amount=100.0, payment_difference_handling='reconcile',
                writeoff_account_id=account.id)
        self.assertEqual(bill.amount_residual, 250.0)

    def test_order_manager_pays_no_vendor_bill(self):
        bill = self.init_invoice('in_invoice', partner=self.partner_a, amounts=[80.0], post=True)
        with self.assertRaises(AccessError):
            self.env['account.payment.register'].with_user(self.manager).with_context(
                active_model='account.move', active_ids=bill.ids
            ).create({}).action_create_payments()
        self.assertEqual(bill.amount_residual, bill.amount_total)

    def test_order_manager_makes_no_payment_by_hand(self):
        with self.assertRaises(AccessError):
            self.env['account.payment'].with_user(self.manager).create({
                'amount': 10.0, 'payment_type': 'inbound', 'partner_id': self.customer.id})

    def test_accountant_who_calls_remains_an_accountant(self):
        bill = self._create_bill(order := self._create_order(250.0))
        self.manager.group_ids += self.env.ref('account.group_account_invoice')
        self._register(
            order, self.manager, amount=100.0, payment_difference_handling='reconcile',
            writeoff_account_id=self.company_data['default_account_expense'].id)
        self.assertEqual(bill.amount_residual, 0.0)

    def test_who_may_only_open_the_dialog_registers_nothing(self):
        self._create_bill(order := self._create_order(250.0))
        self._open_dialog('account.payment.register', 'crm_roles.group_service_representative')
        with self.assertRaises(AccessError):
            self._register(order, self._create_user('service_representative'))

    def test_bills_come_with_the_rights_of_who_asks(self):
        self._create_bill(order := self._create_order(250.0))
        self.assertFalse(order.with_user(self.manager)._open_bills().env.su)

    def test_representative_registers_nothing(self):
        order = self._create_order(250.0)
        self._create_bill(order)
        with self.assertRaises(AccessError):
            self._register(order, self._create_user('service_representative'))
