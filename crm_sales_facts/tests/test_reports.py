from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import SalesFactsCommon


@tagged('post_install', '-at_install')
class TestReports(SalesFactsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env['crm.sales.report']
        cls.tag = cls.env['res.partner.category'].create({'name': "Joiners"})
        cls.holding = cls.env['res.partner'].create({'name': "Holding", 'is_company': True})
        cls.customer.write({
            'parent_id': cls.holding.id, 'category_id': cls.tag.ids, 'user_id': cls.env.uid,
            'country_id': cls.env.ref('base.be').id,
            'industry_id': cls.env['res.partner.industry'].create({'name': "Wood"}).id})
        cls.team = cls.env['crm.team'].create({'name': "South"})
        cls.team.member_ids = cls.env.user
        cls._create_bill(invoice_date='2026-01-10', lines=[
            {'product_id': cls.drill.id, 'quantity': 2, 'price_unit': 100.0}])
        cls._create_bill(invoice_date='2026-02-09', lines=[
            {'product_id': cls.drill.id, 'quantity': 1, 'price_unit': 90.0}])
        cls._create_bill(invoice_date='2025-02-01', lines=[
            {'product_id': cls.bit.id, 'quantity': 10, 'price_unit': 10.0}])
        cls.env.flush_all()

    def _ours(self):
        return [('partner_id', '=', self.customer.id)]

    def _group(self, by, *measures):
        return dict(
            (key, values[0] if len(values) == 1 else values)
            for key, *values in self.report._read_group(self._ours(), [by], measures))

    def test_sales_are_told_by_every_group_of_customers_and_products(self):
        expected = {
            'partner_id': self.customer, 'family_id': self.holding, 'tag_ids': self.tag,
            'industry_id': self.customer.industry_id, 'country_id': self.env.ref('base.be'),
            'user_id': self.env.user, 'team_id': self.env.user.sale_team_id}
        for name, value in expected.items():
            with self.subTest(group=name):
                self.assertEqual(self._group(name, 'amount:sum'), {value: 390.0})
        self.assertEqual(
            self._group('product_id', 'amount:sum'), {self.drill: 290.0, self.bit: 100.0})
        self.assertEqual(
            self._group('category_id', 'quantity:sum'), {self.drill.categ_id: 13.0})
        self.assertEqual(
            self._group('date:year', 'margin:sum'),
            {date(2025, 1, 1): 66.7, date(2026, 1, 1): 110.0})

    def test_ratios_are_of_the_sums(self):
        self.assertEqual(
            self._group('product_id', 'price_average:avg', 'margin_percent:avg')[self.bit],
            [10.0, 66.7])
        average, percent = self._group(
            'partner_id', 'price_average:avg', 'margin_percent:avg')[self.customer]
        self.assertAlmostEqual(average, 30.0)
        self.assertAlmostEqual(percent, 100 * 176.7 / 390)

    def test_sales_are_told_as_soon_as_they_are_posted(self):
        self._create_bill()
        self.assertEqual(self._group('partner_id', 'amount:sum'), {self.customer: 490.0})
        self.facts._fold()
        self.assertEqual(self._group('partner_id', 'amount:sum'), {self.customer: 490.0})

    def test_periods_are_compared(self):
        compared = self.env['crm.sales.comparison'].with_context(
            sales_start='2026-02-01', sales_end='2026-02-28')
        [values] = compared._read_group(self._ours(), [], [
            'amount:sum', 'amount_before:sum', 'amount_year_ago:sum', 'growth:avg',
            'growth_year:avg', 'quantity:sum', 'quantity_before:sum', 'margin:sum',
            'margin_before:sum', 'margin_year_ago:sum'])
        self.assertEqual(
            [round(float(value), 2) for value in values],
            [90.0, 200.0, 100.0, -55.0, -10.0, 1.0, 2.0, 30.0, 80.0, 66.7])

    def test_growth_from_nothing_is_not_told(self):
        compared = self.env['crm.sales.comparison'].with_context(
            sales_start='2025-02-01', sales_end='2025-02-28')
        [[amount, growth]] = compared._read_group(self._ours(), [], ['amount:sum', 'growth:avg'])
        self.assertEqual((amount, growth or False), (100.0, False))

    @freeze_time('2026-02-20')
    def test_this_year_is_compared_unless_told_otherwise(self):
        [[amount, year_ago]] = self.env['crm.sales.comparison']._read_group(
            self._ours(), [], ['amount:sum', 'amount_year_ago:sum'])
        self.assertEqual((amount, year_ago), (290.0, 100.0))

    @freeze_time('2026-02-20')
    def test_period_is_chosen_by_name_or_by_its_days(self):
        with Form(self.env['crm.sales.compare']) as form:
            form.period = 'last_quarter'
            self.assertEqual(
                (form.date_start, form.date_end), (date(2025, 10, 1), date(2025, 12, 31)))
            form.period = 'custom'
            form.date_start, form.date_end = '2026-01-05', '2026-01-15'
        action = form.record.action_compare()
        self.assertEqual(action['display_name'], "01/05/2026 to 01/15/2026, compared")
        compared = self.env[action['res_model']].with_context(**action['context'])
        self.assertEqual(sum(compared.search(self._ours()).mapped('amount')), 200.0)

    def test_period_cannot_end_before_it_begins(self):
        with self.assertRaisesRegex(ValidationError, "before it begins"):
            self.env['crm.sales.compare'].create({
                'period': 'custom', 'date_start': '2026-02-02', 'date_end': '2026-02-01'})

    def test_products_of_a_customer(self):
        self._create_bill(invoice_date='2026-03-11', lines=[
            {'product_id': self.drill.id, 'quantity': 1, 'price_unit': 80.0}])
        # What was taken back at once was not bought.
        self._create_bill(invoice_date='2026-05-05').button_draft()
        bought = self.env['crm.sales.product'].search(
            [*self._ours(), ('product_id', '=', self.drill.id)])
        self.assertRecordValues(bought, [{
            'date_first': date(2026, 1, 10), 'date_last': date(2026, 3, 11), 'day_count': 3,
            'rhythm': 30, 'date_next': date(2026, 4, 10), 'quantity': 4.0, 'amount': 370.0,
            'price_first': 100.0, 'price_last': 80.0, 'price_average': 92.5, 'margin': 130.0}])
        once = self.env['crm.sales.product'].search(
            [*self._ours(), ('product_id', '=', self.bit.id)])
        self.assertRecordValues(once, [{'day_count': 1, 'rhythm': 0, 'date_next': False}])

    def test_prices_of_customers_and_suppliers(self):
        dozen = self.env.ref('uom.product_uom_dozen')
        self._create_bill(move_type='in_invoice', partner_id=self.other_customer.id, lines=[
            {'product_id': self.drill.id, 'product_uom_id': dozen.id, 'price_unit': 660.0}])
        self._create_bill(invoice_date='2026-03-01', lines=[
            {'product_id': self.drill.id, 'price_unit': 100.0, 'discount': 25.0}])
        prices = self.env['crm.sales.price'].search(
            [('product_id', '=', self.drill.id),
             ('partner_id', 'in', (self.customer | self.other_customer).ids)], order='date, id')
        self.assertEqual(
            [(price.kind, price.price, price.quantity, price.amount) for price in prices],
            [('sale', 100.0, 2.0, 200.0), ('sale', 90.0, 1.0, 90.0), ('sale', 75.0, 1.0, 75.0),
             ('purchase', 55.0, 12.0, 660.0)])
        averages = dict(prices._read_group([('id', 'in', prices.ids)], ['kind'], ['price:avg']))
        self.assertEqual(averages, {'sale': 91.25, 'purchase': 55.0})
        action = self.env['crm.sales.product'].search(
            [*self._ours(), ('product_id', '=', self.drill.id)]).action_prices()
        self.assertEqual(self.env[action['res_model']].search_count(action['domain']), 3)

    def test_group_of_companies_is_the_one_above_all(self):
        top, middle, contact = self.env['res.partner'].create([
            {'name': "Top", 'is_company': True}, {'name': "Middle", 'is_company': True},
            {'name': "Person"}])
        self.assertEqual(top.family_id, top)
        middle.parent_id, contact.parent_id = top, middle
        self.assertEqual((middle | contact).family_id, top)
        middle.parent_id = False
        self.assertEqual((middle | contact).family_id, middle)

    def test_group_of_companies_is_filled_by_one_statement(self):
        partners = self.holding | self.customer
        contact = self.env['res.partner'].create(
            {'name': "Person", 'parent_id': self.customer.id})
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_partner DROP COLUMN family_id")
        self.env['res.partner']._fill_family_id()
        self.env.invalidate_all()
        self.assertEqual((partners | contact).family_id, self.holding)
        self.assertEqual(self.other_customer.family_id, self.other_customer)

    def test_margin_is_told_by_who_joined_the_customer(self):
        contact = self.env['res.partner'].create({'name': "Orla"})
        self._create_bill(partner_id=contact.id)
        contact.parent_id = self.customer
        self.assertEqual(self._group('partner_id', 'amount:sum'), {self.customer: 490.0})

    def test_list_can_be_exported(self):
        [row] = self.report.search(
            [*self._ours(), ('product_id', '=', self.bit.id)]).export_data(
            ['date', 'partner_id', 'product_id', 'amount', 'margin'])['datas']
        self.assertEqual(row[3:], [100.0, 66.7])

    def test_order_counts_when_it_is_billed(self):
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({'product_id': self.drill.id})]})
        order.with_context(skip_procurement=True).action_confirm()
        self.assertEqual(self._group('partner_id', 'amount:sum'), {self.customer: 390.0})
