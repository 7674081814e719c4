import re

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OUTSIDERS, MarginAccessCommon

REPORTS = {
    'crm.sales.report': ('cost', 'margin', 'margin_percent'),
    'crm.sales.comparison': ('margin', 'margin_before', 'margin_year_ago'),
    'crm.sales.product': ('margin',),
}
STOCK = {
    'account.move.line': ('unit_cost',),
    'sale.order': ('margin', 'margin_percent'),
    'sale.order.line': ('purchase_price', 'margin', 'margin_percent'),
    'sale.report': ('margin',),
    'account.invoice.report': ('price_margin', 'inventory_value'),
    'crm.sales.fact': ('cost',),
    'crm.sales.fact.delta': ('cost',),
}
SECRETS = REPORTS | STOCK
SECRET = re.compile('margin|profit|purchase_price')
# What a price may become, and where a page begins.
SETTINGS = ('product.pricelist.item', 'report.paperformat', 'crm.label.sheet')


@tagged('post_install', '-at_install')
class TestAccess(MarginAccessCommon):
    """Cost and margin reach nobody but those they are for, by any way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.env['sale.order'].create({
            'partner_id': cls.customer.id, 'user_id': cls.rep.id,
            'order_line': [Command.create({'product_id': cls.drill.id})]})
        cls.order.with_context(skip_procurement=True).action_confirm()
        cls.order._create_invoices().action_post()
        cls.facts._fold()
        cls.bill = cls._create_bill(partner_id=cls.other_customer.id)
        cls.env.flush_all()
        cls.portal = cls._create_portal_user()

    @classmethod
    def _create_portal_user(cls):
        return cls.env['res.users'].with_context(no_reset_password=True).create({
            'name': "Portal", 'login': 'sales_portal', 'partner_id': cls.customer.id,
            'group_ids': [Command.set(cls.env.ref('base.group_portal').ids)]})

    def test_nobody_else_sees_cost_and_margin_by_any_way(self):
        for role in OUTSIDERS:
            for model, names in SECRETS.items():
                for name in names:
                    with self.subTest(role=role, model=model, field=name):
                        self._assert_hidden(self.env[model].with_user(self.people[role]), name)

    def test_no_other_field_tells_a_margin_or_profit(self):
        """Who adds such a field decides who sees it."""
        for role in OUTSIDERS:
            env = self.env(user=self.people[role])
            told = [
                f'{model}.{name}' for model in env.registry
                if model not in SETTINGS and env[model].has_access('read')
                for name, field in env[model]._fields.items()
                if field.type in ('float', 'monetary', 'integer') and SECRET.search(name)
                and env[model]._has_field_access(field, 'read')]
            with self.subTest(role=role):
                self.assertEqual(told, [])

    def test_customers_see_neither(self):
        for model, names in SECRETS.items():
            for name in names:
                with self.subTest(model=model, field=name):
                    self._assert_hidden(self.env[model].with_user(self.portal), name)

    def test_sales_managers_see_both(self):
        manager = self.people['sales_manager']
        for model, names in SECRETS.items():
            for name in names:
                with self.subTest(model=model, field=name):
                    # Odoo keeps its analysis of bills for accountants.
                    found = self.env[model].with_user(manager).sudo(
                        model == 'account.invoice.report')
                    self.assertIn(name, found.search_read([], [name], limit=1)[0])
        self.assertEqual(self._margins(manager), {self.customer: 40.0, self.other_customer: 40.0})

    def _margins(self, user):
        self.env.invalidate_all()
        customers = self.customer | self.other_customer
        return dict(self.env['crm.sales.report'].with_user(user)._read_group(
            [('partner_id', 'in', customers.ids)], ['partner_id'], ['margin:sum']))

    def test_representatives_see_margins_of_own_customers_when_the_settings_say_so(self):
        self._set_own(True)
        self.assertEqual(self._margins(self.rep), {self.customer: 40.0})
        for model, names in STOCK.items():
            for name in names:
                with self.subTest(model=model, field=name):
                    self._assert_hidden(self.env[model].with_user(self.rep), name)
        self._set_own(False)
        with self.assertRaises(AccessError):
            self._margins(self.rep)

    def test_who_also_reads_all_orders_sees_no_margin_of_other_customers(self):
        self._set_own(True)
        self.rep.group_ids += self.env.ref('crm_roles.group_service_representative')
        self.assertEqual(
            self._margins(self.rep), {self.customer: 40.0, self.other_customer: False})
        reports = self.env['crm.sales.report'].with_user(self.rep)
        self.assertEqual(
            reports.search([('margin', '>', 0)]).partner_id, self.customer)
        self.assertEqual(
            sum(reports.search([('partner_id', '=', self.other_customer.id)]).mapped('cost')), 0)
        self.assertEqual(
            self.env['crm.sales.product'].with_user(self.rep).search(
                [('margin', '!=', False), ('partner_id', '=', self.other_customer.id)]).margin,
            0.0)

    def test_representatives_see_the_sales_of_own_customers(self):
        for model in REPORTS:
            sales = self.env[model].with_user(self.rep).search([])
            with self.subTest(model=model):
                self.assertEqual(sales.partner_id, self.customer)

    def test_readers_see_all_sales_but_no_purchases(self):
        self._create_bill(move_type='in_invoice')
        self.env.flush_all()
        reader = self.people['service_representative']
        for model in REPORTS:
            with self.subTest(model=model):
                self.assertLessEqual(
                    self.customer | self.other_customer,
                    self.env[model].with_user(reader).search([]).partner_id)
        prices = self.env['crm.sales.price']
        self.assertEqual(set(prices.with_user(reader).search([]).mapped('kind')), {'sale'})
        self.assertEqual(
            set(prices.with_user(self.rep).search([]).mapped('kind')), {'sale'})
        self.assertIn(
            'purchase', prices.with_user(self.people['sales_manager']).search([]).mapped('kind'))

    def test_other_companies_stay_apart(self):
        other = self.setup_other_company()['company']
        self.env['account.move'].with_company(other).create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id, 'company_id': other.id,
            'invoice_date': '2026-03-02', 'invoice_line_ids': [Command.create(
                {'product_id': self.bit.id, 'price_unit': 7.0, 'tax_ids': [Command.clear()]})],
        }).action_post()
        manager = self.people['sales_manager']
        for model in (*REPORTS, 'crm.sales.price', 'crm.sales.fact.delta'):
            with self.subTest(model=model):
                found = self.env[model].with_user(manager).search([])
                self.assertEqual(found.company_id, self.env.company)

    def test_nobody_writes_facts(self):
        manager = self.people['sales_manager']
        for model in ('crm.sales.fact', 'crm.sales.fact.delta', *REPORTS, 'crm.sales.price'):
            for operation in ('write', 'create', 'unlink'):
                with self.subTest(model=model, operation=operation):
                    self.assertFalse(self.env[model].with_user(manager).has_access(operation))

    def test_people_without_the_right_still_sell(self):
        """What they may not see is computed all the same."""
        rep = self.rep
        order = self.env['sale.order'].with_user(rep).create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({'product_id': self.drill.id, 'product_uom_qty': 2})]})
        order.order_line.product_uom_qty = 3
        order.with_context(skip_procurement=True).action_confirm()
        self.assertEqual((order.sudo().margin, order.sudo().order_line.margin), (120.0, 120.0))
        bill = order.sudo()._create_invoices()
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.unit_cost, 60.0)

    def test_supervisors_credit_without_seeing_the_cost(self):
        supervisor = self.people['service_supervisor']
        self.drill.standard_price = 99.0
        wizard = self.env['account.move.reversal'].with_user(supervisor).with_context(
            active_model='account.move', active_ids=self.bill.ids).create(
            {'journal_id': self.bill.journal_id.id})
        wizard.reverse_moves()
        note = self.bill.reversal_move_ids
        note.action_post()
        self.assertEqual(note.invoice_line_ids.unit_cost, 60.0)
