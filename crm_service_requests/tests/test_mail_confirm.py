from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, freeze_time, tagged

from .common_mail import MailRequestCommon


@tagged('post_install', '-at_install')
class TestMailConfirm(MailRequestCommon):
    """The mail that tells the registration number."""

    def test_who_mails_is_told_the_number_and_the_deadline(self):
        request = self._received(self._mail('plain'))
        [mail] = self._new_mails
        self.assertTrue(request.confirmed_at)
        self.assertIn(request.number, mail.subject)
        self.assertIn("answers by", mail.body_html)
        self.assertIn(f'/my/requests/{request.id}?access_token=', mail.body_html)
        self.assertEqual(mail.recipient_ids, self.acorn)
        self.assertIn("'Auto-Submitted': 'auto-replied'", mail.headers)
        self.assertIn('service@requests.example', mail.reply_to)

    def test_unknown_sender_is_told_it_too(self):
        self._received(self._built(From='New <new@elsewhere.example>'))
        [mail] = self._new_mails
        self.assertIn('new@elsewhere.example', mail.email_to)

    def test_number_is_told_in_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.acorn.lang = 'de_DE'
        template = self.types['help'].confirm_template_id
        template.with_context(lang='de_DE').subject = "Ihre Anfrage {{ object.number }}"
        request = self._received(self._mail('plain'))
        self.assertEqual(self._new_mails.subject, f"Ihre Anfrage {request.number}")

    def test_confirmation_is_no_answer_of_ours(self):
        request = self._received(self._mail('plain'))
        self.assertFalse(request.date_first_answer)

    def test_type_decides(self):
        self.types['help'].confirm_automatically = False
        self.assertFalse(self._received(self._mail('plain')).confirmed_at)
        self.assertFalse(self._new_mails)

    def test_number_is_told_once(self):
        request = self._received(self._mail('plain'))
        with self.mock_mail_gateway():
            request._confirm_automatically()
        self.assertFalse(self._new_mails)

    def test_request_made_by_hand_is_confirmed_and_generated_one_is_not(self):
        with self.mock_mail_gateway():
            by_hand = self._create_request(channel='phone')
            generated = self._create_request(channel='rule')
        self.assertTrue(by_hand.confirmed_at)
        self.assertFalse(generated.confirmed_at)
        self.assertEqual(len(self._new_mails), 1)

    def test_machines_lists_and_own_addresses_are_not_told(self):
        for name in ('machine', 'mailing_list', 'no_reply'):
            with self.subTest(name=name):
                request = self._received(self._mail(name))
                self.assertEqual(len(request), 1)
                self.assertFalse(request.confirmed_at)
        for number, sender in enumerate(
                ('service@requests.example', 'catchall@requests.example')):
            with self.subTest(sender=sender):
                self.assertFalse(self._received(self._built(
                    From=sender, Message_Id=f'<own{number}@x>')).confirmed_at)
        self.assertFalse(self._new_mails)

    def test_request_made_by_hand_for_a_machine_is_not_confirmed(self):
        with self.mock_mail_gateway():
            request = self._create_request(
                channel='phone', partner_id=False, email_from='no-reply@elsewhere.example')
        self.assertFalse(request.confirmed_at)

    def test_address_is_told_so_often_in_an_hour(self):
        requests = [
            self._received(self._built(Message_Id=f'<m{number}@x>')) for number in range(7)]
        self.assertEqual([bool(request.confirmed_at) for request in requests],
                         [True] * 5 + [False] * 2)

    def test_confirmation_by_hand_is_remembered(self):
        request = self._create_request(channel='rule')
        service = self.roles['service_representative']
        action = request.with_user(service).action_confirm_receipt()
        composer = Form(self.env['mail.compose.message'].with_user(service).with_context(
            **action['context'])).save()
        self.assertIn(request.number, composer.subject)
        with self.mock_mail_gateway():
            composer.action_send_mail()
        self.assertTrue(request.confirmed_at)
        self.assertFalse(request.date_first_answer)
        self.assertEqual(len(self._new_mails), 1)

    def test_type_without_a_text_is_named(self):
        request = self._create_request(channel='rule')
        request.type_id.confirm_template_id = False
        with self.assertRaisesRegex(UserError, request.number):
            request.action_confirm_receipt()


@tagged('post_install', '-at_install')
class TestMailProof(MailRequestCommon, HttpCase):
    """How a stranger proves that an address is his."""

    def setUp(self):
        super().setUp()
        self.request = self._create_request(channel='rule')
        self.request.action_wait()

    def _waiting(self, subject=None):
        self._receive(self._reply('nobody@elsewhere.example', subject or self.request.number))
        return self.env['crm.request.unconfirmed'].search([])

    def _path(self, waiting):
        return waiting._proof_url().split(waiting.get_base_url())[1]

    def _press(self, path):
        self.authenticate(None, None)
        page = self.url_open(path)
        return self.url_open(path, data={
            'csrf_token': page.text.split('name="csrf_token" value="')[1].split('"')[0]})

    def test_link_alone_writes_nothing(self):
        waiting = self._waiting()
        page = self.url_open(self._path(waiting))
        self.assertIn("I wrote this message", page.text)
        self.assertEqual((waiting.state, self.request.state), ('waiting', 'waiting'))

    def test_button_hands_the_text_to_the_staff(self):
        waiting = self._waiting()
        self.assertIn("Thank you", self._press(self._path(waiting)).text)
        message = self.request.message_ids.filtered(
            lambda message: message.message_type == 'email')
        self.assertEqual((waiting.state, self.request.state), ('proved', 'open'))
        self.assertIn('nobody@elsewhere.example', message.email_from)
        self.assertIn("unknown so far", message.body)
        self.assertEqual(message.subtype_id, self.env.ref('mail.mt_note'))

    def test_button_makes_the_request_of_a_number_that_is_none(self):
        waiting = self._waiting("About INF/2026/99999")
        with self.mock_mail_gateway():
            self._press(self._path(waiting))
        self.assertEqual(waiting.request_id.email_normalized, 'nobody@elsewhere.example')
        self.assertTrue(waiting.request_id.confirmed_at)

    def test_link_works_once(self):
        waiting = self._waiting()
        self._press(self._path(waiting))
        count = len(self.request.message_ids)
        self.assertIn("no longer valid", self.url_open(self._path(waiting)).text)
        self.assertEqual(len(self.request.message_ids), count)

    def test_wrong_and_old_links_are_answered_alike(self):
        waiting = self._waiting()
        right = self._path(waiting)
        with freeze_time('2020-01-01'):
            old = self._path(waiting)
        for path in (old, right[:-4] + 'AAAA', '/requests/prove/x', '/requests/prove/%C3%A9'):
            with self.subTest(path=path):
                page = self.url_open(path)
                self.assertEqual(page.status_code, 200)
                self.assertIn("no longer valid", page.text)

    def test_post_without_the_page_is_refused(self):
        waiting = self._waiting()
        self.assertEqual(self.url_open(self._path(waiting), data={'x': 'y'}).status_code, 400)
        self.assertEqual(waiting.state, 'waiting')
