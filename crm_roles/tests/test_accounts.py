from odoo.fields import Command
from odoo.tests import Form, users

from .common import RolesCommon


class TestAccountRepresentative(RolesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env['res.partner'].create({
            'name': "Ann", 'parent_id': cls.acorn.id, 'user_id': False})
        cls.order_contact = cls._create_order(cls.contact)
        cls.lead_acorn, cls.lead_birch = cls.env['crm.lead'].create([
            {'name': "New workshop", 'partner_id': customer.id, 'user_id': cls.colleague.id}
            for customer in (cls.acorn, cls.birch)])
        cls.order_own = cls._create_order(
            cls.birch, user_id=cls.roles['account_representative'].id)

    def test_account_representative_sees_his_accounts_whoever_sold(self):
        mine = self.order_acorn + self.order_contact + self.order_own
        for expected, all_ in (
            (mine, mine + self.order_birch),
            (self.bill_acorn, self.bill_acorn + self.bill_birch),
            (self.lead_acorn, self.lead_acorn + self.lead_birch),
        ):
            with self.subTest(model=expected._name):
                found = self._as(all_, 'account_representative')._filtered_access('read')
                self.assertEqual(found, expected)

    def test_account_representative_does_not_see_others_accounts(self):
        for record in (self.order_birch, self.bill_birch, self.lead_birch):
            with self.subTest(record=record):
                foreign = self._as(record, 'account_representative')
                self._assert_refused(foreign.read, ['display_name'])
                self._assert_refused(foreign.write, {'name': "x"})

    def test_account_representative_works_a_foreign_order_of_his_account(self):
        order = self._as(self.order_acorn, 'account_representative')
        order.order_line.price_unit = 80.0
        order.action_confirm()
        self.assertRecordValues(self.order_acorn, [{'state': 'sale', 'amount_untaxed': 80.0}])

    def test_account_representative_loses_an_account_with_its_salesperson(self):
        self.acorn.user_id = self.colleague
        self.assertFalse(self._as(self.order_acorn, 'account_representative').has_access('read'))

    def test_account_representative_only_reads_bills(self):
        bill = self._as(self.bill_acorn, 'account_representative')
        self._assert_cannot_write(bill, ref="x")
        self._assert_refused(bill.unlink)

    def test_account_representative_opens_a_bill_of_his_account(self):
        self.assertEqual(
            Form(self._as(self.bill_acorn, 'account_representative')).record, self.bill_acorn)

    def test_account_representative_reports_on_his_accounts_only(self):
        self.env.flush_all()
        lines = self._as(self.env['sale.report'], 'account_representative').search(
            [('order_reference', 'in', [
                f'sale.order,{order.id}' for order in self.order_acorn + self.order_birch])])
        self.assertEqual(lines.commercial_partner_id, self.acorn)


class TestSalesManager(RolesCommon):

    def test_sales_manager_sees_everybodys_documents(self):
        lead = self.env['crm.lead'].create({'name': "x", 'user_id': self.colleague.id})
        for record in (self.order_acorn, self.order_birch, self.bill_birch, lead):
            with self.subTest(record=record):
                self.assertTrue(self._as(record, 'sales_manager').has_access('read'))

    def test_sales_manager_decides_who_looks_after_a_customer(self):
        self._as(self.birch, 'sales_manager').write({
            'user_id': self.roles['account_representative'].id,
            'property_payment_term_id': self.term.id,
            'specific_property_product_pricelist': self.pricelist.id})
        self.assertEqual(self.birch.user_id, self.roles['account_representative'])

    @users('sales_manager')
    def test_sales_manager_merges_contacts(self):
        double = self.env['res.partner'].sudo().create(
            {'name': "Acorn Joinery Ltd", 'email': self.acorn.email})
        wizard = self.env['base.partner.merge.automatic.wizard'].create({
            'dst_partner_id': self.acorn.id,
            'partner_ids': [Command.set((self.acorn + double).ids)],
            'state': 'selection',
        })
        wizard.action_merge()
        self.assertFalse(double.exists())

    def test_nobody_else_merges_contacts(self):
        for role in set(self.roles) - {'sales_manager'}:
            with self.subTest(role=role):
                self._assert_refused(
                    self._as(self.env['base.partner.merge.automatic.wizard'], role).create, {})

    @users('sales_manager')
    def test_sales_manager_reads_forecasts(self):
        lead = self.env['crm.lead'].create({
            'name': "x", 'type': 'opportunity', 'expected_revenue': 50.0, 'probability': 40.0,
            'date_deadline': '2026-03-01'})
        forecast = self.env['crm.lead']._read_group(
            [('id', '=', lead.id)], ['date_deadline:month'], ['prorated_revenue:sum'])
        self.assertEqual(forecast[0][1], 20.0)
        action = self.env['ir.actions.act_window']._for_xml_id('crm.crm_lead_action_forecast')
        self.assertEqual(action['res_model'], 'crm.lead')

    def test_sales_manager_keeps_no_books(self):
        self._assert_cannot_write(self._as(self.bill_acorn, 'sales_manager'), ref="x")
        moves = self._as(self.env['account.move'], 'sales_manager')
        self._assert_refused(moves.create, {'move_type': 'out_invoice'})
        self.assertFalse(self._as(self._create_vendor_bill(), 'sales_manager').has_access('read'))
