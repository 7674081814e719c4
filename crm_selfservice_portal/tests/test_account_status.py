from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from .common import SelfServiceCommon

URL = '/my/account-status'


@tagged('post_install', '-at_install')
class TestAccountStatus(SelfServiceCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bench = cls.env['product.product'].create({
            'name': "Planing Bench", 'type': 'service', 'service_type': 'manual',
            'taxes_id': [Command.clear()]})
        cls.saw = cls.bench.copy({'name': "Band Saw"})
        cls.requests = cls.env['crm.request']

    def _create_order(self, partner=None, confirm=True, **values):
        order = self.env['sale.order'].create({
            'partner_id': (partner or self.acorn).id,
            'order_line': [Command.create({
                'product_id': self.bench.id, 'product_uom_qty': 5, 'price_unit': 10})],
            **values})
        if confirm:
            order.action_confirm()
        return order

    def _create_request(self, user=None, **values):
        return self.requests.create({
            'name': "Where is my bench?", 'partner_id': (user or self.ann).partner_id.id,
            'type_id': self.env.ref('crm_service_requests.crm_request_type_information').id,
            **values})

    def _page(self, user, path=URL):
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def _ask(self, user, csrf=True, **values):
        """Ask to be called, as the form of the page does."""
        page = self._page(user).text
        values = {'when': '2026-05-04T10:30', 'phone': "+353 21 555", 'note': "", **values}
        if csrf:
            values['csrf_token'] = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open('/my/call-back', data=values)

    def _wishes(self):
        return self.requests.search([('name', 'like', "Call back")])

    # What is on the page

    def test_open_amounts_are_those_of_the_statement_of_today(self):
        euro = self.env.ref('base.EUR')
        euro.active = True
        today = fields.Date.context_today(self.env.user)
        bill = self._bill(100, today - timedelta(days=50), due=today - timedelta(days=40))
        self._pay(bill, today, amount=30)
        self._bill(7, today, due=today + timedelta(days=9))
        self._credit(5, today)
        self._bill(11, today - timedelta(days=200), currency_id=euro.id)
        amounts = self.acorn._open_amounts(self.company)
        for currency in (self.company.currency_id, euro):
            with self.subTest(currency=currency.name):
                self.assertEqual(
                    amounts[self.company, currency],
                    self._ledger('2020-01-01', today, currency=currency).ageing())

    def test_page_tells_what_is_open_on_its_way_and_asked(self):
        self._bill(123.45, '2026-01-10', due='2026-01-20')
        order = self._create_order(commitment_date=datetime.now() + timedelta(days=3))
        order.order_line.qty_delivered = 2
        found = self._create_request()
        page = self._page(self.ann).text
        for words in (
                "123.45", order.name, "Planing Bench", "3.00", found.number, "Next dates",
                "Delivery of"):
            self.assertIn(words, page)

    def test_page_tells_nothing_of_others(self):
        self._bill(123.45, '2026-01-10', partner=self.birch)
        order = self._create_order(partner=self.birch)
        found = self._create_request(user=self.bea)
        page = self._page(self.ann).text
        for words in ("123.45", order.name, "Planing Bench", found.number):
            self.assertNotIn(words, page)
        self.assertIn("Nothing is open", page)

    def test_what_is_delivered_and_billed_is_not_underway(self):
        orders, lines = self.env['sale.order'], self.env['sale.order.line']
        order = self._create_order()
        draft = self._create_order(confirm=False)
        self.assertEqual(
            orders.search(orders._underway_domain()) & (order | draft), order)
        self.assertEqual(
            lines.search(lines._undelivered_domain()) & order.order_line, order.order_line)
        order.order_line.qty_delivered = 5
        self.assertFalse(lines.search(lines._undelivered_domain()) & order.order_line)
        self.assertFalse(order.order_line.filtered_domain(lines._undelivered_domain()))
        order._create_invoices().action_post()
        self.assertFalse(orders.search(orders._underway_domain()) & order)

    def test_promised_date_is_the_one_agreed_or_a_coming_one(self):
        order = self._create_order(commitment_date=datetime(2026, 1, 5, 8))
        self.assertEqual(order._promised_date(), datetime(2026, 1, 5, 8))
        order.commitment_date = False
        self.assertFalse(order._promised_date())

    def test_credit_is_told_when_there_is_a_limit(self):
        self.assertIsNone(self.acorn._credit(self.company))
        self.company.account_use_credit_limit = True
        self.acorn.credit_limit = 1000
        self._bill(100, '2026-01-10')
        credit = self.acorn.with_user(self.ann)._credit(self.company)
        self.assertEqual((credit.limit, credit.used), (1000, 100))
        self.assertIn("Credit used", self._page(self.ann).text)
        self.assertNotIn("Credit used", self._page(self.bea).text)

    def test_who_may_open_the_page(self):
        for user, status in (
                (self.ann, 200), (self.ben, 200), (self.bea, 200), (self.colleague, 404)):
            with self.subTest(user=user.login):
                self.assertEqual(self._page(user).status_code, status)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(URL, allow_redirects=False).status_code, 303)

    def test_customer_without_a_timezone_opens_every_page(self):
        self.ann.tz = False
        for path in (URL, '/my/statement', '/my/requests'):
            with self.subTest(path=path):
                self.assertEqual(self._page(self.ann, path).status_code, 200)

    def test_page_of_many_documents_costs_as_many_queries_as_of_few(self):
        self.company.account_use_credit_limit = True
        self.acorn.credit_limit = 1000

        def make(count):
            for _number in range(count):
                self._bill(1, '2026-01-10')
                self._create_order()
                self._create_request()

        make(12)
        few = self._count_statements(self._page, self.ann)
        make(20)
        self.assertLessEqual(self._count_statements(self._page, self.ann), few)

    # Who looks after the customer

    def test_contact_is_the_personal_manager_or_else_the_salesperson(self):
        self.assertEqual(self.ann._portal_contact(), self.roles['account_representative'])
        self.acorn.personal_manager_id = self.roles['order_manager']
        self.assertEqual(self.ann._portal_contact(), self.roles['order_manager'])
        self.roles['order_manager'].sudo().active = False
        self.assertEqual(self.ann._portal_contact(), self.roles['account_representative'])
        self.assertFalse(self.colleague._portal_contact())
        self.assertFalse(self.env.ref('base.public_user')._portal_contact())

    def test_contact_is_on_every_page_of_the_portal(self):
        manager = self.roles['account_representative']
        manager.write({'name': "Conor Hession", 'email': 'conor@example.com'})
        self._create_order()
        for path in ('/my', URL, '/my/statement', '/my/orders', '/my/invoices', '/my/requests',
                     '/my/security'):
            with self.subTest(path=path):
                page = self._page(self.ann, path).text
                self.assertEqual(page.count('aria-label="Your contact"'), 2 if path == '/my' else 1)
                self.assertIn("Conor Hession", page)
                self.assertIn('mailto:conor@example.com', page)

    def test_nobody_else_has_a_contact(self):
        self.assertNotIn('crm_contact_card', self._page(self.colleague, '/my').text)

    # Call me back

    @freeze_time('2026-05-01 08:00:00')
    def test_wish_to_be_called_becomes_a_request_of_the_contact(self):
        self.ann.tz = 'Europe/Dublin'
        page = self._ask(self.ann, note="About <b>my</b> bench")
        self.assertIn("We will call you", page.text)
        found = self._wishes()
        self.assertEqual(found.partner_id, self.ann.partner_id)
        self.assertEqual(found.user_id, self.roles['account_representative'])
        self.assertEqual((found.kind, found.channel, found.phone), (
            'help', 'portal', "+353 21 555"))
        self.assertIn("10:30", found.name.replace('\u202f', ' '))
        self.assertIn("&lt;b&gt;", found.description)
        self.assertEqual(found.activity_ids.user_id, self.roles['account_representative'])
        self.assertEqual(fields.Date.to_string(found.activity_ids.date_deadline), '2026-05-04')

    @freeze_time('2026-05-01 08:00:00')
    def test_asking_twice_is_one_wish_and_many_are_too_many(self):
        for _time in range(2):
            self._ask(self.ann)
        self.assertEqual(len(self._wishes()), 1)
        for hour in (11, 12, 13):
            page = self._ask(self.ann, when=f'2026-05-04T{hour}:00')
        self.assertIn("Several of your requests", page.text)
        self.assertEqual(len(self._wishes()), 3)
        self._ask(self.bea)
        self.assertEqual(len(self._wishes()), 4)

    @freeze_time('2026-05-01 08:00:00')
    def test_wishes_nobody_can_fulfil_are_refused(self):
        for values in (
                {'when': '2026-04-30T10:00'}, {'when': '2027-05-01T10:00'}, {'when': 'soon'},
                {'when': ''}, {'when': '9999-12-31T23:59'}, {'phone': ""}, {'phone': "none"}):
            with self.subTest(values=values):
                self.assertIn("Please say when", self._ask(self.ann, **values).text)
        self.assertFalse(self._wishes())

    @freeze_time('2026-05-01 08:00:00')
    def test_wish_needs_the_token_and_a_customer(self):
        self.assertEqual(self._ask(self.ann, csrf=False).status_code, 400)
        self.assertEqual(self.url_open('/my/call-back').status_code, 405)
        self.assertFalse(self._wishes())

    @freeze_time('2026-05-01 08:00:00')
    def test_customer_whom_nobody_looks_after_may_ask_too(self):
        (self.birch | self.bea.partner_id).user_id = False
        self.assertFalse(self.bea._portal_contact())
        self._ask(self.bea)
        self.assertEqual(self._wishes().partner_id, self.bea.partner_id)
        self.assertEqual(self._wishes().activity_ids.user_id, self._wishes().user_id)
