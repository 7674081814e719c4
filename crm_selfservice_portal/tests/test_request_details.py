from datetime import datetime

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_request import RequestPortalCommon

NOW = '2026-03-02 09:00:00'


@tagged('post_install', '-at_install')
class TestRequestDetails(RequestPortalCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.bench, cls.saw = cls.env['product.product'].create([{
            'name': name, 'type': 'consu', 'list_price': 100, 'warranty_months': 24,
            'taxes_id': [Command.clear()]} for name in ("Planing Bench", "Band Saw")])
        cls.line = cls._buy(cls.acorn, cls.bench, 10)
        cls.foreign = cls._buy(cls.birch, cls.saw, 3)
        cls.bill = cls._bill(100, '2026-02-10')
        cls.foreign_bill = cls._bill(100, '2026-02-10', partner=cls.birch)
        cls.technician = cls._create_user('service_representative', 'technician')
        cls.types['service'].technician_ids = cls.technician
        cls.types['debt'].portal_visible = True

    @classmethod
    def _buy(cls, customer, product, quantity):
        order = cls.env['sale.order'].create({
            'partner_id': customer.id, 'order_line': [Command.create({
                'product_id': product.id, 'product_uom_qty': quantity})]})
        order.with_context(skip_procurement=True).action_confirm()
        order.date_order = '2026-02-20 10:00:00'
        # With delivery orders only what has arrived goes back.
        order.order_line.qty_delivered = quantity
        return order.order_line

    def _purchase(self, line):
        return self.env['crm.return.purchase'].search([('sale_line_id', '=', line.id)])

    def _page(self, kind, user=None):
        return self._get(f'/requests/new/{self.types[kind].id}', user or self.ann)

    def _ask(self, kind, user=None, preview='', **given):
        self._come(user or self.ann)
        url = f'/requests/new/{self.types[kind].id}'
        stamp = self._hidden(self.url_open(url), 'stamp')
        return self._send(url + preview, **{
            'stamp': stamp, 'subject': "Something else", 'text': "As said.", **given})

    def _made(self):
        return self.requests.search([('name', '=', "Something else")])

    def _assert_nothing_made(self, page, words):
        self.assertEqual(page.status_code, 200)
        self.assertIn(words, page.text)
        self.assertFalse(self._made())

    # Return

    def test_return_offers_what_the_customer_bought(self):
        page = self._page('return').text
        for words in ("Planing Bench", self.line.order_id.name,
                      f'quantity_{self._purchase(self.line).id}"'):
            self.assertIn(words, page)
        for words in ("Band Saw", self.foreign.order_id.name):
            self.assertNotIn(words, page)

    def test_who_sees_no_orders_is_offered_none(self):
        self._give('technical')
        page = self._page('return').text
        self.assertNotIn("Planing Bench", page)
        self.assertIn("nothing that you may send back", page)
        self.assertNotIn("Planing Bench", self._page('warranty').text)

    def test_who_sees_no_bills_is_not_offered_what_stands_on_them(self):
        self._bill(70, '2026-02-11', invoice_line_ids=[Command.create({
            'product_id': self.saw.id, 'price_unit': 70, 'tax_ids': [Command.clear()]})])
        for rights, offered in ((('view', 'request'), True), (('buy', 'request'), False)):
            with self.subTest(rights=rights):
                self._give(*rights)
                self.assertEqual("Band Saw" in self._page('return').text, offered)

    def test_return_is_made_with_its_lines(self):
        purchase = self._purchase(self.line)
        reason = self.env['crm.return.reason'].search([], limit=1)
        self._ask('return', **{
            f'quantity_{purchase.id}': "2", f'condition_{purchase.id}': 'damaged',
            f'reason_{purchase.id}': str(reason.id)})
        self.assertRecordValues(self._made().return_line_ids, [{
            'sale_line_id': self.line.id, 'quantity': 2, 'condition': 'damaged',
            'reason_id': reason.id, 'product_id': self.bench.id, 'decision': False}])
        self.assertIn("Planing Bench", self._get(
            f'/my/requests/{self._made().id}', self.ann).text)

    def test_return_of_a_strange_purchase_or_too_much_is_not_made(self):
        own, foreign = self._purchase(self.line).id, self._purchase(self.foreign).id
        for quantity in ("11", "-1", "many"):
            page = self._ask('return', **{f'quantity_{own}': quantity})
            with self.subTest(quantity=quantity):
                self._assert_nothing_made(page, "is-invalid")
        self._ask('return', **{f'quantity_{foreign}': "1", 'quantity_0': "1",
                               'quantity_' + '9' * 30: "1", 'quantity_x': "1"})
        self.assertFalse(self._made().return_line_ids)

    def test_preview_tells_what_the_policy_answers_and_keeps_nothing(self):
        purchase = self._purchase(self.line)
        page = self._ask('return', preview='?preview=1', **{
            f'quantity_{purchase.id}': "2", f'condition_{purchase.id}': 'unopened'})
        self._assert_nothing_made(page, "Planing Bench: may go back.")
        self.assertIn('value="2"', page.text)
        self.assertFalse(self.env['crm.request.return.line'].search(
            [('sale_line_id', '=', self.line.id)]))
        with freeze_time('2027-03-02 09:00:00'):
            page = self._ask('return', preview='?preview=1', **{f'quantity_{purchase.id}': "2"})
            self._assert_nothing_made(page, "Planing Bench: may not go back.")

    def test_answer_is_the_one_that_was_shown(self):
        purchase = self._purchase(self.line)
        given = {f'quantity_{purchase.id}': "2", f'condition_{purchase.id}': 'opened'}
        page = self._ask('return', preview='?preview=1', **given)
        self._ask('return', **given)
        self._made().action_decide_return()
        line = self._made().return_line_ids
        words = {'accepted': "may go back", 'rejected': "may not go back"}[line.decision]
        self.assertIn(f"Planing Bench: {words}. {line.decision_reason}", page.text)

    # Warranty

    def test_warranty_finds_the_purchase_and_tells_until_when(self):
        given = {'warranty_product': str(self.bench.id), 'warranty_serial': " SN 7 "}
        page = self._ask('warranty', preview='?preview=1', **given)
        self._assert_nothing_made(page, "under warranty until")
        self.assertIn(self.line.order_id.name, page.text)
        self._ask('warranty', **given)
        self.assertRecordValues(self._made(), [{
            'warranty_product_id': self.bench.id, 'warranty_serial': "SN 7",
            'warranty_sale_line_id': self.line.id, 'warranty_state': 'covered'}])
        self.assertIn("SN 7", self._get(f'/my/requests/{self._made().id}', self.ann).text)

    def test_product_of_others_is_not_chosen(self):
        self.assertNotIn("Band Saw", self._page('warranty').text)
        for product in (str(self.saw.id), '0', 'x'):
            self._assert_nothing_made(
                self._ask('warranty', warranty_product=product), "please choose one")

    def test_purchase_is_not_told_to_who_may_not_see_it(self):
        self._give('request')
        claim = self._create_request('warranty', warranty_product_id=self.bench.id)
        self.assertEqual(claim.warranty_sale_line_id, self.line)
        page = self._get(f'/my/requests/{claim.id}', self.ann).text
        self.assertIn("Planing Bench", page)
        self.assertNotIn(self.line.order_id.name, page)

    # Visit

    def _slots(self):
        page = self._page('service').text
        options = page.split('name="visit_slot"')[1].split('</select>')[0]
        return [part.split('"')[0] for part in options.split('value="')[2:]]

    def test_visit_proposes_free_times_and_takes_one(self):
        slot = self._slots()[0]
        start = fields.Datetime.to_datetime(slot)
        self.assertGreaterEqual(start, datetime(2026, 3, 2, 9))
        self._ask('service', visit_slot=slot, service_hours="1", service_place="Dock 4")
        self.assertRecordValues(self._made(), [{
            'service_from': start, 'service_hours': 1, 'service_place': "Dock 4",
            'technician_ids': [], 'service_start': False}])

    def test_time_that_was_given_away_is_refused(self):
        slot = self._slots()[0]
        self.env['calendar.event'].create({
            'name': "Away", 'partner_ids': self.technician.partner_id.ids,
            'start': slot, 'stop': fields.Datetime.to_datetime(slot).replace(hour=23)})
        for given in (slot, '1999-01-01 00:00:00', 'x'):
            with self.subTest(slot=given):
                page = self._ask('service', visit_slot=given)
                self._assert_nothing_made(page, "not free any more")

    def test_visit_is_wished_by_the_clock_of_the_customer(self):
        self.opener.cookies['tz'] = 'Europe/Brussels'
        self._come(self.ann)
        self.opener.cookies['tz'] = 'Europe/Brussels'
        url = f"/requests/new/{self.types['service'].id}"
        stamp = self._hidden(self.url_open(url), 'stamp')
        self._send(url, stamp=stamp, subject="Something else", text="As said.",
                   service_from='2026-03-04T10:00', service_to='2026-03-04T12:00',
                   service_hours="1.5")
        self.assertRecordValues(self._made(), [{
            'service_from': datetime(2026, 3, 4, 9), 'service_to': datetime(2026, 3, 4, 11),
            'service_hours': 1.5}])

    def test_visit_that_cannot_be_is_refused(self):
        for given in (
                {'service_hours': "0"}, {'service_hours': "41"}, {'service_hours': "nan"},
                {'service_from': 'soon'}, {'service_place': "x" * 201},
                {'service_from': '2026-03-04T10:00', 'service_to': '2026-03-04T10:00'},
                {'service_to': '2026-03-01T10:00'}):
            with self.subTest(given=str(given)[:60]):
                self._assert_nothing_made(self._ask('service', **given), "is-invalid")

    # Bills

    def test_question_is_about_a_bill_of_ones_own(self):
        for kind in ('accounting', 'debt'):
            page = self._page(kind).text
            self.assertIn(self.bill.name, page)
            self.assertNotIn(f'value="{self.foreign_bill.id}"', page)
        self._ask('accounting', bill=str(self.bill.id), dispute='price')
        self.assertRecordValues(
            self._made(), [{'origin_ref': self.bill, 'dispute': 'price'}])
        self.assertIn(self.bill.name, self._get(
            f'/my/requests/{self._made().id}', self.ann).text)

    def test_bill_of_others_is_refused(self):
        draft = self._bill(5, '2026-02-11', post=False)
        for bill in (self.foreign_bill.id, draft.id, 0, 'x'):
            with self.subTest(bill=bill):
                self._assert_nothing_made(
                    self._ask('accounting', bill=str(bill)), "please choose one")
        self._give('request')
        self._assert_nothing_made(
            self._ask('accounting', bill=str(self.bill.id)), "please choose one")

    def test_debt_is_about_what_is_not_paid(self):
        paid = self._bill(70, '2026-02-12')
        self._pay(paid, '2026-02-20')
        page = self._page('debt').text
        self.assertIn(f'value="{self.bill.id}"', page)
        self.assertNotIn(f'value="{paid.id}"', page)

    # Everybody

    def test_strangers_are_asked_for_nothing_of_it(self):
        for kind in ('return', 'warranty', 'service', 'accounting'):
            page = self._get(f'/requests/new/{self.types[kind].id}').text
            for name in ('quantity_', 'warranty_product', 'visit_slot', 'name="bill"'):
                self.assertNotIn(name, page)

    def test_form_only_reads(self):
        for kind in ('return', 'warranty', 'service', 'accounting'):
            with self.subTest(kind=kind), self.assertNoLogs('odoo.http', 'WARNING'):
                self.assertEqual(self._page(kind).status_code, 200)

    def test_changed_fields_reach_nothing_else(self):
        self._ask('information', user_id='1', state='closed', return_line_ids='1',
                  bill=str(self.bill.id), warranty_product=str(self.bench.id))
        self.assertRecordValues(self._made(), [{
            'state': 'new', 'user_id': False, 'warranty_product_id': False}])
        self.assertFalse(self._made().origin_ref)
