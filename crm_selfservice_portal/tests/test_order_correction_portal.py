import re
from datetime import timedelta
from html import unescape

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_correction import CorrectionCommon

NUMBER = '2147483647'


@tagged('post_install', '-at_install')
class TestOrderCorrectionPortal(CorrectionCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order.commitment_date = fields.Datetime.now() + timedelta(days=10)
        cls.url = f'/my/orders/{cls.order.id}/correct'
        cls.theirs = cls._create_order(partner=cls.birch)

    def _open(self, path, user=None, **values):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        return self.url_open(path, **values)

    def _token(self, user=None):
        page = self._open('/my/account-status', user).text
        return page.split('name="csrf_token" value="')[1].split('"')[0]

    def _post(self, path='', user=None, **form):
        token = self._token(user)
        return self.url_open(self.url + path, data={'csrf_token': token, **form})

    def _filled(self, **values):
        return {
            f'quantity_{self.benches.id}': '10', f'quantity_{self.vices.id}': '4',
            'address': str(self.acorn.id), 'note': '', **values}

    def _hidden(self, page):
        """Return what the form of a preview would send."""
        form = page.split('/correct/confirm')[1]
        return {name: unescape(value) for name, value in re.findall(
            r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}

    def _confirm(self, **form):
        preview = self._post(**self._filled(**form))
        self.assertEqual(preview.status_code, 200)
        return self.url_open(self.url + '/confirm', data=self._hidden(preview.text))

    # The way through

    def test_order_is_corrected_by_form_preview_and_confirmation(self):
        page = self._open(self.url).text
        self.assertIn(f'name="quantity_{self.benches.id}"', page)
        self.assertIn("The Yard", page)
        preview = self._post(**self._filled(**{f'quantity_{self.benches.id}': '8'}))
        self.assertIn("10 → 8", preview.text)
        self.assertIn("1,200.00", preview.text)
        self.assertEqual(self.benches.product_uom_qty, 10)
        done = self.url_open(self.url + '/confirm', data=self._hidden(preview.text))
        self.assertIn("The order is changed", done.text)
        self.assertIn("Changes of the order", done.text)
        self.env.invalidate_all()
        self.assertEqual(self.benches.product_uom_qty, 8)

    def test_everything_can_be_corrected_at_once(self):
        day = fields.Date.to_string(fields.Date.today() + timedelta(days=20))
        self._confirm(**{
            f'quantity_{self.vices.id}': '0', 'address': str(self.yard.id), 'date': day,
            'note': "Ring <b>twice</b>"})
        self.env.invalidate_all()
        self.assertEqual(self.vices.product_uom_qty, 0)
        self.assertEqual(self.order.partner_shipping_id, self.yard)
        self.assertEqual(fields.Date.to_string(self.order.commitment_date), day)
        self.assertIn("&lt;b&gt;twice", str(self.order.message_ids.mapped('body')))

    def test_order_is_cancelled_with_a_preview(self):
        preview = self._post(cancel='1')
        self.assertIn("Every product is taken off", preview.text)
        self.url_open(self.url + '/confirm', data=self._hidden(preview.text))
        self.env.invalidate_all()
        self.assertEqual(self.order.state, 'cancel')

    def test_back_to_the_form_keeps_what_was_filled_in(self):
        page = self._post(**self._filled(edit='1', note="Mind the dog")).text
        self.assertIn("Mind the dog", page)
        self.assertIn('crm_correction_form', page)

    def test_correction_for_approval_waits_and_is_withdrawn(self):
        self.company.correction_mode = 'approval'
        page = self._confirm(**{f'quantity_{self.benches.id}': '8'}).text
        self.assertIn("Your change waits for us", page)
        waiting = self.order.waiting_correction_id
        self.assertEqual(waiting.state, 'waiting')
        # Nothing else can be asked for now.
        for response in (self._open(self.url), self._post(**self._filled(cancel='1'))):
            self.assertIn("Your change waits for us", response.text)
            self.assertNotIn('crm_correction_form', response.text)
        self.assertIn("does not wait", self._post('/withdraw', correction='0').text)
        self.assertIn("is withdrawn", self._post(
            '/withdraw', self.ben, correction=str(waiting.id)).text)
        self.env.invalidate_all()
        self.assertEqual(waiting.state, 'withdrawn')
        self.assertFalse(self.order.activity_ids)
        self.assertEqual(self.benches.product_uom_qty, 10)

    def test_change_in_between_is_shown_first(self):
        for change in ('product_uom_qty', 'price_unit'):
            with self.subTest(change=change):
                preview = self._post(**self._filled(**{f'quantity_{self.benches.id}': '8'}))
                self.vices[change] += 1
                self.env.flush_all()
                page = self.url_open(self.url + '/confirm', data=self._hidden(preview.text)).text
                self.assertIn("has changed meanwhile", page)
        self.assertEqual(self.benches.product_uom_qty, 10)

    def test_second_press_does_nothing_more(self):
        preview = self._post(**self._filled(**{f'quantity_{self.benches.id}': '8'}))
        for _time in range(2):
            page = self.url_open(self.url + '/confirm', data=self._hidden(preview.text)).text
        self.assertIn("Nothing is changed yet", page)
        self.assertEqual(len(self.order.correction_ids), 1)

    # Bad input

    def test_bad_quantities_are_refused(self):
        for text in ('-1', 'NaN', 'inf', '1e9', 'ten', '', '-0.001', '1; DROP TABLE', '<b>'):
            with self.subTest(text=text):
                for path in ('', '/confirm'):
                    page = self._post(path, **self._filled(
                        **{f'quantity_{self.benches.id}': text})).text
                    self.assertIn('crm_correction_complaints', page)
                    self.assertIn("please give a quantity", page)
                    self.assertNotIn('<b>"', page)
        self.env.invalidate_all()
        self.assertEqual(self.benches.product_uom_qty, 10)

    def test_foreign_lines_and_addresses_are_refused_like_none(self):
        yours = self.env['res.partner'].create({
            'name': "Birch Yard", 'type': 'delivery', 'parent_id': self.birch.id,
            'street': "2 Quay", 'city': "Cork"})
        foreign = self.theirs.order_line[0]
        for line_id in (str(foreign.id), NUMBER, '0', '-1', 'x', '1 OR 1=1'):
            page = self._post(**self._filled(**{f'quantity_{line_id}': '1'})).text
            self.assertIn("does not fit the order", page)
        for address in (str(yours.id), NUMBER, '0', 'x'):
            page = self._post(**self._filled(address=address)).text
            self.assertIn("choose one of your addresses", page)
            self.assertNotIn("Birch", page)
        self.env.invalidate_all()
        self.assertEqual(foreign.product_uom_qty, 10)

    def test_bad_dates_and_notes_are_refused(self):
        for day, told in (
                ('2026-02-30', "as a date"), ('soon', "as a date"), ('0001-01-01', "as a date"),
                ('9999-12-31', "choose a day"), ('1999-01-01', "choose a day")):
            with self.subTest(day=day):
                self.assertIn(told, self._post(**self._filled(date=day)).text)
        self.assertIn("too long", self._post(**self._filled(note='x' * 3000)).text)

    def test_unknown_fields_change_nothing(self):
        preview = self._post(**self._filled(
            **{f'quantity_{self.benches.id}': '8', 'price_unit': '1', 'state': 'draft',
               'amount_to': '1', 'partner_id': str(self.birch.id)}))
        self.url_open(self.url + '/confirm', data={
            **self._hidden(preview.text), 'amount_to': '1', 'correction_mode': 'at_once'})
        self.env.invalidate_all()
        self.assertEqual((self.order.amount_total, self.order.state), (1200, 'sale'))
        self.assertEqual(self.order.partner_id, self.ann.partner_id)

    def test_what_the_company_forbids_is_neither_shown_nor_done(self):
        self.company.write({'correction_quantity': False, 'correction_cancel': False})
        page = self._open(self.url).text
        self.assertNotIn("Cancel the whole order", page)
        self.assertIn("cannot be cancelled online", self._post(cancel='1').text)
        page = self._post(**self._filled(**{f'quantity_{self.benches.id}': '8'})).text
        self.assertIn("cannot be changed online", page)

    def test_refusal_says_why_and_whom_to_ask(self):
        self.order.commitment_date = fields.Datetime.now() + timedelta(hours=23)
        for response in (
                self._open(self.url), self._post(**self._filled(cancel='1')),
                self._post('/confirm', **self._filled(cancel='1'))):
            self.assertIn("It is too late", response.text)
            self.assertIn(self.roles['account_representative'].name, response.text)
            self.assertNotIn('crm_correction_form', response.text)
        self.assertNotIn('crm_correct_order', self._open(f'/my/orders/{self.order.id}').text)
        self.assertEqual(self.order.state, 'sale')

    # Who may

    def test_who_opens_the_page(self):
        viewer = self._create_portal_user('vic', self.acorn)
        self._right(viewer).can_buy = False
        for user, status in (
                (self.ann, 200), (self.ben, 200), (viewer, 403), (self.bea, 404),
                (self.supervisor, 404)):
            with self.subTest(user=user.login):
                self.assertEqual(self._open(self.url, user).status_code, status)
                for path in ('', '/confirm', '/withdraw'):
                    token = self._token(user) if user.share else self._staff_token()
                    response = self.url_open(
                        self.url + path, data={'csrf_token': token, 'cancel': '1'})
                    self.assertEqual(response.status_code, status)
                button = 'crm_correct_order' in self._open(
                    f'/my/orders/{self.order.id}', user).text
                self.assertEqual(button, status == 200)
        self.assertEqual(self.order.state, 'sale')
        self.authenticate(None, None)
        response = self.url_open(self.url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_foreign_order_is_like_one_that_does_not_exist(self):
        pages = []
        for order_id in (self.theirs.id, int(NUMBER)):
            response = self._open(f'/my/orders/{order_id}/correct')
            self.assertEqual(response.status_code, 404)
            pages.append(re.sub(r'csrf_token: "[^"]*"', '', response.text).replace(
                f'/orders/{order_id}/', ''))
        self.assertEqual(*pages)

    def test_link_of_an_order_shows_no_corrections(self):
        self.company.correction_mode = 'approval'
        self._ask(quantities={self.benches: 8})
        path = f'/my/orders/{self.order.id}?access_token={self.order._portal_ensure_token()}'
        for user, shown in ((self.ann, True), (self.bea, False)):
            with self.subTest(user=user.login):
                page = self._open(path, user)
                self.assertEqual(page.status_code, 200)
                self.assertEqual("Your change waits for us" in page.text, shown)

    def test_forms_need_the_token_and_the_method(self):
        self.authenticate('ann', 'ann')
        for path in ('', '/confirm', '/withdraw'):
            response = self.url_open(self.url + path, data={'cancel': '1'})
            self.assertEqual(response.status_code, 400)
        for path in ('/confirm', '/withdraw'):
            self.assertEqual(self.url_open(self.url + path).status_code, 405)

    def test_order_of_another_company_of_ours_is_not_found(self):
        other = self.setup_other_company()['company']
        order = self.env['sale.order'].with_company(other).create({
            'partner_id': self.ann.partner_id.id, 'company_id': other.id,
            'order_line': [Command.create({'product_id': self.bench.id, 'tax_ids': False})]})
        self.assertEqual(self._open(f'/my/orders/{order.id}/correct').status_code, 404)

    def test_account_page_leads_to_the_form(self):
        link = f'href="{self.url}"'
        self.assertIn(link, self._open('/my/account-status').text)
        self.order.action_lock()
        self.assertNotIn(link, self._open('/my/account-status').text)

    def test_account_page_costs_the_same_with_many_orders_that_can_be_corrected(self):
        def queries():
            count = self._count_statements(self._open, '/my/account-status')
            return count, self._open('/my/account-status').text.count('/correct"')

        # So many that the lines to come are counted, which costs a statement.
        for _number in range(5):
            self._order_to_come()
        few, links = queries()
        self.assertEqual(links, 6)
        for _number in range(3):
            self._order_to_come()
        many, links = queries()
        self.assertEqual(links, 9)
        self.assertLessEqual(many, few)

    def test_form_of_many_lines_costs_as_many_queries_as_of_few(self):
        def queries(lines):
            order = self._order_to_come(*(
                self._line(self._create_good(f"Good {number}", 1), 2) for number in range(lines)))
            url = f'/my/orders/{order.id}/correct'
            self.assertEqual(self._open(url).status_code, 200)
            return self._count_statements(self._open, url)

        queries(2)
        self.assertLessEqual(queries(25), queries(5))

    def _order_to_come(self, *lines):
        order = self._create_order(*lines)
        order.commitment_date = fields.Datetime.now() + timedelta(days=10)
        return order

    def _right(self, user):
        return self.env['crm.representative.right'].search(
            [('partner_id', '=', user.partner_id.id)])

    def _staff_token(self):
        self.authenticate('service_supervisor', 'service_supervisor')
        return self.url_open('/web/login').text.split('csrf_token: "')[1].split('"')[0]
