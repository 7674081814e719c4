import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_request import RequestPortalCommon

PDF = b'%PDF-1.4\n%%EOF\n'


@tagged('post_install', '-at_install')
class TestRequestFiles(RequestPortalCommon):
    """Files that a customer sends with an answer, by the conversation or by the form of a link."""

    def _upload(self, name, content, model='crm.request', record=None):
        return self._send(
            '/mail/attachment/upload', files={'ufile': (name, content, 'application/pdf')},
            thread_model=model, thread_id=str((record or self.request).id),
            is_pending='true').json()

    def _write(self, *attachments):
        ids = [attachment['data']['attachment_id'] for attachment in attachments]
        tokens = [
            self.env['ir.attachment'].sudo().browse(ident)._get_ownership_token()
            for ident in ids]
        return self.url_open('/mail/message/post', data=json.dumps({'params': {
            'thread_model': 'crm.request', 'thread_id': self.request.id,
            'post_data': {
                'body': "Look", 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment',
                'attachment_ids': ids, 'attachment_tokens': tokens}}}),
            headers={'Content-Type': 'application/json'}).json()

    def _comments(self):
        return self.request.message_ids.filtered(
            lambda message: message.message_type == 'comment')

    def test_file_of_the_conversation_is_kept_with_a_safe_name(self):
        self._come(self.ann)
        self.assertIn('result', self._write(self._upload('..\\x<y>.pdf', PDF)))
        self.assertEqual(self._comments().attachment_ids.mapped('name'), ["xy.pdf"])
        self.assertEqual(self.request._portal_attachments().mapped('name'), ["xy.pdf"])

    def test_program_is_refused_by_the_conversation(self):
        self._come(self.ann)
        for name, content in (('setup.exe', b'MZ'), ('bill.pdf', b'MZ' + bytes(99)),
                              ('page.html', b'<html></html>')):
            with self.subTest(file=name):
                self.assertIn("files of this sort are not taken", self._upload(
                    name, content)['error'])

    @mute_logger('odoo.http')
    def test_program_that_was_sent_elsewhere_is_refused_as_well(self):
        order = self.env['sale.order'].create({'partner_id': self.acorn.id, 'state': 'sent'})
        self._come(self.ann)
        sent = self._upload('setup.exe', b'MZ', 'sale.order', order)
        self.assertIn("not taken", str(self._write(sent)['error']))
        self.assertFalse(self._comments())

    @mute_logger('odoo.http')
    def test_too_many_files_are_refused(self):
        self._come(self.ann)
        sent = [self._upload(f'{number}.pdf', PDF) for number in range(11)]
        self.assertIn("no more than 10 files", str(self._write(*sent)['error']))
        self.assertIn('result', self._write(*sent[:10]))
