from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_shared_document import DocumentCommon

URL = '/my/documents'


@tagged('post_install', '-at_install')
class TestSharedDocumentPortal(DocumentCommon, HttpCase):

    def _open(self, path=URL, user=None):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def test_list_shows_his_documents_and_marks_the_new(self):
        read, new = self._share(self.acorn, name="Old & read"), self._share(
            self.acorn, name="Brand <b>new", description="Look at <i>this")
        self._share(self.birch, name="Secret of Birch")
        self._open(f'{URL}/{read.id}/download')
        page = self._open().text
        self.assertIn("Old &amp; read", page)
        self.assertIn("Brand &lt;b&gt;new", page)
        self.assertIn("Look at &lt;i&gt;this", page)
        self.assertNotIn("Secret of Birch", page)
        self.assertEqual(page.count(">New</span>"), 1)
        unread = self._open(f'{URL}?filterby=unread').text
        self.assertIn(f'{URL}/{new.id}/download', unread)
        self.assertNotIn(f'{URL}/{read.id}/download', unread)

    def test_list_is_searched_sorted_and_paged(self):
        for number in range(85):
            self._share(self.acorn, name=f"List {number:02}", publish=False).write(
                {'state': 'published'})
        self.assertIn("List 00", self._open(f'{URL}?sortby=name').text)
        self.assertNotIn("List 84", self._open(f'{URL}?sortby=name').text)
        self.assertIn("List 84", self._open(f'{URL}/page/2?sortby=name').text)
        page = self._open(f'{URL}?search=List+07').text
        self.assertIn("List 07", page)
        self.assertNotIn("List 08", page)
        self.assertIn("Nothing was found", self._open(f'{URL}?search=%25_%27').text)
        for query in ('?sortby=x&filterby=y', '/page/99999', '?search=' + 'x' * 3000):
            with self.subTest(query=query[:30]):
                self.assertEqual(self._open(URL + query).status_code, 200)

    def test_who_has_no_documents_is_told_so(self):
        self.assertIn("No document is shared with you", self._open().text)

    def test_download_gives_the_file_and_notes_it(self):
        document = self._share(self.acorn, name="Prices / 2026")
        answer = self._open(f'{URL}/{document.id}/download')
        self.assertEqual(answer.content, b'%PDF-1.4\n%%EOF\n')
        self.assertIn('attachment', answer.headers['Content-Disposition'])
        self.assertIn('.pdf', answer.headers['Content-Disposition'])
        self._open(f'{URL}/{document.id}/download')
        self.assertEqual(
            (document.receipt_ids.partner_id, document.receipt_ids.read_count),
            (self.ann.partner_id, 2))
        acts = self.env['crm.representative.act'].search([('act', '=', 'document')])
        self.assertEqual((acts.partner_id, acts.res_id), (self.ann.partner_id, document.id))

    def test_list_notes_nothing(self):
        document = self._share(self.acorn)
        self._open()
        self._open('/my/account-status')
        self.assertFalse(document.receipt_ids)

    @mute_logger('odoo.http')
    def test_foreign_documents_are_as_those_that_are_not_there(self):
        today = fields.Date.context_today(self.type)
        missing = self._open(f'{URL}/999999999/download')
        self.assertEqual(missing.status_code, 404)
        for document in (
                self._share(self.birch), self._share(self.ben.partner_id),
                self._share(self.acorn, publish=False),
                self._share(self.acorn, date_from=today + timedelta(days=1)),
                self._share(self.acorn, date_from='2020-01-01', date_to='2020-02-01')):
            answer = self._open(f'{URL}/{document.id}/download')
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(len(answer.text), len(missing.text))
            self.assertFalse(document.receipt_ids)

    @mute_logger('odoo.http')
    def test_file_is_had_in_no_other_way(self):
        document = self._share(self.acorn)
        attachment = self.env['ir.attachment'].sudo().search([
            ('res_model', '=', document._name), ('res_id', '=', document.id),
            ('res_field', '=', 'file')])
        self.assertTrue(attachment)
        for path in (f'/web/content/{document._name}/{document.id}/file',
                     f'/web/content/{attachment.id}'):
            self.assertEqual(self._open(path).status_code, 404)

    @mute_logger('odoo.http')
    def test_who_may_open_it(self):
        document = self._share(self.acorn)
        right = self.rights[self.ann.partner_id]
        right.write({'can_buy': False, 'can_pay': False, 'can_request': False,
                     'can_technical': False})
        self.assertEqual(self._open(f'{URL}/{document.id}/download').status_code, 200)
        right.can_view = False
        self.assertEqual(self._open(f'{URL}/{document.id}/download').status_code, 404)
        self.assertNotIn("Price List", self._open().text)
        for path in (URL, f'{URL}/{document.id}/download'):
            self.assertEqual(self._open(path, self.manager).status_code, 404)
            self.authenticate(None, None)
            self.assertEqual(self.url_open(path, allow_redirects=False).status_code, 303)
        self.assertEqual(self._open(f'{URL}/{document.id}/download', self.bea).status_code, 404)

    def test_account_page_shows_the_newest_unread(self):
        documents = [self._share(self.acorn, name=f"List {number}") for number in range(7)]
        for number, document in enumerate(documents):
            document.date_published = fields.Datetime.now() - timedelta(days=number)
        self._open(f'{URL}/{documents[0].id}/download')
        page = self._open('/my/account-status').text
        for number, shown in enumerate([False, True, True, True, True, True, False]):
            self.assertEqual(f"List {number}<" in page, shown, number)
        self.assertNotIn("New documents", self._open('/my/account-status', self.bea).text)

    def test_list_of_many_costs_as_many_queries_as_of_few(self):
        for _number in range(5):
            self._share(self.acorn)
        few = self._count_statements(self._open)
        for _number in range(45):
            self._share(self.acorn)
        self.assertLessEqual(self._count_statements(self._open), few)
