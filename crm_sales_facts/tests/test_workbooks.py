import io
import json
from datetime import date, datetime
from unittest.mock import patch
from urllib.parse import urlencode

import openpyxl

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import format_date, mute_logger

from ..controllers import sales_workbook
from .common import SalesFactsCommon


@tagged('post_install', '-at_install')
class TestWorkbooks(SalesFactsCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user('sales_manager')
        cls.rep = cls._create_user('account_representative')
        cls.customer.user_id = cls.rep
        cls.customer.name = '=1+1'
        for day, partner, price in (
                ('2026-01-10', cls.customer, 100.0), ('2026-03-02', cls.customer, 90.0),
                ('2025-03-05', cls.other_customer, 400.0)):
            cls._create_bill(invoice_date=day, partner_id=partner.id, lines=[
                {'product_id': cls.drill.id, 'price_unit': price}])
        cls.ours = [('partner_id', 'in', (cls.customer | cls.other_customer).ids)]
        cls.env.flush_all()

    def _ask(self, login, **asked):
        self.authenticate(login, login)
        data = {'model': 'crm.sales.report', 'domain': self.ours, 'groupby': [], **asked}
        return self.url_open(f'/crm_sales_facts/workbook?{urlencode({"data": json.dumps(data)})}')

    def _ask_customer(self, login, customer, **params):
        self.authenticate(login, login)
        return self.url_open(
            f'/crm_sales_facts/customer/{customer.id}/xlsx?{urlencode(params)}')

    def _book(self, response):
        self.assertEqual(response.status_code, 200, response.text[:500])
        return openpyxl.load_workbook(io.BytesIO(response.content))

    def _table(self, sheet, first):
        """Return the rows of a sheet below the heads that begin with `first`."""
        rows = list(sheet.values)
        return rows[1 + next(number for number, row in enumerate(rows) if row[0] == first):]

    def test_report_says_what_it_is_and_sums_it_up(self):
        book = self._book(self._ask(
            'sales_manager', title="Our Sales", filters=["Date: 2026"]))
        [sheet] = book.worksheets
        head = [row[0] for row in sheet.values][:6]
        self.assertEqual(head[0], "Our Sales")
        self.assertIn("03/05/2025 to 03/02/2026", head[1])
        self.assertIn(self.env.company.name, head[2])
        self.assertIn(self.env.company.currency_id.name, head[3])
        self.assertEqual(head[4], "Date: 2026")
        self.assertEqual(self._table(sheet, "Customer"), [
            (self.other_customer.name, 1, 400, 60, 340, 85),
            ('=1+1', 2, 190, 120, 70, 100 * 70 / 190),
            ("Total", 3, 590, 180, 410, 100 * 410 / 590)])

    def test_cells_have_formats_and_the_heads_stay(self):
        [sheet] = self._book(self._ask('sales_manager')).worksheets
        heads = next(row for row in sheet.iter_rows() if row[0].value == "Customer")
        self.assertEqual(sheet.freeze_panes, f'A{heads[0].row + 1}')
        first = sheet[heads[0].row + 2]
        self.assertEqual(first[0].data_type, 's', "what looks like a formula is a text")
        self.assertEqual(first[2].number_format, '#,##0.00')
        self.assertTrue(sheet[sheet.max_row][2].font.bold)
        self.assertGreater(sheet.column_dimensions['A'].width, 30)

    def test_groups_are_those_that_were_asked_for(self):
        [sheet] = self._book(self._ask(
            'sales_manager', groupby=['partner_id', 'date:year', 'tag_ids'])).worksheets
        self.assertEqual(
            [row[:5] for row in self._table(sheet, "Customer")],
            [('=1+1', "2026", "None", 2, 190), (self.other_customer.name, "2025", "None", 1, 400),
             ("Total", None, None, 3, 590)])

    def test_comparison_names_its_periods(self):
        [sheet] = self._book(self._ask(
            'sales_manager', model='crm.sales.comparison',
            context={'sales_start': '2026-03-01', 'sales_end': '2026-03-31'})).worksheets
        text = str(list(sheet.values))
        for period in ('03/01/2026 to 03/31/2026', '02/01/2026 to 02/28/2026',
                       '03/01/2025 to 03/31/2025'):
            self.assertIn(period, text)
        self.assertEqual(
            self._table(sheet, "Customer")[-1][:6], ("Total", 90, None, None, 400, -77.5))

    def test_products_by_customer(self):
        [sheet] = self._book(self._ask('sales_manager', model='crm.sales.product')).worksheets
        self.assertIn(('=1+1', self.drill.display_name, 2, 95, 190, 70),
                      self._table(sheet, "Customer"))

    def test_representatives_get_own_customers_without_the_margin(self):
        [sheet] = self._book(self._ask('account_representative')).worksheets
        self.assertEqual(
            self._table(sheet, "Customer"), [('=1+1', 2, 190), ("Total", 2, 190)])
        self.assertNotIn("Margin", str(list(sheet.values)))
        for domain in ([('margin', '>', 0)], [('cost', '>', 0)]):
            with mute_logger('odoo.http'):
                self.assertEqual(
                    self._ask('account_representative', domain=domain).status_code, 403)

    def test_margin_of_own_customers_when_the_settings_say_so(self):
        self.env['res.config.settings'].create({'group_crm_margin_own': True}).execute()
        [sheet] = self._book(self._ask('account_representative')).worksheets
        self.assertEqual(self._table(sheet, "Customer")[0][:5], ('=1+1', 2, 190, 120, 70))

    def test_only_reports_of_sales_are_given(self):
        for model in ('res.partner', 'crm.sales.fact', 'nothing'):
            with self.subTest(model=model):
                self.assertEqual(self._ask('sales_manager', model=model).status_code, 404)
        self.authenticate('sales_manager', 'sales_manager')
        for data in ('', 'nothing', '[]', '{}'):
            with self.subTest(data=data):
                self.assertEqual(
                    self.url_open(f'/crm_sales_facts/workbook?data={data}').status_code, 400)

    def test_other_companies_are_refused(self):
        other = self.setup_other_company()['company']
        with mute_logger('odoo.http'):
            self.assertEqual(self._ask(
                'sales_manager', context={'allowed_company_ids': other.ids}).status_code, 403)

    def test_who_has_no_role_gets_nothing(self):
        new_test_user(self.env, 'employee', 'base.group_user')
        with mute_logger('odoo.http'):
            self.assertEqual(self._ask('employee').status_code, 403)
            self.assertEqual(self._ask_customer('employee', self.customer).status_code, 403)
        self.authenticate(None, None)
        self.assertIn('/web/login', self.url_open(
            '/crm_sales_facts/workbook?data={}', allow_redirects=False).headers['Location'])

    def test_different_currencies_are_not_summed_up(self):
        other = self.setup_other_company(
            currency_id=self.env.ref('base.CHF').id)['company']
        self.manager.company_ids += other
        both = (self.env.company | other).ids
        [sheet] = self._book(self._ask(
            'sales_manager', context={'allowed_company_ids': both})).worksheets
        rows = self._table(sheet, "Currency")
        self.assertEqual([row[:2] for row in rows], [
            (self.env.company.currency_id.name, name) for name in ('=1+1', "Acorn Joinery")])

    def test_more_rows_than_a_sheet_should_have_are_refused(self):
        with patch.object(sales_workbook, 'ROWS', 1), mute_logger('odoo.http'):
            self.assertIn("more than 1 rows", self._ask('sales_manager').text)

    def _pages(self, login, **params):
        book = self._book(self._ask_customer(login, self.customer, **params))
        return [self._table(sheet, first) for sheet, first in zip(
            book.worksheets, ("Month", "Product", "Order"), strict=True)]

    def test_customer_page_with_months_products_and_what_is_to_come(self):
        today = date.today()
        self._create_bill(invoice_date=today, lines=[
            {'product_id': self.bit.id, 'quantity': 3, 'price_unit': 10.0}])
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id, 'commitment_date': '2031-04-01 10:00:00',
            'order_line': [Command.create({'product_id': self.drill.id, 'product_uom_qty': 4})]})
        order.with_context(skip_procurement=True).action_confirm()
        order.order_line.qty_delivered_method = 'manual'
        self.env.flush_all()
        months, products, lines = self._pages('sales_manager')
        self.assertEqual(len(months), 13)
        self.assertEqual(
            months[-2], (format_date(self.env, today, date_format='LLLL yyyy'), 30, 0, 20.01))
        self.assertEqual(months[-1][0], "Total")
        bit = next(row for row in products if row[0] == self.bit.display_name)
        self.assertEqual(bit[1].date(), today)
        self.assertEqual(bit[3:], (1, 3, "Units", 10, 10, None, None, 30, 20.01))
        self.assertEqual(products[-1][-2:], (220, 90.01))
        [line] = lines
        self.assertEqual((line[0], *line[2:6]), (
            order.name, self.drill.display_name, 4, 4, "Units"))
        self.assertEqual(line[6], datetime(2031, 4, 1))

    def test_customer_page_without_the_margin(self):
        months, products, _lines = self._pages('account_representative')
        self.assertEqual({len(row) for row in months}, {3})
        self.assertEqual(products[0][-1], 190)

    def test_customer_page_of_the_whole_group(self):
        self.other_customer.parent_id = self.customer
        self.env.flush_all()
        _months, products, _lines = self._pages('sales_manager', whole_group='1')
        self.assertEqual(products[-1][-2], 590)
        self.assertEqual({row[1] for row in products[:-1]}, {'=1+1', "Acorn Joinery"})

    def test_customer_page_of_nobody_is_not_there(self):
        self.assertEqual(
            self._ask_customer('sales_manager', self.customer.browse(0)).status_code, 404)
        self.assertEqual(self._ask_customer(
            'sales_manager', self.customer, context='nothing').status_code, 400)
