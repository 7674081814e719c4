from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesFactsCommon


@tagged('post_install', '-at_install')
class TestBadInput(SalesFactsCommon):
    """Whatever is on a bill, it can be posted, and the facts say what the books say."""

    def test_line_without_product_counts_for_the_customer(self):
        self._create_bill(lines=[{'name': "Labour", 'quantity': 3, 'price_unit': 50.0}])
        self.assertEqual(self._sold(partner_id=self.customer), (3.0, 150.0, 0.0))
        self._assert_true()
        self.assertEqual(
            self.env['crm.sales.report']._read_group(
                [('partner_id', '=', self.customer.id)], ['product_id'], ['amount:sum']),
            [(self.env['product.product'], 150.0)])
        self.assertEqual(self.customer.get_sales_sheet()['products'], [])

    def test_receipt_without_partner_counts_for_nobody(self):
        self._create_bill(
            move_type='out_receipt', partner_id=False,
            lines=[{'product_id': self.drill.id, 'price_unit': 100.0}])
        self.assertEqual(
            self._sold(partner_id=None, product_id=self.drill), (1.0, 100.0, 60.0))
        self._assert_true()

    def test_zero_quantity_is_worth_nothing(self):
        bill = self._create_bill(lines=[{'product_id': self.drill.id, 'quantity': 0}])
        self.assertEqual(bill.state, 'posted')
        self.assertEqual(self._sold(partner_id=self.customer), (0.0, 0.0, 0.0))
        self._assert_true()
        self.assertFalse(self.env['crm.sales.product'].search(
            [('partner_id', '=', self.customer.id)]))

    def test_price_below_zero_takes_off_the_amount(self):
        self._create_bill(lines=[
            {'product_id': self.drill.id, 'price_unit': 100.0},
            {'name': "Discount", 'price_unit': -30.0}])
        self.assertEqual(self._sold(partner_id=self.customer), (2.0, 70.0, 60.0))
        self._assert_true()

    def test_quantity_below_zero_is_taken_back(self):
        self._create_bill(lines=[
            {'product_id': self.bit.id, 'quantity': 100},
            {'product_id': self.drill.id, 'quantity': -1, 'price_unit': 100.0}])
        self.assertEqual(self._sold(product_id=self.drill), (-1.0, -100.0, -60.0))
        self._assert_true()

    def test_archived_product_is_still_told(self):
        self._create_bill()
        self.drill.action_archive()
        self.assertEqual(self._sold(product_id=self.drill), (1.0, 100.0, 60.0))
        self.assertEqual(
            self.env['crm.sales.report'].search([('product_id', '=', self.drill.id)]).amount, 100.0)

    def test_product_that_was_sold_is_archived_instead_of_deleted(self):
        self._create_bill()
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger('odoo.sql_db'):
            self.drill.unlink()
        self.assertEqual(self._sold(product_id=self.drill), (1.0, 100.0, 60.0))

    def test_product_that_is_deleted_takes_its_empty_facts_along(self):
        bill = self._create_bill(lines=[{'product_id': self.bit.id}])
        self.facts._fold()
        bill.button_draft()
        bill.unlink()
        self.bit.unlink()
        self._assert_true()

    def test_product_without_cost_earns_all_of_its_amount(self):
        self.bit.standard_price = 0.0
        bill = self._create_bill(lines=[{'product_id': self.bit.id, 'price_unit': 8.0}])
        self.assertEqual(bill.invoice_line_ids.unit_cost, 0.0)
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 8.0, 0.0))
        self.bit.standard_price = 5.0
        self._assert_true()
        self.assertEqual(self._sold(partner_id=self.customer), (1.0, 8.0, 0.0))

    def test_company_added_later(self):
        company = self.setup_other_company()['company']
        self.drill.with_company(company).standard_price = 44.0
        bill = self.env['account.move'].with_company(company).create({
            'move_type': 'out_invoice', 'partner_id': self.customer.id, 'company_id': company.id,
            'invoice_date': '2026-03-02', 'invoice_line_ids': [Command.create(
                {'product_id': self.drill.id, 'price_unit': 70.0, 'tax_ids': [Command.clear()]})],
        })
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.unit_cost, 44.0)
        self.assertEqual(self._sold(company_id=company), (1.0, 70.0, 44.0))
        self._assert_true()

    def test_currency_without_a_rate_counts_as_booked(self):
        currency = self.env['res.currency'].create(
            {'name': 'XQX', 'symbol': 'Q', 'rounding': 0.01})
        bill = self._create_bill(
            currency_id=currency.id, lines=[{'product_id': self.drill.id, 'price_unit': 100.0}])
        self.assertEqual(
            self._sold(partner_id=self.customer)[1], -sum(bill.invoice_line_ids.mapped('balance')))
        self._assert_true()

    def test_each_amount_is_at_the_rate_of_its_bill(self):
        line = {'product_id': self.drill.id, 'price_unit': 60.0}
        for day in ('2016-06-01', '2017-06-01'):
            self._create_bill(
                currency_id=self.other_currency.id, invoice_date=day, lines=[line])
        self.assertEqual(self._sold(partner_id=self.customer), (2.0, 50.0, 120.0))

    def test_order_line_of_another_product_does_not_say_the_cost(self):
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id,
            'order_line': [Command.create({'product_id': self.drill.id})]})
        order.with_context(skip_procurement=True).action_confirm()
        bill = order._create_invoices()
        bill.invoice_line_ids.product_id = self.bit
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.unit_cost, 3.33)
        self._assert_true()
