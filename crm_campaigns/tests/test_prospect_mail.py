from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_service_requests.tests.common_mail import MailRequestCommon

EML = Path(__file__).with_name('eml')


@tagged('post_install', '-at_install')
class TestProspectMail(MailRequestCommon):
    """Who writes and is nobody's contact is proposed, with what he puts below his mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What others wrote before is none of these tests' business.
        while cls.env['crm.prospect.row']._propose(cls.env['res.company'].search([])):
            pass
        cls.before = cls.env['crm.prospect.row'].search([])
        cls.prospects = cls.env['crm.prospect.row'].with_user(cls.roles['marketing_manager'])

    @classmethod
    def _mail(cls, name, **places):
        return (EML / f'{name}.eml').read_bytes() if (EML / f'{name}.eml').exists() else (
            super()._mail(name, **places))

    def _propose(self):
        self.prospects.action_propose()
        return self.prospects.search([('id', 'not in', self.before.ids)])

    def _proposed(self, name):
        """Return the request that a mail became, and the prospect who wrote it."""
        request = self._received(self._mail(name))
        return request, self._propose()

    def test_english_mail_in_html_that_answers_another(self):
        request, row = self._proposed('english_html')
        self.assertRecordValues(row, [{
            'origin': 'request', 'request_id': request.id, 'state': 'ready',
            'sender': 'aoife@shannonjoinery.example', 'email': 'aoife@shannonjoinery.example',
            'name': "Aoife Brennan", 'function': "Purchasing Manager",
            'company_name': "Shannon Joinery Ltd.", 'phone': "+353 61 455 142",
            'street': "Unit 4, Raheen Business Park", 'zip': "V94 XY12", 'city': "Limerick",
            'website': "www.shannonjoinery.example"}])
        self.assertNotIn("Liam", row.raw)

    def test_german_mail_in_plain_text_that_answers_another(self):
        _request, row = self._proposed('german_plain')
        self.assertRecordValues(row, [{
            'name': "Dr. Jörg Müller", 'function': "Geschäftsführer",
            'company_name': "Holzwerk Müller GmbH & Co. KG", 'phone': "+49 (0)221 / 5550110",
            'street': "An der Mühle 12a", 'zip': "50667", 'city': "Köln",
            'country_id': self.env.ref('base.de').id, 'vat': "DE123456788",
            'website': "https://www.holzwerk-mueller.example"}])

    def test_german_mail_in_html_from_an_address_without_a_name(self):
        _request, row = self._proposed('german_html')
        self.assertRecordValues(row, [{
            'name': "Petra Schmidt", 'company_name': "Tischlerei Schmidt",
            'street': "Bahnhofstr. 5", 'zip': "04109", 'city': "Leipzig",
            'phone': "0341 2555010"}])

    def test_mail_without_a_signature_tells_the_name(self):
        _request, row = self._proposed('gmail_reply')
        self.assertRecordValues(row, [{
            'name': "Tom Walsh", 'company_name': False, 'phone': False, 'state': 'ready'}])

    def test_machines_colleagues_customers_and_forgers_are_not_proposed(self):
        for source in (
                self._mail('machine'), self._mail('forged'), self._mail('plain'),
                self._built(From='colleague@requests.example', Message_Id='<c@x.example>')):
            self._received(source)
        self.assertFalse(self._propose())

    def test_sender_is_proposed_once_however_often_he_writes(self):
        _request, row = self._proposed('german_html')
        self._received(self._built(
            From='info@tischlerei-schmidt.example', Message_Id='<again@x.example>'))
        self.assertEqual(self._propose(), row)
        row.action_skip()
        self._received(self._built(
            From='info@tischlerei-schmidt.example', Message_Id='<third@x.example>'))
        self.assertEqual(self._propose(), row)

    def test_what_was_confirmed_is_linked(self):
        request, row = self._proposed('english_html')
        self.env['crm.team'].create({'name': "Sales", 'alias_name': 'sell'})
        lead_id = self._receive(self._built(
            From='"A. Brennan" <AOIFE@shannonjoinery.example>', To='sell@requests.example',
            Message_Id='<lead@x.example>'))
        forged = self._received(self._mail('forged'))
        row.action_take()
        person = row.partner_id
        self.assertRecordValues(person, [{
            'name': "Aoife Brennan", 'email': 'aoife@shannonjoinery.example',
            'function': "Purchasing Manager"}])
        self.assertRecordValues(person.parent_id, [{
            'name': "Shannon Joinery Ltd.", 'is_company': True, 'city': "Limerick"}])
        lead = self.env['crm.lead'].browse(lead_id)
        self.assertEqual(request.partner_id, person)
        self.assertEqual(lead.partner_id, person)
        self.assertEqual(request.message_ids[-1].author_id, person)
        self.assertEqual(
            lead.message_ids.filtered(lambda mail: mail.message_type == 'email').author_id, person)
        self.assertFalse(forged.partner_id)
        self.assertFalse(forged.message_ids.filtered(
            lambda mail: mail.message_type == 'email').author_id)

    def test_colleague_of_a_customer_becomes_his_contact(self):
        known = self.env['res.partner'].create(
            {'name': "Shannon Joinery", 'is_company': True, 'email': 'office@shannon.example'})
        request, row = self._proposed('english_html')
        self.assertRecordValues(row, [{'duplicate_id': known.id, 'duplicate_kind': 'company'}])
        row.action_take()
        self.assertEqual(request.partner_id.parent_id, known)
        self.assertEqual(request.partner_id.name, "Aoife Brennan")

    def test_customer_who_was_made_meanwhile_gets_what_he_wrote(self):
        request = self._received(self._mail('german_html'))
        customer = self.env['res.partner'].create(
            {'name': "Petra", 'email': 'info@tischlerei-schmidt.example'})
        row = self._propose()
        self.assertRecordValues(row, [{'duplicate_kind': 'email', 'action': 'update'}])
        row.action_take()
        self.assertEqual(request.partner_id, customer)
        self.assertEqual(customer.phone, "0341 2555010")

    def test_mail_in_another_thread_is_proposed_too(self):
        order = self._create_order(self.acorn)
        message = self.env['mail.message'].create({
            'model': order._name, 'res_id': order.id, 'message_type': 'email',
            'author_id': False, 'email_from': '"Joe" <joe@joe-boats.example>',
            'body': "<p>See below</p><p>Regards<br>Joe Boat<br>Joe Boats Ltd</p>"})
        row = self._propose()
        self.assertRecordValues(row, [{
            'origin': 'mail', 'sender': 'joe@joe-boats.example', 'company_name': "Joe Boats Ltd"}])
        row.action_take()
        self.assertEqual(message.author_id, row.partner_id)

    def test_caller_without_an_address_is_known_by_his_number(self):
        requests = self.env['crm.request'].create([
            {'name': "Call", 'channel': 'phone', 'phone': phone}
            for phone in ('087 123 4567', '087-1234567', '087 999 9999')])
        rows = self._propose()
        self.assertEqual(rows.mapped('sender'), ['0871234567', '0879999999'])
        self.assertEqual(rows.mapped('state'), ['problem', 'problem'])
        rows[0].name = "Joe"
        rows[0].action_take()
        self.assertEqual(
            requests.mapped('partner_id.name'), ["Joe"])
        self.assertEqual(requests[0].partner_id, requests[1].partner_id)
        self.assertFalse(requests[2].partner_id)

    def test_scheduled_action_finds_them_once(self):
        self._received(self._mail('english_html'))
        self._received(self._mail('german_html'))
        for _time in range(2):
            with self.enter_registry_test_mode():
                self.env.ref('crm_campaigns.ir_cron_propose').method_direct_trigger()
        rows = self.prospects.search([('id', 'not in', self.before.ids)])
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows.company_id, self.company)

    def test_marketing_manager_reads_the_prospect_and_not_his_request(self):
        request, row = self._proposed('english_html')
        self.assertTrue(row.read(['name', 'raw', 'remark', 'request_id']))
        with self.assertRaises(AccessError):
            row.request_id.read(['description'])
        self.assertEqual(
            row.with_user(self.roles['sales_manager']).action_open_origin()['res_id'], request.id)

    def test_many_senders_cost_as_many_statements_as_few(self):
        def write(count, mark):
            self.env['crm.lead'].create([
                {'name': "Lead", 'email_from': f'p{number}@{mark}.example'}
                for number in range(count)])
            return self._count_statements_once(self.prospects.action_propose)

        few = min(write(5, f'few{time}') for time in range(2))
        many = min(write(50, f'many{time}') for time in range(2))
        self.assertLessEqual(many, few + 2)
