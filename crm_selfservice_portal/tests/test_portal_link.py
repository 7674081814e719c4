import json

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SelfServiceCommon
from .test_portal_rights import SIGNATURE


@tagged('post_install', '-at_install')
class TestPortalLink(SelfServiceCommon, HttpCase):
    """Somebody who is not signed in comes by the link of a document whose contact is Ann."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env['crm.representative.right']
        cls.right = cls.rights.search([('partner_id', '=', cls.ann.partner_id.id)])
        cls.quotation = cls.env['sale.order'].create({
            'partner_id': cls.ann.partner_id.id, 'require_signature': True,
            'require_payment': False, 'state': 'sent', 'order_line': [Command.create({
                'name': "Bench", 'product_id': cls.product_a.id})]})
        cls.bill = cls._bill(100, '2026-01-10', partner=cls.ann.partner_id)
        cls.request = cls.env['crm.request'].create({
            'name': "Where is it?", 'partner_id': cls.ann.partner_id.id,
            'type_id': cls.env.ref('crm_service_requests.crm_request_type_complaint').id})
        cls.documents = cls.quotation, cls.bill, cls.request

    def _token(self, document):
        return document._portal_ensure_token()

    def _page(self, document, user=None):
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(
            f'{document.access_url}?access_token={self._token(document)}', allow_redirects=False)

    def _json(self, path, user=None, **params):
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(path, data=json.dumps({'params': params}), headers={
            'Content-Type': 'application/json'})

    def _post(self, path, **values):
        self.authenticate(None, None)
        return self.url_open(path, method='POST', allow_redirects=False, data={
            'csrf_token': Request.csrf_token(self), **values})

    def _accept(self, in_address=True, user=None):
        token, path = self._token(self.quotation), f'/my/orders/{self.quotation.id}/accept'
        given = {'name': "Somebody", 'signature': SIGNATURE}
        if in_address:
            return self._json(f'{path}?access_token={token}', user, **given)
        return self._json(path, user, access_token=token, **given)

    def _write_under(self, document, **access):
        return self._json(
            '/mail/message/post', thread_model=document._name, thread_id=document.id,
            post_data={'body': "Hello"}, **access).json()

    def test_the_link_of_a_viewer_shows_and_does_nothing(self):
        self.right.role = 'viewer'
        page = self._page(self.quotation)
        self.assertEqual(page.status_code, 200)
        self.assertFalse('#modalaccept' in page.text or 'id="decline"' in page.text)
        self.assertEqual([self._accept(way).status_code for way in (True, False)], [403, 403])
        with mute_logger('odoo.http'):
            answer = self._post(
                f'/my/orders/{self.quotation.id}/decline', decline_message="No",
                access_token=self._token(self.quotation))
        self.assertEqual(answer.status_code, 403)
        line = self.quotation.order_line
        answer = self._json(
            f'/my/orders/{self.quotation.id}/update_line_dict', line_id=line.id,
            access_token=self._token(self.quotation), input_quantity=7)
        self.assertEqual(answer.status_code, 403)
        self.assertEqual((self.quotation.state, line.product_uom_qty), ('sent', 1))

    def test_the_link_of_a_viewer_pays_nothing(self):
        self.right.role = 'viewer'
        for path, document in [
                (f'/invoice/transaction/{self.bill.id}', self.bill),
                (f'/my/orders/{self.quotation.id}/transaction', self.quotation)]:
            with self.subTest(path=path):
                answer = self._json(path, access_token=self._token(document))
                self.assertEqual(answer.status_code, 403)
        self.right.role = 'payer'
        answer = self._json(
            f'/invoice/transaction/{self.bill.id}', access_token=self._token(self.bill))
        self.assertEqual(answer.status_code, 200)

    def test_a_wrong_link_tells_nothing_of_the_document(self):
        self.right.role = 'viewer'
        for path, document in [
                (f'/invoice/transaction/{self.bill.id}', self.bill),
                (f'/my/orders/{self.quotation.id}/accept', self.quotation)]:
            with self.subTest(path=path):
                answer = self._json(path, access_token='wrong')
                self.assertEqual(answer.status_code, 200)
                self.assertNotIn(document.name, answer.text)

    def test_who_is_signed_in_for_others_needs_the_link_on_every_page(self):
        page = self._page(self.quotation, self.bea).text
        self.assertIn(
            f'{self.quotation.access_url}/accept?access_token={self._token(self.quotation)}', page)

    def test_a_new_account_makes_no_more_of_the_link(self):
        self.right.role = 'viewer'
        self.assertEqual(self._accept(user=self.bea).status_code, 403)
        self.right.role = 'buyer'
        self.assertIn('result', self._accept(user=self.bea).json())

    @mute_logger('odoo.http')
    def test_the_link_of_a_viewer_writes_nothing(self):
        self.right.role = 'viewer'
        for document in self.documents:
            token, pid = self._token(document), self.ann.partner_id.id
            before = document.message_ids
            for access in ({'token': token}, {'hash': document._sign_token(pid), 'pid': pid}):
                with self.subTest(document=document, access=access):
                    self.assertIn('error', self._write_under(document, **access))
            self.assertEqual(document.message_ids, before)
        for act in ('answer', 'close'):
            answer = self._post(
                f'/my/requests/{self.request.id}/{act}', text="x",
                access_token=self._token(self.request))
            self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.request.state, 'new')

    @mute_logger('odoo.http')
    def test_the_closing_link_of_a_viewer_closes_nothing(self):
        self.right.role = 'viewer'
        path, _mark, token = self.request._closing_url().partition('?token=')
        answer = self._post(
            path.removeprefix(self.request.get_base_url()), token=token, answer='solved')
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.request.state, 'new')

    def test_who_may_act_does_so_by_the_link(self):
        self.right.role = 'buyer'
        self.assertIn('#modalaccept', self._page(self.quotation).text)
        self.assertIn('result', self._accept().json())
        self.assertIn('result', self._write_under(
            self.quotation, token=self._token(self.quotation)))
        self.right.role = 'requester'
        answer = self._post(
            f'/my/requests/{self.request.id}/close', access_token=self._token(self.request))
        self.assertIn('done=closed', answer.headers['Location'])

    def test_the_link_shows_what_its_contact_may_see(self):
        self.right.role = 'technical'
        for document in self.documents:
            with self.subTest(document=document):
                self.assertURLEqual(self._page(document).headers['Location'], '/my')

    def test_a_guest_does_everything_by_the_link(self):
        guest = self.env['res.partner'].create({
            'name': "Guest", 'parent_id': self.acorn.id, 'email': 'guest@example.com'})
        for document in self.documents:
            self.env.cr.execute(
                f'UPDATE {document._table} SET partner_id = %s WHERE id = %s',
                [guest.id, document.id])
        self.env.invalidate_all()
        self.assertIn('#modalaccept', self._page(self.quotation).text)
        self.assertIn('result', self._accept().json())
        for document in self.documents:
            with self.subTest(document=document):
                self.assertIn('result', self._write_under(
                    document, token=self._token(document)))
        answer = self._post(
            f'/my/requests/{self.request.id}/close', access_token=self._token(self.request))
        self.assertIn('done=closed', answer.headers['Location'])

    def test_who_lost_his_access_has_no_link_any_more(self):
        old = [self._token(document) for document in self.documents]
        others = self.quotation.copy({'partner_id': self.acorn.id})
        kept = self._token(others)
        self.ann.active = False
        for document, token in zip(self.documents, old, strict=True):
            with self.subTest(document=document):
                self.authenticate(None, None)
                page = self.url_open(
                    f'{document.access_url}?access_token={token}', allow_redirects=False)
                self.assertURLEqual(page.headers['Location'], '/my')
                self.assertNotEqual(self._token(document), token)
        self.assertEqual(others.access_token, kept)

    def test_a_reader_who_is_mailed_a_bill_gets_no_token(self):
        bill = self._bill(7, '2026-01-11')
        before = self.env['mail.mail'].search([])
        guest = self.env['res.partner'].create({'name': "Guest", 'email': 'guest@example.com'})
        readers = self.ann.partner_id + self.bea.partner_id + guest
        bill.message_post(
            body="Your bill", message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=readers.ids, force_send=False)
        mails = self.env['mail.mail'].search([]) - before
        bodies = {partner: mail.body_html for mail in mails for partner in mail.recipient_ids}
        token = self._token(bill)
        self.assertEqual(
            [token in bodies[partner] for partner in readers], [False, True, True])
        self.assertIn(f'res_id={bill.id}', bodies[self.ann.partner_id])
