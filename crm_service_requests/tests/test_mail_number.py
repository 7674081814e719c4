from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_mail import MailRequestCommon


@tagged('post_install', '-at_install')
class TestMailNumber(MailRequestCommon):
    """Mails that name a request, or answer one."""

    def setUp(self):
        super().setUp()
        self.request = self._create_request(user_id=self.colleague.id, channel='rule')
        self.request.action_wait()
        self.unconfirmed = self.env['crm.request.unconfirmed']

    def _write(self, sender, subject=None, mid='reply'):
        """Let `sender` mail about the request; return what was written under it."""
        before = self.request.message_ids
        made = self._received(self._reply(sender, subject or f"About {self.request.number}", mid))
        self.assertFalse(made, "a new request was made")
        return (self.request.message_ids - before).filtered(
            lambda message: message.message_type == 'email')

    def test_customer_goes_on_with_his_request(self):
        for place in (
                '{}', 'Re: [{}] bench', 'AW: ({})', 'bench #{}:', '"{}."', 'Fwd: {},bench'):
            subject = place.format(self.request.number.lower())
            with self.subTest(subject=subject):
                message = self._write('acorn@example.com', subject, mid=f'm{len(subject)}')
                self.assertIn("more about it", message.body)
        self.assertEqual(self.request.state, 'open')
        self.assertTrue(self.request.date_customer)

    def test_those_who_take_part_go_on_with_it(self):
        partners = self.env['res.partner'].create([
            {'name': "Ann", 'email': 'ann@acorn.example', 'parent_id': self.acorn.id},
            {'name': "Follower", 'email': 'follower@elsewhere.example'},
            {'name': "Maker", 'email': 'maker@elsewhere.example', 'is_company': True,
             'child_ids': [Command.create({'name': "Mo", 'email': 'mo@elsewhere.example'})]}])
        self.request.message_subscribe(partners[1].ids)
        self.request.assigned_partner_id = partners[2]
        self.request.email_cc = 'Copy <copy@elsewhere.example>'
        for sender in ('ann@acorn.example', 'follower@elsewhere.example', 'mo@elsewhere.example',
                       'copy@elsewhere.example', 'colleague@requests.example'):
            with self.subTest(sender=sender):
                self.assertEqual(len(self._write(sender, mid=sender.split('@')[0])), 1)
        self.assertFalse(self.unconfirmed.search([]))

    def test_word_of_a_colleague_is_an_answer(self):
        self._write('colleague@requests.example')
        self.assertTrue(self.request.date_first_answer)
        self.assertEqual(self.request.state, 'waiting')

    def test_number_of_a_merged_request_leads_to_the_other(self):
        other = self._create_request(channel='rule')
        number = self.request.number
        self.env.cr.flush()
        self.request.action_cancel()
        self.request.merged_into_id = other
        self.assertFalse(self._received(self._reply('acorn@example.com', number)))
        self.assertIn("more about it", other.message_ids[0].body)

    def test_answer_to_our_mail_finds_its_request(self):
        sent = self.request.message_post(body="Which one?", message_type='comment')
        self._received(self._mail(
            'reply_to', sender='acorn@example.com', mid='x', message_id=sent.message_id))
        self.assertIn("An answer to your mail", self.request.message_ids[0].body)

    def test_number_is_found_at_the_address_for_answers_too(self):
        for address in ('catchall@requests.example', 'whatever@requests.example'):
            with self.subTest(address=address):
                before = self.request.message_ids
                self.assertFalse(self._received(self._built(
                    To=address, Subject=self.request.number, Message_Id=f'<{address}>')))
                self.assertEqual(len(self.request.message_ids - before), 1)

    def test_late_word_about_what_is_closed_becomes_a_new_request(self):
        self._solve(self.request)
        self.request.action_close()
        self.request.date_closed = '2020-01-01 00:00:00'
        new = self._received(self._reply('acorn@example.com', self.request.number))
        self.assertEqual((new.follows_id, new.partner_id), (self.request, self.acorn))
        self.assertTrue(new.confirmed_at)
        self.assertEqual(self.request.state, 'closed')

    # Strangers

    def test_word_of_a_stranger_waits_and_changes_nothing(self):
        values = self.request.read(['state', 'date_customer', 'email_cc', 'write_date'])
        self.assertFalse(self._write('Nobody <nobody@elsewhere.example>'))
        self.assertEqual(
            self.request.read(['state', 'date_customer', 'email_cc', 'write_date']), values)
        self.assertRecordValues(self.unconfirmed.search([]), [{
            'request_id': self.request.id, 'state': 'waiting', 'is_asked': True,
            'email_normalized': 'nobody@elsewhere.example'}])
        self.assertEqual(self.request.unconfirmed_count, 1)

    def test_customer_of_another_company_is_a_stranger(self):
        self.assertFalse(self._write('birch@example.com'))
        self.assertEqual(self.request.state, 'waiting')

    def test_stranger_who_answers_our_mail_is_one_still(self):
        sent = self.request.message_post(body="Which one?", message_type='comment')
        self.assertFalse(self._received(self._mail(
            'reply_to', sender='nobody@elsewhere.example', mid='x', message_id=sent.message_id)))
        self.assertEqual(self.request.unconfirmed_count, 1)

    def test_stranger_is_answered_alike_whether_the_number_exists_or_not(self):
        answers = []
        for number in (self.request.number, 'INF/2026/99999'):
            self.assertFalse(self._received(
                self._reply('nobody@elsewhere.example', f"About {number}", number)))
            [mail] = self._new_mails
            body = mail.body_html.split('/requests/prove/')[0]
            answers.append((
                mail.subject.replace(number, '*'), mail.email_to,
                body.replace(number, '*').replace(number.replace('/', '-'), '*')))
        self.assertEqual(*answers)

    def test_forged_mail_of_the_customer_is_a_strangers(self):
        self.assertFalse(self._received(self._mail('spoofed').replace(
            b'Where is my bench?', self.request.number.encode())))
        self.assertRecordValues(self.unconfirmed.search([]), [{
            'request_id': self.request.id, 'is_asked': True}])
        self.assertEqual(self.request.state, 'waiting')

    def test_machines_are_not_asked_for_proof(self):
        self._write('No Reply <no-reply@elsewhere.example>')
        self.assertFalse(self.unconfirmed.search([]).is_asked)
        self.assertFalse(self._new_mails)

    def test_address_is_not_asked_for_ever(self):
        for number in range(8):
            self._write('nobody@elsewhere.example', mid=f'n{number}')
        self.assertEqual(len(self.unconfirmed.search([])), 8)
        self.assertEqual(len(self.unconfirmed.search([('is_asked', '=', True)])), 5)

    def test_attachments_of_a_stranger_are_kept(self):
        self._received(self._built(
            From='nobody@elsewhere.example', Subject=self.request.number,
            attachments=[('proof.bin', b'proof')]))
        waiting = self.unconfirmed.search([])
        self.assertEqual(waiting.attachment_ids.mapped('name'), ['proof.bin'])
        self.assertFalse(self.request.message_attachment_count)
        waiting.with_user(self.roles['service_representative']).action_accept()
        self.assertEqual(self.request.message_ids[0].attachment_ids.raw, b'proof')

    def test_accepted_mail_is_a_word_like_others(self):
        self._write('nobody@elsewhere.example')
        self.unconfirmed.search([]).with_user(
            self.roles['service_representative']).action_accept()
        message = self.request.message_ids[0]
        self.assertIn('nobody@elsewhere.example', message.email_from)
        self.assertIn("unknown so far", message.body)
        self.assertEqual(message.subtype_id, self.env.ref('mail.mt_comment'))
        self.assertEqual(self.request.state, 'open')

    def test_refused_mail_stays_out(self):
        self._write('nobody@elsewhere.example')
        self.unconfirmed.search([]).with_user(
            self.roles['service_representative']).action_refuse()
        self.assertEqual(self.request.state, 'waiting')
        self.assertFalse(self.request.unconfirmed_count)

    def test_decision_is_taken_once_and_by_those_who_work_on_it(self):
        self._write('nobody@elsewhere.example')
        waiting = self.unconfirmed.search([])
        for role in ('order_manager', 'marketing_manager'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                waiting.with_user(self.roles[role]).action_accept()
        self.request.type_id = self.types['payment']
        with self.assertRaises(AccessError):
            waiting.with_user(self.roles['service_representative']).action_refuse()
        waiting.with_user(self.roles['service_supervisor']).action_refuse()
        with self.assertRaisesRegex(UserError, "decided already"):
            waiting.with_user(self.roles['service_supervisor']).action_accept()

    def test_mail_about_a_number_that_is_none_becomes_a_request_when_accepted(self):
        self._write('nobody@elsewhere.example', "About INF/2026/99999")
        waiting = self.unconfirmed.search([])
        self.assertFalse(waiting.request_id)
        with self.assertRaises(AccessError):
            waiting.with_user(self.roles['order_manager']).action_accept()
        waiting.with_user(self.roles['service_representative']).action_accept()
        self.assertRecordValues(waiting.request_id, [{
            'name': "About INF/2026/99999", 'email_normalized': 'nobody@elsewhere.example',
            'channel': 'mail', 'company_id': self.company.id}])

    # Machines

    def test_automatic_answer_of_the_customer_moves_nothing(self):
        sent = self.request.message_post(body="Which one?", message_type='comment')
        self._received(self._mail(
            'auto_reply', number=self.request.number, message_id=sent.message_id))
        self.assertRecordValues(self.request, [{'state': 'waiting', 'date_customer': False}])
        self.assertRecordValues(self.request.message_ids[0], [{
            'is_automatic': True, 'subtype_id': self.env.ref('mail.mt_note').id}])

    def test_automatic_answer_does_not_reopen(self):
        self._solve(self.request)
        self._received(self._mail('auto_reply', number=self.request.number, message_id='<none>'))
        self.assertEqual(self.request.state, 'solved')

    def test_bounce_is_noted_and_the_responsible_is_told(self):
        sent = self.request.message_post(
            body="Which one?", message_type='comment', subtype_xmlid='mail.mt_comment')
        self._received(self._mail('bounce', message_id=sent.message_id))
        note = self.request.message_ids[0]
        self.assertIn('acorn@example.com', note.body)
        self.assertIn(self.colleague.partner_id, note.notified_partner_ids)
        self.assertEqual(self.request.state, 'waiting')
