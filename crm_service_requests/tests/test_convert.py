from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestConvert(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['account.tax'].search([]).active = False
        cls.tax = cls.env['account.tax'].create({'name': "20%", 'amount': 20.0})
        cls.hour = cls.env['product.product'].create({
            'name': "Work", 'type': 'service', 'list_price': 60.0,
            'uom_id': cls.env.ref('uom.product_uom_hour').id,
            'taxes_id': [Command.set(cls.tax.ids)]})
        cls.supervisor = cls.roles['service_supervisor']

    def _preview(self, request, user=None):
        """Return the preview that a user gets of the document."""
        action = request.with_user(user or self.supervisor).action_convert()
        self.assertEqual(action['res_model'], 'crm.request.convert')
        return self.env[action['res_model']].with_user(
            user or self.supervisor).browse(action['res_id'])

    def _convert(self, request, user=None):
        """Return the documents that a user makes of a request as they are proposed."""
        action = self._preview(request, user).action_convert()
        return self.env[action['res_model']].browse(action.get('res_id')) or (
            self.env[action['res_model']].search(action['domain']))

    def test_preview_is_what_is_made(self):
        self.types['order'].product_id = self.hour
        request = self._create_request('order', duration=2.5)
        preview = self._preview(request)
        self.assertRecordValues(preview.line_ids, [{
            'name': "Work", 'quantity': 2.5, 'price_unit': 60.0, 'tax_ids': self.tax.ids,
            'price_subtotal': 150.0}])
        self.assertEqual(preview.tax_totals['total_amount_currency'], 180.0)
        self.assertFalse(request.sale_order_ids)
        preview.action_convert()
        self.assertRecordValues(request.sale_order_ids, [{
            'partner_id': self.acorn.id, 'state': 'draft', 'amount_total': 180.0,
            'origin': request.number, 'crm_request_number': request.number}])
        self.assertRecordValues(request, [{
            'state': 'open', 'user_id': self.supervisor.id, 'sale_order_count': 1}])

    def test_what_changed_since_the_preview_is_refused(self):
        closed, taken = (self._create_request('order') for _request in range(2))
        previews = self._preview(closed), self._preview(taken)
        closed.sudo().write({'state': 'closed', 'closed_by': 'customer'})
        with self.assertRaisesRegex(UserError, "is closed. Reopen it"):
            previews[0].action_convert()
        self._forbid_writing(taken)
        with self.assertRaisesRegex(AccessError, "you may not make a document"):
            previews[1].action_convert()
        self.assertFalse((closed | taken).sale_order_ids)

    def test_prices_come_from_the_pricelist_of_the_customer(self):
        for user in self.env.user | self.supervisor:
            user.group_ids += self.env.ref('product.group_product_pricelist')
        self.pricelist.item_ids = [
            Command.create({'compute_price': 'fixed', 'fixed_price': 50.0}),
            Command.create({'compute_price': 'fixed', 'fixed_price': 40.0, 'min_quantity': 10.0})]
        self.acorn.specific_property_product_pricelist = self.pricelist
        self.types['order'].product_id = self.hour
        preview = self._preview(self._create_request('order'))
        self.assertEqual(preview.pricelist_id, self.pricelist)
        self.assertEqual(preview.line_ids.price_unit, 50.0)
        with Form(preview) as form, form.line_ids.edit(0) as line:
            line.quantity = 10.0
            self.assertEqual(line.price_unit, 40.0)
        self.assertEqual(preview.line_ids.price_subtotal, 400.0)

    def test_what_is_changed_in_the_preview_is_made(self):
        self.types['order'].product_id = self.hour
        request = self._create_request('order')
        preview = self._preview(request)
        with Form(preview) as form:
            with form.line_ids.edit(0) as line:
                line.price_unit = 70.0
                line.quantity = 2.0
                self.assertEqual(line.price_unit, 70.0, "a price by hand stays")
            with form.line_ids.new() as line:
                line.product_id = self.product
                self.assertEqual(line.price_unit, 100.0)
        preview.action_convert()
        self.assertRecordValues(request.sale_order_ids.order_line, [
            {'product_id': self.hour.id, 'product_uom_qty': 2.0, 'price_unit': 70.0},
            {'product_id': self.product.id, 'product_uom_qty': 1.0, 'price_unit': 100.0}])

    def test_order_is_confirmed(self):
        self.types['service'].product_id = self.product
        order = self._convert(self._create_request('service'))
        self.assertEqual(order.state, 'sale')

    def test_quotation_carries_the_text_and_the_attachments(self):
        request = self._create_request('order', description="<p>Three benches, please</p>")
        self.env['ir.attachment'].create({
            'name': "order.pdf", 'raw': b'%PDF-', 'res_model': 'crm.request',
            'res_id': request.id})
        order = self._convert(request)
        self.assertFalse(order.order_line)
        note = order.message_ids.filtered(lambda message: "Three benches" in message.body)
        self.assertEqual(note.attachment_ids.mapped('name'), ["order.pdf"])
        self.assertEqual(note.attachment_ids.res_model, 'sale.order')

    def test_second_conversion_opens_the_first_document(self):
        request = self._create_request('order')
        first = self._preview(request)
        second = self._preview(request)
        first.action_convert()
        self.assertEqual(second.action_convert()['res_id'], request.sale_order_ids.id)
        self.assertEqual(request.action_convert()['res_id'], request.sale_order_ids.id)
        self.assertEqual(len(request.sale_order_ids), 1)
        self.assertFalse(request.with_user(self.supervisor).may_convert)

    def test_cancelled_document_makes_room_for_another(self):
        request = self._create_request('order')
        self._convert(request)._action_cancel()
        self._convert(request)
        self.assertEqual(set(request.sale_order_ids.mapped('state')), {'draft', 'cancel'})

    def test_bill_is_a_draft_for_accounting(self):
        self.types['service'].write({'convert_to': 'invoice', 'product_id': self.hour.id})
        request = self._create_request('service', duration=0.5)
        accountant = self._create_accountant(request)
        bill = self._convert(request, accountant)
        self.assertRecordValues(bill, [{
            'move_type': 'out_invoice', 'state': 'draft', 'partner_id': self.acorn.id,
            'amount_total': 36.0, 'crm_request_number': request.number}])
        self.assertEqual(request.invoice_count, 1)

    def test_credit_note_is_a_reversal_of_the_chosen_lines(self):
        bill = self._create_bill(self.acorn, invoice_line_ids=[
            Command.create({'name': name, 'quantity': 4.0, 'price_unit': price, 'tax_ids': []})
            for name, price in (("Bench", 100.0), ("Vice", 30.0))])
        request = self._create_request('accounting', origin_ref=f'account.move,{bill.id}')
        preview = self._preview(request)
        self.assertEqual(preview.bill_ids, bill)
        with Form(preview) as form:
            form.line_ids.remove(1)
            with form.line_ids.edit(0) as line:
                line.quantity = 3.0
        preview.action_convert()
        credit_note = request.invoice_ids
        self.assertRecordValues(credit_note, [{
            'move_type': 'out_refund', 'state': 'draft', 'reversed_entry_id': bill.id,
            'amount_total': 300.0}])
        self.assertRecordValues(credit_note.invoice_line_ids, [{'name': "Bench", 'quantity': 3.0}])

    def test_no_more_is_credited_than_was_billed(self):
        first, second = (
            self._create_request('accounting', origin_ref=f'account.move,{self.bill_acorn.id}')
            for _number in range(2))
        self._convert(first)
        preview = self._preview(second)
        self.assertIn(self.bill_acorn.name, preview.warning)
        with self.assertRaisesRegex(UserError, "left to credit"):
            preview.action_convert()

    def test_bills_of_an_order_answer_its_request(self):
        request = self._create_request('service')
        request.type_id.product_id = self.product
        order = self._convert(request)
        order.order_line.qty_delivered = 1.0
        bill = order._create_invoices()
        self.assertEqual(bill.crm_request_id, request)

    def test_what_cannot_become_a_document_says_why(self):
        closed = self._create_request('order', state='cancelled')
        merged = self._create_request('order', merged_into_id=closed.id)
        for request, reason in (
                (self._create_request('order', partner_id=False), "names no customer"),
                (self._create_request('information'), "become no document"),
                (closed, "Reopen it"), (merged, "merged")):
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, reason):
                request.with_user(self.supervisor).action_convert()
            self.assertFalse(request.with_user(self.supervisor).may_convert)

    def test_nothing_to_put_on_an_order_is_refused(self):
        preview = self._preview(self._create_request('service'))
        with self.assertRaisesRegex(UserError, "Add a line"):
            preview.action_convert()

    def test_rights_of_the_document_decide(self):
        self.types['service'].write({'convert_to': 'invoice', 'product_id': self.hour.id})
        order, bill, credit = (
            self._create_request('order'), self._create_request('service'),
            self._create_request('accounting', origin_ref=f'account.move,{self.bill_acorn.id}'))
        may = {
            order: {'service_supervisor', 'account_representative', 'sales_manager'},
            bill: set(),
            credit: {'service_supervisor'},
        }
        for request, roles in may.items():
            for role in self.roles:
                request.message_subscribe(self.roles[role].partner_id.ids)
                with self.subTest(request=request.type_id.name, role=role):
                    if role in roles:
                        self.assertTrue(self._as(request, role).may_convert)
                        self._preview(request, self.roles[role])
                    else:
                        self.assertFalse(self._as(request, role).may_convert)
                        with self.assertRaisesRegex(
                                AccessError, "Ask (a service supervisor|accounting)"):
                            self._as(request, role).action_convert()

    def test_who_may_not_work_on_a_request_does_not_convert_it(self):
        request = self._create_request('order')
        preview = self._preview(request, self.roles['sales_manager'])
        self.types['order'].supervisor_only = True
        request = self._as(request, 'sales_manager')
        self.assertFalse(request.may_convert)
        self._assert_refused(request.action_convert)
        self._assert_refused(preview.action_convert)

    def test_request_that_was_cancelled_meanwhile_is_not_converted(self):
        request = self._create_request('order')
        preview = self._preview(request)
        request.action_cancel()
        with self.assertRaisesRegex(UserError, "Reopen it"):
            preview.action_convert()
        self.assertFalse(request.sale_order_ids)

    def test_who_may_not_make_the_lines_is_told_whom_to_ask(self):
        self.types['order'].product_id = self.hour
        request = self._create_request('order')
        preview = self._preview(request)
        self._take_right('sale.order.line', 'create')
        with self.assertRaisesRegex(AccessError, "Ask a service supervisor"):
            preview.action_convert()

    def test_lines_of_a_bill_one_does_not_read_are_not_proposed(self):
        request = self._create_request(
            'accounting', origin_ref=f'account.move,{self.bill_acorn.id}')
        self._take_right('account.move', 'read')
        with self.assertRaises(AccessError):
            request.with_user(self.supervisor).action_convert()

    def test_account_representative_converts_for_his_accounts_only(self):
        rep = self.roles['account_representative']
        request = self._create_request('order', partner_id=self.birch.id, user_id=rep.id)
        self.assertFalse(request.with_user(rep).may_convert)
        with self.assertRaisesRegex(AccessError, "the salesperson of the customer"):
            request.with_user(rep).action_convert()
        preview = self._preview(request)
        with self.assertRaises(AccessError):
            preview.with_user(rep).action_convert()

    def _create_accountant(self, request):
        """Return somebody of accounting who answers for a request."""
        user = new_test_user(self.env, 'accountant', 'account.group_account_invoice')
        request.user_id = user
        return user
