import json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_request import RequestPortalCommon

ACTS = ('close', 'reopen', 'answer', 'rate')


@tagged('post_install', '-at_install')
class TestRequestRight(RequestPortalCommon):

    def _acts(self):
        return self.env['crm.representative.act'].search(
            [('user_id', '=', self.ann.id)], order='id')

    def _new(self, kind='information', user=None, **given):
        return self._post(
            f'/requests/new/{self.types[kind].id}', user or self.ann, **{
                'stamp': self._stamp(), 'subject': "The saw jams", 'text': "It jams.", **given})

    def _stamp(self):
        """Return what a stranger's form is stamped with, which holds for everybody."""
        self._come()
        return self._hidden(
            self.url_open(f"/requests/new/{self.types['information'].id}"), 'stamp')

    def _made(self):
        return self.requests.search([('name', '=', "The saw jams")])

    # Who may

    def test_requester_asks_answers_closes_and_reopens_and_it_is_written_down(self):
        self._give('request')
        self._new('complaint')
        self._post(f'/my/requests/{self.request.id}/answer', self.ann, text="Still waiting.")
        self._post(f'/my/requests/{self.request.id}/close', self.ann)
        self._post(f'/my/requests/{self.request.id}/reopen', self.ann, text="No.")
        self.assertEqual(
            self._acts().mapped(lambda act: (act.act, act.document)), [
                ('request', self._made().display_name)] + [
                (act, self.request.display_name) for act in ('answer', 'close', 'reopen')])

    def test_viewer_reads_and_does_nothing(self):
        self._give('view')
        page = self._get(f'/my/requests/{self.request.id}', self.ann)
        self.assertEqual(page.status_code, 200)
        self.assertIn('data-allow_composer="0"', page.text)
        for words in ("It is solved", "/close", "/answer", "Please write it below"):
            self.assertNotIn(words, page.text)
        for act in ACTS:
            with self.subTest(act=act), mute_logger('odoo.http'):
                page = self._post(
                    f'/my/requests/{self.request.id}/{act}', self.ann, text="x", rate='5')
                self.assertEqual(page.status_code, 403)
        self.assertEqual(self.request.state, 'new')
        self.assertFalse(self._acts())

    @mute_logger('odoo.http')
    def test_viewer_makes_no_request(self):
        self._give('view', 'buy', 'pay', 'administer')
        self.assertNotIn('/requests/new', self._get('/my/requests', self.ann).text)
        for url in ('/requests/new', f"/requests/new/{self.types['information'].id}"):
            self.assertEqual(self._get(url, self.ann).status_code, 403)
        self.assertEqual(self._new().status_code, 403)
        self.assertFalse(self._made())

    @mute_logger('odoo.http')
    def test_viewer_is_not_called_back(self):
        self._give('view')
        self.assertNotIn('action="/my/call-back"', self._get('/my/account-status', self.ann).text)
        page = self._post(
            '/my/call-back', self.ann, when='2026-12-04T10:30', phone="+353 21 555")
        self.assertEqual(page.status_code, 403)
        self.assertFalse(self.requests.search([('name', 'like', "Call back")]))

    @mute_logger('odoo.http')
    def test_technical_contact_makes_technical_requests_only(self):
        self._give('technical')
        page = self._get('/requests/new', self.ann).text
        for kind, offered in (('service', True), ('return', True), ('complaint', False),
                              ('accounting', False)):
            with self.subTest(kind=kind):
                url = f'/requests/new/{self.types[kind].id}'
                self.assertEqual(f'{url}"' in page, offered)
                self.assertEqual(
                    self._get(url, self.ann).status_code, 200 if offered else 403)
        self.assertEqual(self._new('complaint').status_code, 403)
        self.assertFalse(self._made())
        self._new('warranty')
        self.assertEqual(self._made().type_id, self.types['warranty'])
        self.assertEqual(self._get('/requests/new/987654', self.ann).status_code, 303)

    @mute_logger('odoo.http')
    def test_technical_viewer_reads_other_requests_and_does_nothing(self):
        self._give('view', 'technical')
        complaint = self._create_request('complaint')
        self.assertEqual(self._get(f'/my/requests/{complaint.id}', self.ann).status_code, 200)
        page = self._post(f'/my/requests/{complaint.id}/answer', self.ann, text="x")
        self.assertEqual(page.status_code, 403)
        page = self._post(f'/my/requests/{self.request.id}/answer', self.ann, text="x")
        self.assertIn('done=answered', page.headers['Location'])

    def test_who_may_not_see_is_answered_as_if_there_were_nothing(self):
        self._give('buy', 'pay')
        for record in (self.request.id, self.request.id + 100_000):
            page = self._get(f'/my/requests/{record}', self.ann)
            self.assertEqual(page.status_code, 303)
            self.assertURLEqual(page.headers['Location'], '/my')

    # The conversation

    def _write(self, user, **access):
        """Write into the conversation of the page, and return the answer of the server."""
        self._come(user)
        return self.url_open('/mail/message/post', data=json.dumps({'params': {
            'thread_model': 'crm.request', 'thread_id': self.request.id,
            'post_data': {'body': "Hello", 'message_type': 'comment',
                          'subtype_xmlid': 'mail.mt_comment'}, **access}}),
            headers={'Content-Type': 'application/json'}).json()

    def _comments(self):
        return self.request.message_ids.filtered(
            lambda message: message.message_type == 'comment')

    @mute_logger('odoo.http')
    def test_viewer_does_not_write_into_the_conversation(self):
        self._give('view')
        for access in ({}, {'token': self.request._portal_ensure_token()}):
            with self.subTest(access=access):
                self.assertIn('error', self._write(self.ann, **access))
        self.assertFalse(self._comments())

    @mute_logger('odoo.http')
    def test_viewer_does_not_post_over_the_wire(self):
        self._give('view')
        messages = self.env['mail.message'].with_user(self.ann)
        given = {
            'body': "Hello", 'model': 'crm.request', 'res_id': self.request.id,
            'message_type': 'comment', 'subtype_id': self.env.ref('mail.mt_comment').id}
        with self.assertRaises(AccessError):
            messages.create(given)
        self._give('request')
        self.assertTrue(messages.create(given))

    def test_requester_writes_into_the_conversation_and_it_is_written_down(self):
        self._give('request')
        self.assertIn('result', self._write(self.ann))
        self.assertEqual(self._comments().author_id, self.ann.partner_id)
        self.assertEqual(self._acts().mapped('act'), ['answer'])

    # The link of a mail

    @mute_logger('odoo.http')
    def test_link_of_a_mail_gives_a_viewer_no_right(self):
        self._give('view')
        self.request.write({'state': 'solved', 'solution': "<p>Sent.</p>"})
        token = self.request._closing_url().split('token=')[1]
        url = f'/requests/{self.request.id}/close'
        self.assertNotIn("It is solved", self._get(f'{url}?token={token}', self.ann).text)
        page = self._post(url, self.ann, token=token, answer='solved')
        self.assertEqual(page.status_code, 403)
        self.assertEqual(self.request.state, 'solved')

    def test_rating_is_written_down(self):
        self.request.action_close()
        self._come(self.ann)
        page = self._send(f'/my/requests/{self.request.id}/rate', rate='5')
        link = page.headers['Location'].removesuffix('/5')
        self._send(f'{link}/submit_feedback', rate='5', feedback="Good")
        self.assertEqual(self._acts().mapped('act'), ['rate'])
        self.assertEqual(self.request.rating_last_value, 5)
