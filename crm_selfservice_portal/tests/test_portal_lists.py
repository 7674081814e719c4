from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_service_requests.controllers.portal_list import page_number

from .common import SelfServiceCommon

URLS = ('/my/orders', '/my/quotes', '/my/invoices', '/my/requests')
FEW, MANY = 5, 50


class PortalListCase(SelfServiceCommon, HttpCase):
    """Orders, quotations, bills and requests of two customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bench = cls.env['product.product'].create({
            'name': "Planing Bench", 'type': 'service', 'taxes_id': [Command.clear()]})
        cls.kind = cls.env.ref('crm_service_requests.crm_request_type_information')

    @classmethod
    def _create_orders(cls, count=1, partner=None, state='sale', **values):
        return cls.env['sale.order'].create([{
            'partner_id': (partner or cls.acorn).id, 'state': state,
            'order_line': [Command.create({
                'product_id': cls.bench.id, 'product_uom_qty': 5, 'price_unit': 10})],
            **values} for _number in range(count)])

    @classmethod
    def _create_all(cls, count):
        """Make so many rows of each list for Acorn Joinery."""
        cls._create_orders(count)
        cls._create_orders(count, state='sent')
        cls.env['account.move'].union(*(
            cls._bill(1, '2026-01-10', post=False) for _number in range(count))).action_post()
        cls.env['crm.request'].create([{
            'name': f"Question {number}", 'partner_id': cls.ann.partner_id.id,
            'type_id': cls.kind.id} for number in range(count)])

    def _page(self, path, user=None):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        self.env.flush_all()
        return self.url_open(path)

    def _assert_shows(self, path, shown, hidden, user=None):
        text = self._page(path, user).text
        for records, expected in ((shown, True), (hidden, False)):
            for record in records:
                self.assertEqual(f'>{record.name}<' in text, expected, f"{path}: {record.name}")


@tagged('post_install', '-at_install')
class TestPortalLists(PortalListCase):

    # What is shown

    def test_customer_sees_his_orders_and_those_of_nobody_else(self):
        mine, other = self._create_orders(), self._create_orders(partner=self.birch)
        offer = self._create_orders(state='sent', partner=self.ben.partner_id)
        self._assert_shows('/my/orders', mine, other | offer)
        self._assert_shows('/my/quotes', offer, mine | other)
        self._assert_shows('/my/orders', other, mine, self.bea)

    def test_customer_sees_his_bills_and_those_of_nobody_else(self):
        mine, other = self._bill(10, '2026-01-10'), self._bill(10, '2026-01-10', self.birch)
        draft = self._bill(10, '2026-01-10', post=False)
        page = self._page('/my/invoices').text
        for bill, shown in ((mine, True), (other, False), (draft, False)):
            self.assertEqual(f'href="/my/invoices/{bill.id}"' in page, shown)

    def test_employee_without_rights_sees_an_empty_list(self):
        self._create_orders()
        clerk = self._create_user('marketing_manager', 'clerk')
        clerk.group_ids = [Command.set(self.env.ref('base.group_user').ids)]
        for path in ('/my/orders', '/my/quotes', '/my/invoices'):
            with self.subTest(path=path):
                self.assertEqual(self._page(path, clerk).status_code, 200)

    def test_what_is_due_next_of_a_bill_paid_in_parts(self):
        term = self.env['account.payment.term'].create({
            'name': "Two parts", 'line_ids': [
                Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': days})
                for days in (0, 3000)]})
        bill = self._bill(100, '2026-01-10', invoice_payment_term_id=term.id)
        whole = self._bill(100, '2026-01-10')
        today = fields.Date.context_today(bill)
        for move in bill | whole:
            with self.subTest(bill=move.name):
                expected = move._get_invoice_next_payment_values()
                row = move._portal_rows()[0]
                if move == whole:
                    self.assertNotIn('installment_state', row)
                else:
                    for name in ('installment_state', 'next_amount_to_pay', 'next_due_date'):
                        self.assertEqual(row[name], expected[name])
        self.assertLess(bill.invoice_line_ids.date, today)
        self.assertIn("overdue", self._page('/my/invoices').text)

    # How it is asked for

    def test_list_is_searched_filtered_and_sorted(self):
        first, second = self._create_orders(2)
        first.write({'client_order_ref': "Green 12", 'date_order': '2026-01-10'})
        second.write({'date_order': '2026-02-10'})
        self._assert_shows('/my/orders?search=green', first, second)
        self._assert_shows('/my/orders?search=green&search_in=name', [], first | second)
        self._assert_shows('/my/orders?search=planing&search_in=product', first | second, [])
        self._assert_shows(
            '/my/orders?date_begin=2026-01-01&date_end=2026-01-02', [], first | second)
        for sortby, order in (('date', [second, first]), ('oldest', [first, second])):
            text = self._page(f'/my/orders?sortby={sortby}').text
            self.assertLess(*(text.index(f'>{record.name}<') for record in order))
        second.order_line.qty_delivered = 5
        self.env.flush_all()
        second.invoice_status = 'invoiced'
        self._assert_shows('/my/orders?filterby=underway', first, second)

    def test_quotations_are_filtered_by_whether_they_hold(self):
        today = fields.Date.context_today(self.env.user)
        valid, over = self._create_orders(2, state='sent')
        valid.validity_date = today
        over.validity_date = fields.Date.subtract(today, days=1)
        self._assert_shows('/my/quotes?filterby=valid', valid, over)
        self._assert_shows('/my/quotes?filterby=expired', over, valid)
        self._assert_shows('/my/quotes', valid | over, [])

    def test_what_is_not_offered_is_answered_as_if_not_asked(self):
        order = self._create_orders()
        self._create_all(1)
        for query in (
                'sortby=nothing', 'filterby=%27', 'groupby=x', 'search_in=x&search=', 'page=-1',
                'sortby=id%3B+DROP+TABLE', 'page=%C2%B2', 'date_begin=soon&date_end=never',
                'search=%00', 'unknown=1'):
            for path in URLS:
                with self.subTest(path=path, query=query):
                    self.assertEqual(self._page(f'{path}?{query}').status_code, 200)
            self._assert_shows(f'/my/orders?{query}', order, [])
        for path in URLS:
            with self.subTest(path=path):
                page = self._page(f'{path}/page/{"9" * 30}')
                self.assertEqual(page.status_code, 200)
                self.assertNotIn('alert-info', page.text)

    def test_numbers_of_pages(self):
        for text, number in (('3', 3), (7, 7), ('0', 0), ('x', 1), ('-1', 1), ('²', 1), ('', 1)):
            self.assertEqual(page_number(text), number)

    def test_pages_show_every_row_once(self):
        orders = self._create_orders(90)
        pages = [self._page(f'/my/orders{path}').text for path in ('', '/page/2', '/page/3')]
        first, last, over = (
            {order for order in orders if f'>{order.name}<' in page} for page in pages)
        self.assertEqual([len(first), len(last)], [80, 10])
        self.assertEqual(first | last, set(orders))
        self.assertEqual(over, last)

    def test_empty_list_says_what_to_do(self):
        for path in ('/my/orders', '/my/quotes', '/my/invoices'):
            with self.subTest(path=path):
                self.assertIn("There are currently no", self._page(path).text)
                page = self._page(f'{path}?search=nowhere').text
                self.assertIn("Nothing was found.", page)
                self.assertIn(f'href="{path}"', page)

    def test_documents_of_several_companies_are_grouped(self):
        branch = self._create_customer("Acorn Branch", parent_id=self.acorn.id)
        mine, theirs = self._create_orders(), self._create_orders(partner=branch)
        self._bill(10, '2026-01-10', branch)
        self.assertNotIn('groupby=customer', self._page('/my/orders', self.bea).text)
        page = self._page('/my/orders?groupby=customer').text
        self.assertLess(
            page.index('scope="colgroup">Acorn Joinery'), page.index(f'>{mine.name}<'))
        self.assertIn(f'>{theirs.name}<', page)
        self.assertIn('scope="colgroup">', self._page('/my/invoices?groupby=customer').text)

    def test_each_reader_has_the_list_in_his_language(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.bea.lang = 'fr_FR'
        for partner in (self.acorn, self.birch):
            self._create_orders(
                partner=partner, date_order='2026-02-03 12:00:00').order_line.price_unit = 1234
        expected = (self.ann, '02/03/2026', '6,170.00'), (
            self.bea, '03/02/2026', '6\xa0170,00')
        for user, day, amount in expected * 2:
            with self.subTest(user=user.login):
                page = self._page('/my/orders', user).text
                self.assertIn(day, page)
                self.assertIn(amount, page)

    def test_who_may_not_pay_has_no_button_to_pay(self):
        self._bill(10, '2026-01-10')
        self.env['ir.config_parameter'].set_param('account_payment.enable_portal_payment', True)
        self.assertIn('?payment=True#portal_pay', self._page('/my/invoices').text)
        self.env['crm.representative.right'].search([
            ('partner_id', '=', self.ann.partner_id.id)]).can_pay = False
        self.assertNotIn('#portal_pay', self._page('/my/invoices').text)

    # No token

    def test_no_token_is_written_or_shown(self):
        order, offer = self._create_orders(), self._create_orders(state='sent')
        bill = self._bill(10, '2026-01-10')
        for path, record in (
                ('/my/orders', order), ('/my/quotes', offer), ('/my/invoices', bill)):
            with self.subTest(path=path):
                page = self._page(path)
                self.assertIn(f'href="{path.replace("quotes", "orders")}/{record.id}"', page.text)
                self.assertNotIn('access_token', page.text)
                self.assertFalse(record.access_token)

    def test_link_of_who_is_in_the_portal_has_no_token(self):
        for record in (self._create_orders(), self._bill(10, '2026-01-10')):
            with self.subTest(model=record._name):
                mine = record.with_user(self.ann)
                self.assertEqual(
                    mine.get_portal_url(
                        suffix='/accept', report_type='pdf', download=True,
                        query_string='&payment=True', anchor='pay'),
                    f'{record.access_url}/accept?report_type=pdf&download=true&payment=True#pay')
                self.assertEqual(mine.get_portal_url(), record.access_url)
                self.assertNotIn('access_token', mine._get_share_url())
                self.assertFalse(record.access_token)
                with self.assertRaises(AccessError):
                    mine.read(['access_token'])
                for sender in (record, mine.sudo(), record.with_user(self.roles['order_manager'])):
                    self.assertIn(record._portal_ensure_token(), sender.get_portal_url())

    # How much it costs

    def test_many_rows_cost_as_much_as_few(self):
        self._create_all(FEW)
        few = {path: self._cost(path) for path in URLS}
        self._create_all(MANY - FEW)
        for path in URLS:
            with self.subTest(path=path):
                self.assertLessEqual(self._cost(path), few[path])

    def _cost(self, path):
        """Return how many statements a page costs."""
        self._page(path)
        return self._count_statements(self.url_open, path)

    def test_rules_look_up_no_contacts(self):
        orders, lines = self.env['sale.order'], self.env['sale.order.line']
        for records in (orders, lines, self.env['account.move'], self.env['account.move.line']):
            with self.subTest(model=records._name):
                domain = self.env['ir.rule'].with_user(self.ann)._compute_domain(records._name)
                self.assertNotIn('child_of', str(domain))
                self.assertIn(str(self.acorn.id), str(domain))

    def test_rules_hold_when_one_that_says_the_same_is_switched_off(self):
        mine, other = self._create_orders(), self._create_orders(partner=self.birch)
        orders = self.env['sale.order'].with_user(self.ann)
        rules = self.env['ir.rule'].search([('model_id.model', '=', 'sale.order')])
        for rule in rules.filtered(lambda rule: '_portal_domain' in rule.domain_force):
            with self.subTest(rule=rule.name):
                rule.active = False
                found = orders.search([('id', 'in', (mine | other).ids)])
                rule.active = True
                self.assertEqual(found, mine.with_user(self.ann))
