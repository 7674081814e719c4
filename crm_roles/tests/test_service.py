from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import RolesCommon


class TestServiceRepresentative(RolesCommon):

    def test_representative_keeps_contact_data_right(self):
        acorn = self._as(self.acorn, 'service_representative')
        acorn.write({'phone': "+353 21 555 0101", 'street': "1 Quay", 'email': 'a@example.com'})
        self.assertEqual(self.acorn.phone, "+353 21 555 0101")

    def test_representative_cannot_change_terms_of_business(self):
        acorn = self._as(self.acorn, 'service_representative')
        self._assert_cannot_write(
            acorn, property_payment_term_id=self.term.id, user_id=self.colleague.id,
            property_product_pricelist=self.pricelist.id,
            specific_property_product_pricelist=self.pricelist.id, credit_limit=1.0,
            active=False, bank_ids=[Command.create({'acc_number': 'IE1'})],
            property_account_receivable_id=self.receivable.id)

    def test_representative_cannot_move_a_contact_to_another_company(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        self._assert_cannot_write(
            self._as(contact, 'service_representative'), parent_id=self.birch.id, is_company=True)
        self._assert_cannot_write(
            self._as(self.birch, 'service_representative'), child_ids=[Command.link(contact.id)])

    def test_representative_neither_creates_nor_deletes_customers(self):
        partners = self._as(self.env['res.partner'], 'service_representative')
        self._assert_refused(partners.create, {'name': "New Customer"})
        self._assert_refused(self._as(self.acorn, 'service_representative').unlink)

    def test_representative_opens_orders_and_bills_of_everybody(self):
        for document in (self.order_acorn, self.order_birch, self.bill_acorn, self.bill_birch):
            with self.subTest(document=document):
                opened = Form(self._as(document, 'service_representative'))
                self.assertEqual(opened.record, document)

    def test_representative_opens_a_bill_that_is_paid(self):
        bank = self.env['account.journal'].create({
            'name': "Bank", 'code': 'CRMK', 'type': 'bank'})
        self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=self.bill_birch.ids).create(
                {'journal_id': bank.id}).action_create_payments()
        self.assertTrue(self.bill_birch.reconciled_payment_ids)
        opened = Form(self._as(self.bill_birch, 'service_representative'))
        self.assertIn(opened.payment_state, ('in_payment', 'paid'))

    def test_representative_reads_no_other_journal_entry(self):
        for move in self._create_entry() + self._create_vendor_bill():
            with self.subTest(move=move.move_type):
                self.assertFalse(self._as(move, 'service_representative').has_access('read'))
                self.assertFalse(
                    self._as(move.line_ids, 'service_representative').has_access('read'))
        self.assertEqual(
            set(self._as(self.env['account.move'], 'service_representative').search([])
                .mapped('move_type')), {'out_invoice'})

    def test_representative_changes_no_order_and_no_bill(self):
        order = self._as(self.order_acorn, 'service_representative')
        self._assert_cannot_write(order, note="x", partner_id=self.birch.id)
        self._assert_refused(order.action_confirm)
        self._assert_refused(order.action_cancel)
        self._assert_refused(order.unlink)
        self._assert_cannot_write(order.order_line, price_unit=1.0)
        self._assert_refused(order.create, {'partner_id': self.acorn.id})
        bill = self._as(self.bill_acorn, 'service_representative')
        self._assert_cannot_write(bill, ref="x", payment_reference="x")
        self._assert_refused(bill.button_draft)
        self._assert_refused(self._reversal(bill).reverse_moves)

    def test_form_shows_what_may_not_be_written_as_readonly(self):
        partners = self._as(self.env['res.partner'], 'service_representative')
        fields = partners.fields_get(['user_id', 'phone', 'parent_id'], ['readonly'])
        self.assertEqual(
            {name: description['readonly'] for name, description in fields.items()},
            {'user_id': True, 'phone': False, 'parent_id': True})
        arch = partners.get_view(view_type='form')['arch']
        self.assertRegex(arch, r'<field name="user_id"[^>]*readonly="1"')
        self.assertNotRegex(arch, r'<field name="phone"[^>]*readonly="1"')

    def test_what_odoo_keeps_for_administrators_stays_with_them(self):
        acorn = self._as(self.acorn, 'service_representative')
        self._assert_refused(acorn.read, ['signup_type'])

    def test_form_of_full_writers_is_left_alone(self):
        self._as(self.env['res.partner'], 'service_representative').get_view(view_type='form')
        arch = self._as(self.env['res.partner'], 'sales_manager').get_view(view_type='form')['arch']
        self.assertNotRegex(arch, r'<field name="user_id"[^>]*readonly="1"')

    def test_representative_saves_the_customer_form(self):
        with Form(self._as(self.acorn, 'service_representative')) as form:
            form.phone = "+353 21 555 0102"
        self.assertEqual(self.acorn.phone, "+353 21 555 0102")

    def _reversal(self, bill):
        return self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=bill.ids).create(
                {'journal_id': bill.journal_id.id}).with_user(bill.env.user)


class TestServiceSupervisor(RolesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls.roles['service_supervisor']
        cls.entry = cls._create_entry()

    def test_supervisor_registers_a_customer_with_contacts(self):
        customer = self._as(self.env['res.partner'], 'service_supervisor').create({
            'name': "Cedar Works", 'is_company': True,
            'child_ids': [Command.create({'name': "Ann"})]})
        self.assertEqual(customer.child_ids.parent_id, customer)

    def test_supervisor_registers_a_customer_in_the_form(self):
        with Form(self._as(self.env['res.partner'], 'service_supervisor')) as form:
            form.name = "Cedar Works"
            form.phone = "+353 21 555 0103"
        self.assertEqual(form.record.create_uid, self.supervisor)

    def test_supervisor_cannot_set_terms_of_business(self):
        self._assert_cannot_write(
            self._as(self.acorn, 'service_supervisor'),
            property_payment_term_id=self.term.id, user_id=self.colleague.id,
            property_product_pricelist=self.pricelist.id)
        self._assert_refused(
            self._as(self.env['res.partner'], 'service_supervisor').create,
            {'name': "Cedar Works", 'property_payment_term_id': self.term.id})
        self._assert_refused(self._as(self.acorn, 'service_supervisor').unlink)

    def test_supervisor_invites_a_customer_to_the_portal(self):
        wizard = self._as(self.env['portal.wizard'], 'service_supervisor').with_context(
            active_ids=self.acorn.ids).create({})
        wizard.user_ids.action_grant_access()
        user = self.acorn.user_ids
        self.assertTrue(user._is_portal())
        self.assertEqual(user.login, self.acorn.email)

    def test_supervisor_places_an_order_for_a_customer(self):
        order = self._as(self.env['sale.order'], 'service_supervisor').create({
            'partner_id': self.acorn.id,
            'order_line': [Command.create({'product_id': self.product.id})]})
        order.action_confirm()
        self.assertEqual(order.state, 'sale')
        self.assertEqual(order.placed_by_id, self.supervisor)
        self.assertIn("placed on behalf", "".join(order.message_ids.mapped('body')))

    def test_supervisor_places_an_order_in_the_form(self):
        with Form(self._as(self.env['sale.order'], 'service_supervisor')) as form:
            form.partner_id = self.acorn
            with form.order_line.new() as line:
                line.product_id = self.product
        self.assertEqual(form.record.amount_untaxed, 100.0)
        self.assertEqual(form.record.placed_by_id, self.supervisor)

    def test_supervisor_changes_an_order_and_leaves_a_trace(self):
        order = self._as(self.order_birch, 'service_supervisor')
        order.write({'client_order_ref': "PO 7"})
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.order_birch.amount_untaxed, 300.0)
        self.assertFalse(order.placed_by_id)
        trace = order.message_ids.filtered(lambda message: "on behalf" in message.body)
        self.assertEqual(trace.author_id, self.supervisor.partner_id)
        self.assertIn("Customer Reference", "".join(trace.mapped('body')))

    def test_supervisor_cannot_claim_or_hide_who_placed_an_order(self):
        order = self._as(self.order_birch, 'service_supervisor')
        self._assert_refused(order.unlink)
        placed = order.create({'partner_id': self.acorn.id, 'placed_by_id': self.colleague.id})
        self.assertEqual(placed.placed_by_id, self.supervisor)

    def test_supervisor_makes_and_posts_a_credit_note(self):
        note = self._credit_note(self.bill_birch)
        self.assertEqual(note.move_type, 'out_refund')
        self.assertEqual(note.reversed_entry_id, self.bill_birch)
        self.assertEqual(note.state, 'draft')
        note.invoice_line_ids.price_unit = 40.0
        note.action_post()
        self.assertRecordValues(note, [{'state': 'posted', 'amount_total': 40.0}])

    def test_supervisor_posts_what_his_rules_leave_him_only(self):
        note = self._credit_note(self.bill_birch)
        self._narrow_bills([('partner_id', '!=', self.birch.id)], perm_read=False)
        self._assert_refused(note.action_post)

    def test_supervisor_reverses_what_his_rules_leave_him_only(self):
        reversal = self._reversal(self.bill_birch)
        self._narrow_bills([('partner_id', '!=', self.birch.id)])

        def reverse():
            # What somebody with all rights has just read is told to nobody else.
            reversal.sudo().move_ids.read(['move_type', 'state'])
            reversal.reverse_moves()

        self._assert_refused(reverse)

    def test_who_may_only_write_bills_neither_posts_nor_makes_credit_notes(self):
        note, reversal = self._credit_note(self.bill_birch), self._reversal(self.bill_acorn)
        clerk = self._create_user('service_representative', login='clerk')
        self.env['ir.model.access'].create([
            {'name': f"Clerk: {name}", 'model_id': self.env['ir.model']._get_id(name),
             'group_id': self.env.ref('crm_roles.group_service_representative').id,
             'perm_read': True, 'perm_write': True}
            for name in ('account.move', 'account.move.reversal')])
        self.env['ir.rule'].create({
            'name': "Clerk: all bills", 'domain_force': [],
            'model_id': self.env['ir.model']._get_id('account.move'),
            'groups': self.env.ref('crm_roles.group_service_representative').ids})
        reversal.sudo().create_uid = clerk
        self.assertTrue(note.with_user(clerk).has_access('write'))
        self._assert_refused(note.with_user(clerk).action_post)
        self._assert_refused(reversal.with_user(clerk).reverse_moves)

    def _narrow_bills(self, domain, **values):
        self.env['ir.rule'].create({
            'name': "Fewer bills", 'model_id': self.env['ir.model']._get_id('account.move'),
            'domain_force': domain, **values})

    def test_supervisor_changes_no_posted_credit_note(self):
        note = self._credit_note(self.bill_birch)
        note.action_post()
        self._assert_cannot_write(note, ref="x")
        self._assert_refused(note.button_draft)
        self._assert_refused(note.button_cancel)
        self._assert_refused(note.unlink)

    def test_supervisor_cannot_reverse_and_modify(self):
        with self.assertRaises(UserError):
            self._reversal(self.bill_birch).modify_moves()
        self.assertFalse(self.bill_birch.reversal_move_ids)

    def test_supervisor_cannot_reverse_anything_but_bills(self):
        draft = self._create_bill(self.acorn, post=False)
        self.entry.action_post()
        for move, error in ((draft, UserError), (self.entry, AccessError)):
            with self.subTest(move=move.move_type), self.assertRaises(error):
                self._reversal(move).reverse_moves()

    def test_supervisor_cannot_turn_a_bill_into_a_credit_note(self):
        draft = self._as(self._create_bill(self.acorn, post=False), 'service_supervisor')
        self._assert_cannot_write(draft, move_type='out_refund', ref="x")
        self._assert_cannot_write(draft.line_ids, price_unit=1.0)

    def test_supervisor_cannot_turn_a_credit_note_into_a_bill(self):
        note = self._credit_note(self.bill_birch)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            note.write({'move_type': 'out_invoice'})

    def test_supervisor_neither_makes_nor_posts_invoices(self):
        draft = self._as(self._create_bill(self.acorn, post=False), 'service_supervisor')
        self._assert_refused(draft.action_post)
        self._assert_refused(
            (draft + self._credit_note(self.bill_birch)).action_post)
        for move_type in ('out_invoice', 'out_refund', 'entry'):
            with self.subTest(move_type=move_type):
                self._assert_refused(draft.create, {'move_type': move_type})
        self._assert_refused(self._as(self.bill_acorn, 'service_supervisor').button_draft)

    def test_supervisor_registers_no_payment(self):
        payments = self._as(self.env['account.payment'], 'service_supervisor')
        self._assert_refused(payments.create, {'partner_id': self.acorn.id, 'amount': 5.0})
        self._assert_refused(
            self._as(self.env['account.payment.register'], 'service_supervisor').create, {})

    def test_supervisor_does_not_invoice_orders(self):
        order = self._as(self.order_acorn, 'service_supervisor')
        order.action_confirm()
        wizards = self._as(self.env['sale.advance.payment.inv'], 'service_supervisor')
        self._assert_refused(
            wizards.with_context(active_model='sale.order', active_ids=order.ids).create,
            {'advance_payment_method': 'delivered'})

    def _reversal(self, bill):
        return self._as(self.env['account.move.reversal'], 'service_supervisor').with_context(
            active_model='account.move', active_ids=bill.ids).create(
                {'journal_id': bill.journal_id.id})

    def _credit_note(self, bill):
        wizard = self._reversal(bill)
        wizard.reverse_moves()
        return self._as(wizard.new_move_ids, 'service_supervisor')
