from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import SalesFactsCommon


@tagged('post_install', '-at_install')
@freeze_time('2026-03-20')
class TestSalesSheet(SalesFactsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls._create_user('account_representative')
        cls.service = cls._create_user('service_representative')
        cls.contact = cls.env['res.partner'].create(
            {'name': "Orla", 'parent_id': cls.customer.id})
        cls.sister = cls.env['res.partner'].create(
            {'name': "Sister", 'is_company': True, 'parent_id': cls.customer.id})
        for day, quantity, partner in (
                ('2025-03-05', 3, cls.customer), ('2026-01-04', 2, cls.contact),
                ('2026-02-03', 1, cls.customer), ('2026-03-03', 5, cls.sister)):
            cls._create_bill(
                invoice_date=day, partner_id=partner.id,
                lines=[{'product_id': cls.drill.id, 'quantity': quantity}])
        cls.env.flush_all()

    def test_sheet_of_a_contact_that_may_not_be_read_is_refused(self):
        self.env['ir.rule'].create({
            'name': "All but one", 'domain_force': [('id', '!=', self.contact.id)],
            'model_id': self.env['ir.model']._get_id('res.partner')})
        # What somebody with all rights has just read is told to nobody else.
        self.contact.sudo().commercial_partner_id.mapped('name')
        with self.assertRaises(AccessError):
            self._sheet(self.service)

    def test_sheet_is_refused_to_who_may_not_read_the_sales(self):
        employee = self.env['res.users'].create({
            'name': "Employee", 'login': 'sales_employee',
            'group_ids': self.env.ref('base.group_user').ids})
        with self.assertRaises(AccessError):
            self._sheet(employee)

    def _sheet(self, user=None, whole_group=False):
        partner = self.contact.with_user(user) if user else self.contact
        return partner.get_sales_sheet(whole_group)

    def test_sheet_of_a_contact_is_that_of_the_customer(self):
        sheet = self._sheet()
        self.assertEqual(sheet['id'], self.customer.id)
        self.assertEqual(sheet['months']['labels'][0], '2025-04-01')
        self.assertEqual(sheet['months']['amounts'][-3:], [200.0, 100.0, 0.0])
        self.assertEqual(sheet['months']['before'][-1], 300.0)
        self.assertEqual(sheet['months']['margins'][-3:], [80.0, 40.0, 0.0])
        self.assertEqual(
            sheet['figures'], {'amount': 300.0, 'before': 300.0, 'growth': 0.0, 'margin': 120.0,
                               'margin_percent': 40.0})
        [product] = sheet['products']
        self.assertEqual(
            (product['name'], product['quantity'], product['day_count'], product['rhythm']),
            (self.drill.display_name, 6.0, 3, 168))
        self.assertFalse(product['overdue'])

    @freeze_time('2026-09-20')
    def test_who_should_have_bought_again_is_overdue(self):
        self.assertTrue(self._sheet()['products'][0]['overdue'])

    def test_switch_climbs_to_the_group_of_companies(self):
        self.assertTrue(self._sheet()['has_group'])
        sheet = self._sheet(whole_group=True)
        self.assertEqual(sheet['figures']['amount'], 800.0)
        self.assertEqual(
            {product['partner_id'] for product in sheet['products']},
            {self.customer.id, self.sister.id})

    def test_group_says_whose_each_product_is(self):
        sheet = self._sheet(whole_group=True)
        self.assertEqual(
            {product['customer'] for product in sheet['products']}, {"Quinn Carpentry", "Sister"})
        self.assertFalse(sheet['own_only'])

    def test_representatives_see_of_a_group_their_own_customers_and_are_told(self):
        self.customer.user_id = self.rep
        sheet = self._sheet(self.rep, whole_group=True)
        self.assertEqual(
            {product['customer'] for product in sheet['products']}, {"Quinn Carpentry"})
        self.assertTrue(sheet['own_only'])
        self.assertFalse(self._sheet(self.service, whole_group=True)['own_only'])

    def test_only_those_who_may_get_the_margin(self):
        self.customer.user_id = self.rep
        for user in (self.rep, self.service):
            sheet = self._sheet(user)
            with self.subTest(user=user.login):
                self.assertFalse(sheet['margin'])
                self.assertEqual(sheet['months']['margins'], [])
                self.assertEqual(sheet['figures']['margin'], 0.0)
                self.assertNotIn('margin', sheet['products'][0])
                self.assertEqual(sheet['figures']['amount'], 300.0)
        self.env['res.config.settings'].create({'group_crm_margin_own': True}).execute()
        self.assertEqual(self._sheet(self.rep)['figures']['margin'], 120.0)
        self.customer.user_id = False
        self.assertFalse(self._sheet(self.rep)['margin'])

    def test_representatives_get_no_sales_of_other_customers(self):
        self.assertEqual(self._sheet(self.rep)['products'], [])

    def test_those_without_a_role_get_no_sheet(self):
        self.service.group_ids = self.env.ref('base.group_user')
        with self.assertRaises(AccessError):
            self._sheet(self.service)

    def test_what_is_ordered_and_not_delivered(self):
        order = self.env['sale.order'].create({
            'partner_id': self.contact.id, 'commitment_date': '2026-04-01 10:00:00',
            'order_line': [
                Command.create({'product_id': self.drill.id, 'product_uom_qty': 4}),
                Command.create({'product_id': self.bit.id, 'product_uom_qty': 2})]})
        order.with_context(skip_procurement=True).action_confirm()
        order.order_line.qty_delivered_method = 'manual'
        order.order_line[0].qty_delivered = 1
        order.order_line[1].qty_delivered = 2
        [line] = self._sheet()['lines']
        self.assertEqual(
            (line['order'], line['ordered'], line['open']), (order.name, 4.0, 3.0))

    def test_button_tells_the_sales_of_twelve_months(self):
        partners = self.customer | self.contact | self.sister | self.other_customer
        self.assertEqual(partners.mapped('sales_year'), [300.0, 300.0, 500.0, 0.0])
        action = self.contact.action_sales_sheet()
        self.assertEqual(
            (action['tag'], action['context']['active_id']),
            ('crm_sales_facts.sales_sheet', self.contact.id))
