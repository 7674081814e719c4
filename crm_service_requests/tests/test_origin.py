from odoo.fields import Command
from odoo.tests import tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestOrigin(RequestCommon):

    def _card(self, document, role='service_representative', **values):
        request = self._create_request(
            'accounting', origin_ref=f'{document._name},{document.id}', **values)
        return self._as(request, role)

    def test_card_of_an_order(self):
        self.order_acorn.order_line.product_uom_qty = 4.0
        self.order_acorn.action_confirm()
        self.order_acorn.order_line.qty_delivered = 3.0
        request = self._card(self.order_acorn)
        self.assertRecordValues(request, [{
            'origin_kind': "Sales Order", 'origin_number': self.order_acorn.name,
            'origin_state': "Sales Order", 'origin_partner_id': self.acorn.id,
            'origin_date': self.order_acorn.date_order.date(), 'origin_amount': 400.0,
            'origin_open_amount': 400.0, 'origin_warning': False,
            'origin_progress': "75 % delivered, 0 % billed"}])

    def test_order_is_open_until_its_bill_is_paid(self):
        self.order_acorn.action_confirm()
        bill = self.order_acorn._create_invoices()
        request = self._card(self.order_acorn)
        self.assertEqual(request.origin_open_amount, 100.0)
        bill.action_post()
        self._pay(bill)
        request.invalidate_recordset()
        self.assertEqual(request.origin_open_amount, 0.0)
        self.assertIn("100 % billed", request.origin_progress)

    def test_card_of_a_bill(self):
        request = self._card(self.bill_acorn)
        self.assertRecordValues(request, [{
            'origin_kind': "Customer Invoice", 'origin_number': self.bill_acorn.name,
            'origin_state': "Posted, Not Paid", 'origin_amount': 100.0,
            'origin_open_amount': 100.0, 'origin_progress': False}])

    def test_card_of_a_payment(self):
        payment = self._pay(self.bill_acorn)
        request = self._card(payment, 'service_supervisor')
        self.assertEqual(request.origin_kind, "Payments")
        self.assertIn("You may not see this document", request.origin_warning)
        request = request.with_user(self.env.user)
        self.assertEqual(request.get_origin_card()['amount'], 100.0)
        self.assertEqual(request.origin_progress, "Put to bills")

    def test_card_shows_nothing_that_the_user_may_not_read(self):
        request = self._card(
            self.order_birch, 'account_representative',
            user_id=self.roles['account_representative'].id)
        self.assertEqual(
            set(request.get_origin_card()), {'kind', 'warning'})
        self.assertFalse(request.origin_number)

    def test_document_of_another_customer_is_seen(self):
        request = self._card(self.order_birch)
        self.assertIn("Birch & Sons", request.origin_warning)
        request = self._card(self.order_birch, assigned_partner_id=self.birch.id)
        self.assertFalse(request.origin_warning)

    def test_document_that_is_gone_is_no_document(self):
        order = self._create_order(self.acorn)
        request = self._card(order)
        order.sudo().unlink()
        self.assertEqual(request.get_origin_card(), {})

    def _pay(self, bill):
        """Return the payment that pays a bill."""
        return self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=bill.ids).create({})._create_payments()


@tagged('post_install', '-at_install')
class TestAccounting(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.env['account.tax'].create([
            {'name': f'{rate}% test', 'amount': rate} for rate in (20.0, 10.0)])
        cls.bill = cls._create_bill(cls.acorn, invoice_line_ids=[
            Command.create({
                'name': "Bench", 'price_unit': 300.0, 'tax_ids': [Command.set(taxes[0].ids)]}),
            Command.create({
                'name': "Book", 'price_unit': 100.0, 'quantity': 2.0,
                'tax_ids': [Command.set(taxes[1].ids)]})])

    def _credit(self, **values):
        """Return the preview and the credit note that a supervisor makes of a dispute."""
        request = self._create_request(
            'accounting', origin_ref=f'account.move,{self.bill.id}', **values)
        request = request.with_user(self.roles['service_supervisor'])
        self.assertTrue(request.may_convert)
        preview = self.env['crm.request.convert'].with_user(
            self.roles['service_supervisor']).browse(request.action_convert()['res_id'])
        preview.action_convert()
        return preview, request.sudo().invoice_ids

    def test_difference_is_credited_with_its_taxes(self):
        for amount in (58.0, 10.0, 33.33, 0.07):
            preview, credit_note = self._credit(correction_amount=amount, dispute='price')
            with self.subTest(amount=amount):
                self.assertAlmostEqual(preview.tax_totals['total_amount_currency'], amount)
                self.assertAlmostEqual(credit_note.amount_total, amount)
                self.assertEqual(
                    credit_note.invoice_line_ids.account_id, self.bill.invoice_line_ids.account_id)
                self.assertEqual(
                    credit_note.invoice_line_ids.tax_ids, self.bill.invoice_line_ids.tax_ids)
                self.assertEqual(credit_note.reversed_entry_id, self.bill)

    def test_difference_in_price_leaves_the_ordered_quantity_billed(self):
        self.order_acorn.action_confirm()
        self.bill = self.order_acorn._create_invoices()
        self.bill.action_post()
        self._credit(correction_amount=10.0)
        self.assertEqual(self.order_acorn.order_line.qty_invoiced, 1.0)

    def test_whole_bill_is_credited_without_an_amount(self):
        _preview, credit_note = self._credit(dispute='duplicate')
        self.assertEqual(credit_note.amount_total, self.bill.amount_total)

    def test_request_about_anything_else_becomes_nothing(self):
        request = self._create_request(
            'accounting', origin_ref=f'sale.order,{self.order_acorn.id}')
        self.assertEqual(request.conversion_target, 'none')
