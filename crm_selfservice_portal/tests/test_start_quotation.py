from datetime import date

from odoo import fields
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_start import PDF, StartCase

URL = '/my/quotation/new'


@tagged('post_install', '-at_install')
class TestStartQuotation(StartCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env['crm.request']
        cls.type = cls.env.ref('crm_service_requests.crm_request_type_order')

    def _bought(self, user=None, **kwargs):
        lines = self.env['sale.order.line'].with_user(user or self.ann)
        found = lines._bought(**kwargs)
        self.assertEqual(
            len(found), lines._bought_count(
                kwargs.get('search', ''), kwargs.get('domain', Domain.TRUE)))
        return [purchase.product.name for purchase in found]

    def _ask(self, user=None, **values):
        return self._send(URL, {'send': '1', **values}, user)

    def _asked(self, partner=None):
        return self.requests.search([('partner_id', '=', (partner or self.ann.partner_id).id)])

    def _benches(self, count):
        return self.env['product.product'].create([
            {'name': f"Bench {number:02}", 'type': 'service'} for number in range(count)])

    # What was bought

    def test_purchases_are_those_he_sees_the_last_first(self):
        self._order(self.bench, self.saw)
        self._order(self.bench, day='2026-02-07', product_uom_id=self.dozen.id)
        self._order(self.glue, partner=self.birch)
        self._order(self.glue, confirm=False)
        self.assertEqual(self._bought(), ["Planing Bench", "Band Saw"])
        self.assertEqual(self._bought(self.bea), ["Wood Glue"])
        bench, saw = self.env['sale.order.line'].with_user(self.ann)._bought()
        self.assertEqual((bench.date, bench.unit, bench.quantity), (
            date(2026, 2, 7), self.dozen, 3))
        self.assertEqual((saw.date, saw.unit), (date(2026, 1, 5), self.saw.uom_id))

    def test_purchases_are_searched_by_name_and_reference(self):
        self._order(self.bench, self.saw)
        self.saw.default_code = 'BS-7'
        self.assertEqual(self._bought(search="bench"), ["Planing Bench"])
        self.assertEqual(self._bought(search="bs-7"), ["Band Saw"])
        self.assertEqual(self._bought(search="50%_'"), [])

    def test_what_was_billed_without_an_order_was_bought(self):
        self._bill(10, '2026-03-01', invoice_line_ids=[Command.create({
            'product_id': self.glue.id, 'quantity': 4, 'tax_ids': [Command.clear()]})])
        self.assertEqual(self._bought(), ["Wood Glue"])
        self._only('buy')
        self.assertEqual(self._bought(), [])

    def test_day_of_an_order_is_the_one_it_was_made_on_not_billed(self):
        order = self._order(self.bench)
        order.order_line.qty_delivered = 3
        order._create_invoices().action_post()
        purchase, = self.env['sale.order.line'].with_user(self.ann)._bought()
        self.assertEqual(purchase.date, date(2026, 1, 5))

    def test_what_is_not_sold_any_more_is_left_out(self):
        self._order(self.bench, self.saw, self.glue)
        self.bench.sale_ok = False
        self.saw.active = False
        self.assertEqual(self._bought(), ["Wood Glue"])
        self.env.company.sale_discount_product_id = self.glue
        self.assertEqual(self._bought(), [])

    def test_many_purchases_cost_as_many_queries_as_few(self):
        self._order(*self._benches(5))
        self.assertEqual(self._open(URL).status_code, 200)
        few = self._count_statements(self._open, URL)
        self._order(*self._benches(50))
        self.assertLessEqual(self._count_statements(self._open, URL), few)

    # The form

    def test_form_lists_purchases_and_keeps_what_was_typed(self):
        self._order(self.bench, self.saw)
        page = self._open(URL)
        self.assertIn("Planing Bench", page.text)
        page = self._send(URL, {
            'look': '1', 'search': "Saw", f'quantity_{self.bench.id}': '7',
            'text': "And <b>a chair</b>"}, page=page)
        self.assertIn("Band Saw", page.text)
        self.assertIn('value="7"', page.text)
        self.assertIn("And &lt;b&gt;a chair", page.text)
        page = self._send(URL, {
            'remove': str(self.bench.id), f'quantity_{self.bench.id}': '7'}, page=page)
        self.assertNotIn('value="7"', page.text)
        self.assertFalse(self._asked())

    def test_form_has_pages(self):
        self._order(*self._benches(25))
        first = self._open(URL)
        self.assertIn("Page 1 of 2", first.text)
        self.assertIn("Page 2 of 2", self._send(URL, {'page': '2'}, page=first).text)
        for page in ('999999999999', '-1', 'x'):
            with self.subTest(page=page):
                self.assertEqual(self._send(URL, {'page': page}, page=first).status_code, 200)

    def test_who_bought_nothing_is_told_so(self):
        self.assertIn("You have bought nothing here yet", self._open(URL).text)

    # Again

    def test_order_is_bought_again_with_one_click(self):
        order = self._order(self.bench, self.saw, day='2026-02-07')
        self._order(self.bench, product_uom_id=self.dozen.id, day='2026-02-08')
        self.glue.name = "Old Glue"
        order.order_line += self.env['sale.order.line'].create({
            'order_id': order.id, 'product_id': self.glue.id})
        self.glue.sale_ok = False
        self.assertIn(f'{URL}?order={order.id}', self._open(f'/my/orders/{order.id}').text)
        page = self._open(f'{URL}?order={order.id}')
        self.assertIn('value="0.25"', page.text)
        self.assertIn('value="3"', page.text)
        self.assertIn("No longer sold, and left out: Old Glue", page.text)

    def test_bill_is_bought_again_with_one_click(self):
        bill = self._bill(10, '2026-03-01', invoice_line_ids=[Command.create({
            'product_id': self.glue.id, 'quantity': 4, 'tax_ids': [Command.clear()]})])
        self.assertIn(f'{URL}?bill={bill.id}', self._open(f'/my/invoices/{bill.id}').text)
        self.assertIn('value="4"', self._open(f'{URL}?bill={bill.id}').text)
        order = self._order(self.bench)
        order.order_line.qty_delivered = 3
        bill = order._create_invoices()
        bill.action_post()
        self.assertIn('value="3"', self._open(f'{URL}?bill={bill.id}').text)
        self.assertIn('value="3"', self._open(f'{URL}?product={self.bench.id}').text)

    def test_button_is_for_buyers(self):
        order, bill = self._order(self.bench), self._bill(10, '2026-03-01')
        self._only('view')
        for path in (f'/my/orders/{order.id}', f'/my/invoices/{bill.id}', '/my/home'):
            with self.subTest(path=path):
                self.assertNotIn(URL, self._open(path).text)

    @mute_logger('odoo.http')
    def test_foreign_documents_are_as_those_that_are_not_there(self):
        foreign, draft = self._order(self.bench, partner=self.birch), self._order(
            self.bench, confirm=False)
        bill = self._bill(10, '2026-03-01', partner=self.birch)
        missing = self._open(f'{URL}?order=999999999')
        self.assertEqual(missing.status_code, 404)
        for query in (
                f'order={foreign.id}', f'order={draft.id}', f'bill={bill.id}', 'order=1%20OR%201',
                f'product={self.saw.id}', f'product={self.bench.id}', 'product=x',
                'bill=99999999999999', 'product=99999999999999'):
            with self.subTest(query=query):
                page = self._open(f'{URL}?{query}')
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("Planing Bench", page.text)

    # Asked

    def test_contact_gets_a_drafted_quotation_and_the_request(self):
        self._order(self.bench, self.saw)
        manager = self.roles['account_representative']
        soon = fields.Date.add(fields.Date.today(), days=20)
        page = self._send(URL, {
            'send': '1', f'quantity_{self.bench.id}': '2,5', f'quantity_{self.saw.id}': '1',
            'text': "In oak, <b>please</b>", 'phone': "+353 21 555", 'date': str(soon)},
            files={'files': ('plan.pdf', PDF, 'application/pdf')})
        asked = self._asked()
        self.assertIn(asked.number, page.text)
        self.assertIn(f'/my/requests/{asked.id}', page.text)
        self.assertEqual(
            (asked.channel, asked.type_id, asked.user_id, asked.phone),
            ('portal', self.type, manager, "+353 21 555"))
        self.assertIn("2.5 Units: Planing Bench", asked.description)
        self.assertIn("In oak, &lt;b&gt;please", asked.description)
        self.assertIn("Needed by", asked.description)
        order = asked.sale_order_ids
        self.assertEqual(
            (order.state, order.partner_id, order.user_id),
            ('draft', self.ann.partner_id, manager))
        self.assertEqual(
            {(line.product_id, line.product_uom_qty, line.price_unit)
             for line in order.order_line}, {(self.bench, 2.5, 100), (self.saw, 1, 200)})
        self.assertEqual(order.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(
                'crm_selfservice_portal.mail_activity_type_quotation')).user_id, manager)
        files = self.env['ir.attachment'].search([
            ('name', '=', 'plan.pdf'), ('res_model', 'in', ['crm.request', 'sale.order'])])
        self.assertEqual(set(files.mapped('res_model')), {'crm.request', 'sale.order'})
        act = self.env['crm.representative.act'].search([('act', '=', 'quotation')])
        self.assertEqual((act.partner_id, act.res_id), (self.ann.partner_id, asked.id))

    def test_prices_are_those_of_his_pricelist_in_the_unit_he_bought(self):
        self._order(self.glue, product_uom_id=self.dozen.id)
        self.env.ref('base.group_user').implied_ids += self.env.ref(
            'product.group_product_pricelist')
        self.acorn.specific_property_product_pricelist = self.env['product.pricelist'].create({
            'name': "Half", 'item_ids': [Command.create({
                'compute_price': 'percentage', 'percent_price': 50,
                'applied_on': '3_global'})]})
        self._ask(**{f'quantity_{self.glue.id}': '2'})
        line = self._asked().sale_order_ids.order_line
        self.assertEqual(
            (line.product_uom_id, line.price_subtotal), (self.dozen, 2 * 12 * 5 / 2))

    def test_own_words_are_enough_and_no_quotation_is_drafted(self):
        self._ask(text="A chair")
        self.assertIn("A chair", self._asked().description)
        self.assertFalse(self._asked().sale_order_ids)
        page = self._ask(text=" ")
        self.assertIn("Please choose a product", page.text)

    def test_form_that_is_sent_twice_asks_once(self):
        self._order(self.bench)
        page = self._open(URL)
        values = {'send': '1', f'quantity_{self.bench.id}': '1'}
        for _time in range(2):
            self.assertIn("Thank you", self._send(URL, values, page=page).text)
        self.assertEqual(len(self._asked()), 1)
        self.session['crm_started'] = {}
        self.opener.cookies.clear()
        again = self._open(URL)
        sent = self.url_open(URL, data={
            **values, 'csrf_token': self._hidden(again, 'csrf_token'),
            'stamp': self._hidden(page, 'stamp')})
        self.assertIn("was sent before", sent.text)
        self.assertEqual(len(self._asked()), 1)

    def test_many_forms_are_too_many(self):
        self.env['ir.config_parameter'].sudo().set_param(
            'crm_service_requests.web_limit_user', '2')
        for _number in range(2):
            self._ask(text="A chair")
        self.assertIn("too many", self._ask(text="A chair").text)
        self.assertEqual(len(self._asked()), 2)

    def test_wrong_values_are_refused(self):
        self._order(self.bench)
        self._order(self.saw, partner=self.birch)
        name = f'quantity_{self.bench.id}'
        for values, words in (
                ({name: '0'}, "above zero"), ({name: '-1'}, "above zero"),
                ({name: 'nan'}, "above zero"), ({name: '1e9'}, "above zero"),
                ({name: "1; DROP TABLE"}, "above zero"),
                ({f'quantity_{self.saw.id}': '1'}, "never bought by you"),
                ({f'quantity_{self.glue.id}': '1'}, "never bought by you"),
                ({'quantity_999999999': '1'}, "never bought by you"),
                ({f'quantity_{number}': '1' for number in range(1, 102)}, "no more than 100"),
                ({name: '1', 'date': '2020-01-01'}, "within the next two years"),
                ({name: '1', 'date': '9999-99-99'}, "within the next two years"),
                ({name: '1', 'text': "x" * 10001}, "no more than 10000"),
                ({name: '1', 'homepage': "http://"}, "field without a name"),
                ({name: '1', 'stamp': 'x'}, "open for too long")):
            with self.subTest(values=str(values)[:60]):
                page = self._ask(**values)
                self.assertEqual(page.status_code, 200)
                self.assertIn(words, page.text)
                self.assertNotIn("Band Saw", page.text)
        self.assertFalse(self._asked())

    def test_file_of_a_wrong_sort_is_refused(self):
        page = self._send(URL, {'send': '1', 'text': "x"}, files={
            'files': ('a.exe', b'MZ', 'application/pdf')})
        self.assertIn("files of this sort are not taken", page.text)
        self.assertFalse(self._asked())

    @mute_logger('odoo.http')
    def test_who_may_ask(self):
        page = self._open(URL)
        self._only('view', 'pay', 'request', 'technical', 'administer')
        sent = self._send(URL, {'send': '1', 'text': "x"}, page=page)
        self.assertEqual(sent.status_code, 403)
        self.assertEqual(self._open(URL).status_code, 403)
        self.assertEqual(self._open(URL, self.colleague).status_code, 404)
        self.assertEqual(self._open('/my/quotation/thanks', self.colleague).status_code, 404)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(URL, allow_redirects=False).status_code, 303)
        self.assertFalse(self._asked())

    @mute_logger('odoo.http')
    def test_form_needs_its_token(self):
        self.authenticate('ann', 'ann')
        sent = self.url_open(URL, data={'send': '1', 'text': "x"})
        self.assertEqual(sent.status_code, 400)
        self.assertFalse(self._asked())

    def test_buyer_who_sees_no_requests_gets_the_number_only(self):
        self._only('buy')
        page = self._ask(text="A chair")
        self.assertIn(self._asked().number, page.text)
        self.assertNotIn('/my/requests/', page.text)

    def test_thanks_are_said_after_something_was_sent(self):
        self.assertURLEqual(self._open('/my/quotation/thanks').url, URL)

    def test_company_that_offers_no_quotations_says_so(self):
        self.env['crm.request.type'].search(
            [('convert_to', '=', 'quotation')]).portal_visible = False
        self.assertIn("cannot be asked for here", self._open(URL).text)
        self.assertIn("cannot be asked for here", self._ask(text="A chair").text)
        self.assertFalse(self._asked())

    def test_nobody_in_particular_looks_after_him(self):
        self._order(self.bench, partner=self.birch)
        (self.birch | self.bea.partner_id).user_id = False
        self._ask(self.bea, **{f'quantity_{self.bench.id}': '1'})
        asked = self._asked(self.bea.partner_id)
        self.assertEqual(len(asked.sale_order_ids), 1)
        self.assertFalse(self.bea._portal_contact())
