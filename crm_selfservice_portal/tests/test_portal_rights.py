import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_roles.tests.mixins import RulesMixin

from .common import SelfServiceCommon

SIGNATURE = (
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk'
    '+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')


@tagged('post_install', '-at_install')
class TestPortalRights(RulesMixin, SelfServiceCommon, HttpCase):
    """What Odoo's own pages and methods let each representative do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env['crm.representative.right']
        cls.right = cls.rights.search([('partner_id', '=', cls.ann.partner_id.id)])
        cls.acts = cls.env['crm.representative.act']
        cls.quotation = cls.env['sale.order'].create({
            'partner_id': cls.acorn.id, 'require_signature': True, 'require_payment': False,
            'state': 'sent', 'order_line': [Command.create({
                'name': "Bench", 'product_id': cls.product_a.id})]})
        cls.bill = cls._bill(100, '2026-01-10')
        cls.url = f'/my/orders/{cls.quotation.id}'

    def _page(self, path, user=None):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def _json(self, path, user=None, **params):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        return self.url_open(path, data=json.dumps({'params': params}), headers={
            'Content-Type': 'application/json'})

    def _post(self, path, user=None, **values):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        return self.url_open(path, method='POST', allow_redirects=False, data={
            'csrf_token': Request.csrf_token(self), **values})

    def _call(self, model, method, *args, user=None, **kwargs):
        answer = self._json(
            '/web/dataset/call_kw', user, model=model, method=method, args=args, kwargs=kwargs)
        return answer.json()

    # Orders

    def test_only_a_buyer_accepts(self):
        for role in ('viewer', 'payer', 'requester', 'technical'):
            with self.subTest(role=role):
                self.right.role = role
                answer = self._json(f'{self.url}/accept', name="Ann", signature=SIGNATURE)
                self.assertEqual(answer.status_code, 403)
                self.assertEqual(self.quotation.state, 'sent')
                page = self._page(self.url).text
                self.assertFalse('#modalaccept' in page or 'id="decline"' in page)
        self.right.role = 'buyer'
        page = self._page(self.url).text
        self.assertTrue(f'{self.url}/accept' in page)
        self.assertTrue(f'action="{self.url}/decline"' in page)
        answer = self._json(f'{self.url}/accept', name="Ann", signature=SIGNATURE)
        self.assertTrue(answer.json()['result']['force_refresh'])
        self.assertEqual(self.quotation.state, 'sale')
        act = self.acts.search([('act', '=', 'accept')])
        self.assertEqual((act.user_id, act.document), (self.ann, self.quotation.name))

    def test_only_a_buyer_declines(self):
        self.right.role = 'payer'
        answer = self._post(f'{self.url}/decline', decline_message="Too dear")
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.quotation.state, 'sent')
        self.right.role = 'buyer'
        answer = self._post(f'{self.url}/decline', decline_message="Too dear")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.quotation.state, 'cancel')
        act = self.acts.search([('act', '=', 'decline')])
        self.assertEqual((act.user_id, act.note), (self.ann, "Too dear"))

    def test_employee_accepts_for_a_customer_what_he_may_change(self):
        other = self.quotation.copy({'state': 'sent'})
        self._forbid_writing(self.quotation)
        seller = self.roles['account_representative']
        for order, user, may in (
                (self.quotation, seller, False), (other, self.roles['order_manager'], False),
                (other, seller, True)):
            with self.subTest(order=order, user=user.login):
                answer = self._json(
                    f'/my/orders/{order.id}/accept', user, name="Ann", signature=SIGNATURE)
                self.assertEqual("you may not change this order" in answer.text, not may)
                self.assertEqual(order.state, 'sale' if may else 'sent')

    def test_a_token_gives_nobody_more_than_his_rights(self):
        self.right.role = 'viewer'
        token = self.quotation._portal_ensure_token()
        answer = self._json(
            f'{self.url}/accept?access_token={token}', name="Ann", signature=SIGNATURE)
        self.assertEqual(answer.status_code, 403)
        answer = self._post(f'{self.url}/decline', access_token=token, decline_message="No")
        self.assertEqual(answer.status_code, 403)
        answer = self._json('/mail/message/post', thread_model='sale.order',
                            thread_id=self.quotation.id, post_data={'body': "Hello"}, token=token)
        self.assertEqual(answer.json()['error']['code'], 404)
        self.assertEqual(self.quotation.state, 'sent')

    def test_nobody_who_is_logged_in_learns_a_token(self):
        self.quotation.require_payment = True
        order = self.quotation.copy({'state': 'sent', 'require_payment': True})
        documents = [self.quotation, order, self.bill]
        tokens = [document._portal_ensure_token() for document in documents]
        self.right.role = 'full'
        pages = [
            '/my', '/my/orders', '/my/quotes', '/my/invoices', self.url,
            f'/my/orders/{order.id}', f'/my/invoices/{self.bill.id}', '/my/account-status',
            '/my/statement?date_from=2026-01-01&date_to=2026-12-31']
        for path in pages:
            with self.subTest(path=path):
                answer = self._page(path)
                self.assertEqual(answer.status_code, 200)
                self.assertFalse([token for token in tokens if token in answer.text])
        for document in documents:
            for method, args in [
                    ('read', [[document.id], ['access_token']]),
                    ('get_portal_url', [[document.id]]),
                    ('search_read', [[('access_token', '!=', False)], ['id']])]:
                with self.subTest(document=document, method=method):
                    answer = json.dumps(self._call(document._name, method, *args))
                    for token in tokens:
                        self.assertNotIn(token, answer)
                    if method != 'get_portal_url':
                        self.assertIn('AccessError', answer)

    def test_the_token_still_works_for_who_has_the_link(self):
        token = self.quotation._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f'{self.url}?access_token={token}')
        self.assertTrue(f'{self.url}/accept?access_token={token}' in page.text)
        self.assertTrue('id="decline"' in page.text)
        answer = self.url_open(
            f'{self.url}/accept?access_token={token}', data=json.dumps({
                'params': {'name': "Somebody", 'signature': SIGNATURE}}),
            headers={'Content-Type': 'application/json'})
        self.assertTrue(answer.json()['result']['force_refresh'])

    def test_pages_of_orders_work_without_token(self):
        self.right.role = 'full'
        self.assertEqual(self._page(self.url).status_code, 200)
        self.assertEqual(self._page(f'{self.url}?report_type=html').status_code, 200)
        self.assertEqual(self._page(f'/my/invoices/{self.bill.id}').status_code, 200)
        self.assertEqual(
            self._page(f'/my/invoices/{self.bill.id}?report_type=html').status_code, 200)

    # Conversations

    def _post_ways(self, document):
        """Return the answers to every way to write under a document."""
        yield self._json('/mail/message/post', thread_model=document._name,
                         thread_id=document.id, post_data={'body': "Hello"}).json()
        yield self._call(document._name, 'message_post', [document.id], body="Hello")
        yield self._call('mail.message', 'create', {
            'model': document._name, 'res_id': document.id, 'body': "Hello",
            'message_type': 'comment', 'subtype_id': self.env.ref('mail.mt_comment').id})

    def test_who_only_looks_writes_nothing(self):
        self.right.role = 'viewer'
        for document in (self.quotation, self.bill):
            document.message_subscribe(self.ann.partner_id.ids)
            before = document.message_ids
            for answer in self._post_ways(document):
                with self.subTest(document=document):
                    self.assertIn('error', answer)
            self.assertEqual(document.message_ids, before)
            with self.assertRaisesRegex(AccessError, "lets you read, but not write"):
                document.with_user(self.ann).message_post(body="Hello")

    def test_who_may_act_writes(self):
        for role, document in [('buyer', self.quotation), ('payer', self.bill)]:
            self.right.role = role
            before = document.message_ids
            answer = next(self._post_ways(document))
            with self.subTest(document=document):
                self.assertIn('result', answer)
                self.assertEqual(len(document.message_ids - before), 1)

    # Addresses

    def _address(self, **values):
        return self._post('/my/address/submit', **{
            'name': "New Place", 'email': 'new@example.com', 'phone': '+32 2 555',
            'street': "Rue 1", 'city': "Bruxelles", 'zip': '1000',
            'country_id': self.env.ref('base.be').id, **values})

    def _places(self):
        return self.env['res.partner'].search([('name', '=', "New Place")])

    def test_addresses_are_kept_by_who_may(self):
        delivery, invoice = (
            self.env['res.partner'].create({
                'name': f"Old {kind}", 'type': kind, 'parent_id': self.acorn.id,
                'street': "Rue 1"})
            for kind in ('delivery', 'invoice'))
        for role, may_deliver, may_bill in [
                ('viewer', False, False), ('payer', False, False), ('buyer', True, False),
                ('administrator', True, True)]:
            self.right.role = role
            for kind, address, may in [
                    ('delivery', delivery, may_deliver), ('billing', invoice, may_bill)]:
                with self.subTest(role=role, kind=kind):
                    status = 200 if may else 403
                    self.assertEqual(
                        self._address(address_type=kind).status_code, status)
                    self.assertEqual(bool(self._places()), may)
                    self._places().unlink()
                    self.assertEqual(self._address(
                        partner_id=address.id, address_type=kind).status_code, status)
                    self.assertEqual(address.name == "New Place", may)
                    address.name = "Old"
                    self.assertEqual(
                        self._page(f'/my/address?partner_id={address.id}').status_code, status)
                    self._json('/my/address/archive', partner_id=address.id)
                    self.assertEqual(address.active, not may)
                    address.active = True

    def test_everybody_keeps_his_own_address_and_not_the_name_of_the_company(self):
        self.right.role = 'viewer'
        answer = self._address(
            partner_id=self.ann.partner_id.id, company_name="Oak", use_delivery_as_billing='true')
        self.assertIn('redirectUrl', answer.json())
        self.assertEqual(self.ann.partner_id.street, "Rue 1")
        self.assertEqual(self.acorn.name, "Acorn Joinery")

    def test_pages_of_addresses_offer_what_one_may(self):
        for role, links in [('viewer', 0), ('buyer', 1), ('administrator', 2)]:
            with self.subTest(role=role):
                self.right.role = role
                self.assertEqual(
                    self._page('/my/addresses').text.count('o_address_card_add_new'), links)
