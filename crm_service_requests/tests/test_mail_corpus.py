from odoo.tests import tagged

from odoo.addons.crm_service_requests.models.crm_request_mail import LIMIT, MAX_TEXT

from .common_mail import MailRequestCommon


@tagged('post_install', '-at_install')
class TestMailCorpus(MailRequestCommon):
    """Mails as they come: each becomes one request that can be read."""

    def test_plain_text_becomes_a_request_of_its_customer(self):
        request = self._received(self._mail('plain'))
        self.assertRecordValues(request, [{
            'name': "Where is my bench?", 'partner_id': self.acorn.id, 'channel': 'mail',
            'email_from': '"Acorn Joinery" <acorn@example.com>', 'type_id': self.types['help'].id,
            'company_id': self.company.id, 'state': 'new', 'date_customer': False}])
        self.assertIn("where is the bench I ordered?", request.description)
        self.assertIn("where is the bench I ordered?", request.message_ids[-1].body)
        self.assertEqual(request.message_ids[-1].message_id, '<plain@mail.example.com>')

    def test_html_is_kept_without_scripts(self):
        request = self._received(self._mail('html'))
        self.assertIn("<b>bench</b>", request.description)
        self.assertNotIn("alert", request.description)

    def test_texts_are_read_in_their_character_sets(self):
        for name, subject, text in (
                ('latin1', "Grüße", "Schöne Grüße aus Köln"),
                ('windows1251', "Где заказ?", "Где мой верстак?"),
                ('shift_jis', "作業台", "作業台はどこですか"),
                ('wrong_charset', "Bench", "Schöne Grüße"),
                ('wrong_declared', "Bench", "Schöne Grüße"),
                ('null_bytes', "Where is my bench?", "The bench is here.")):
            with self.subTest(name=name):
                request = self._received(self._mail(name))
                self.assertEqual(request.name, subject)
                self.assertIn(text, request.description)

    def test_broken_structure_loses_nothing_that_can_be_read(self):
        request = self._received(self._mail('broken_mime'))
        self.assertEqual(len(request), 1)
        self.assertIn("broken", request.description)

    def test_request_without_a_subject_has_a_name(self):
        self.assertEqual(self._received(self._mail('no_subject')).name, "No Subject")

    def test_empty_mail_is_a_request(self):
        request = self._received(self._mail('empty'))
        self.assertRecordValues(request, [{
            'name': "No Subject", 'partner_id': self.acorn.id, 'description': False}])

    def test_five_megabytes_go_through(self):
        content = bytes(range(256)) * 4 * 1024 * 5
        request = self._received(self._built(attachments=[('drawing.bin', content)]))
        self.assertEqual(request.message_ids.attachment_ids.raw, content)

    def test_attachments_beyond_the_limit_are_named(self):
        self.env['ir.config_parameter'].set_param(LIMIT, '1')
        request = self._received(self._built(attachments=[
            ('large.bin', b'x' * 2 * 1024 ** 2), ('small.bin', b'y' * 1024)]))
        self.assertEqual(request.message_ids.attachment_ids.mapped('name'), ['small.bin'])
        self.assertIn("large.bin", request.message_ids[-1].body)
        self.assertIn("large.bin", request.description)

    def test_text_without_end_is_cut_and_attached_whole(self):
        text = "A line that goes on and on.\n" * 40_000
        request = self._received(self._built(text))
        self.assertLess(len(request.description), MAX_TEXT * 1.2)
        self.assertIn("longer than what is shown", request.description)
        [attachment] = request.message_ids.attachment_ids
        self.assertEqual(attachment.raw.count(b"on and on"), 40_000)

    def test_order_by_mail_keeps_its_attachment(self):
        request = self._received(self._mail('order'))
        self.assertEqual(request.type_id, self.types['order'])
        self.assertRecordValues(request.message_ids.attachment_ids, [{
            'name': 'order.pdf', 'res_model': 'crm.request', 'res_id': request.id}])

    def test_fax_is_no_mail_of_its_gateway(self):
        self.company.request_fax_senders = "scanner@fax.example, @fax.example"
        request = self._received(self._mail('fax'))
        self.assertRecordValues(request, [{
            'channel': 'fax', 'email_from': False, 'partner_id': False, 'confirmed_at': False}])
        self.assertEqual(request.message_ids.attachment_ids.name, 'fax.pdf')

    def test_forged_mail_is_nobodys(self):
        request = self._received(self._mail('spoofed'))
        self.assertRecordValues(request, [{
            'partner_id': False, 'email_normalized': 'acorn@example.com',
            'confirmed_at': False}])
        self.assertIn("may be forged", request.description)
        self.assertFalse(self._new_mails)

    def test_same_mail_twice_is_one_request(self):
        for name in ('plain', 'no_message_id'):
            with self.subTest(name=name):
                self.assertEqual(len(self._received(self._mail(name))), 1)
                self.assertFalse(self._received(self._mail(name)))

    def test_mail_to_several_addresses_is_one_request(self):
        self.types['return'].alias_name = 'returns'
        self.types['warranty'].alias_name = 'warranty'
        request = self._received(self._built(
            To='returns@requests.example, service@requests.example',
            Cc='warranty@requests.example'))
        self.assertEqual(request.type_id, self.types['warranty'])

    def test_mail_that_a_server_pipes_in_is_read_as_text_too(self):
        self.assertEqual(len(self._received(self._mail('plain').decode())), 1)


@tagged('post_install', '-at_install')
class TestMailForwarded(MailRequestCommon):

    def test_customer_is_who_wrote_what_a_colleague_forwards(self):
        for name, subject, customer, address in (
                ('forwarded', "My bench wobbles", self.birch, 'birch@example.com'),
                ('forwarded_attached', "Bench", self.birch, 'birch@example.com'),
                ('forwarded_outlook', "Rechnung", self.env['res.partner'],
                 'nobody@elsewhere.example')):
            with self.subTest(name=name):
                request = self._received(self._mail(name))
                self.assertRecordValues(request, [{
                    'name': subject, 'partner_id': customer.id,
                    'email_normalized': address}])
                self.assertIn(self.colleague.partner_id, request.message_partner_ids)

    def test_colleague_is_no_customer(self):
        request = self._received(self._built(From='colleague@requests.example'))
        self.assertFalse(request.partner_id)
        self.assertIn(self.colleague.partner_id, request.message_partner_ids)


@tagged('post_install', '-at_install')
class TestMailRecognised(MailRequestCommon):

    def test_address_of_a_type_decides(self):
        self.types['return'].alias_name = 'returns'
        request = self._received(self._built(To='returns@requests.example', Subject="Warranty"))
        self.assertEqual(request.type_id, self.types['return'])

    def test_further_address_counts_before_words(self):
        self.types['complaint'].mail_addresses = "Trouble <trouble@elsewhere.example>"
        request = self._received(self._built(
            To='trouble@elsewhere.example', Subject="Warranty",
            Delivered_To='service@requests.example'))
        self.assertEqual(request.type_id, self.types['complaint'])

    def test_subject_counts_before_text(self):
        request = self._received(self._built("The warranty is over", Subject="I complain"))
        self.assertEqual(request.type_id, self.types['complaint'])

    def test_text_is_searched_and_first_type_wins(self):
        self.types['complaint'].mail_keywords = "broken"
        self.types['warranty'].mail_keywords = "broken"
        request = self._received(self._built("The bench is BROKEN."))
        self.assertEqual(request.type_id, self.types['warranty'])

    def test_word_inside_another_is_not_meant(self):
        self.types['return'].mail_keywords = "turn"
        self.assertEqual(
            self._received(self._built("saturn")).type_id, self.types['help'])

    def test_customer_of_the_company_comes_before_others(self):
        other = self.env['res.company'].create({'name': "Other"})
        partners = self.env['res.partner'].create([
            {'name': name, 'email': 'twice@example.com', 'company_id': company.id}
            for name, company in (
                ("Everybody's", self.env['res.company']), ("Ours", self.company),
                ("Other's", other))])
        request = self._received(self._built(From='Twice <TWICE@example.com>'))
        self.assertEqual(request.partner_id, partners[1])

    def test_unknown_sender_has_no_customer_and_is_not_made_one(self):
        count = self.env['res.partner'].search_count([])
        request = self._received(self._built(From='New <new@elsewhere.example>'))
        self.assertRecordValues(request, [{
            'partner_id': False, 'email_normalized': 'new@elsewhere.example'}])
        self.assertEqual(self.env['res.partner'].search_count([]), count)

    def test_company_is_that_of_the_domain_written_to(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.env['mail.alias.domain'].create(
            {'name': 'other.example', 'company_ids': [(4, other.id)]})
        other.request_alias_name = 'help'
        request = self._received(self._built(To='help@other.example', From='a@b.example'))
        self.assertEqual(request.company_id, other)
