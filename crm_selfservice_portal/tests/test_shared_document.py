import base64
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import SelfServiceCommon

PDF = base64.b64encode(b'%PDF-1.4\n%%EOF\n')
# A Tuesday, in working hours and at night.
DAY, NIGHT = '2026-05-05 09:00:00', '2026-05-05 02:00:00'


class DocumentCommon(SelfServiceCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user('sales_manager')
        cls.tag = cls.env['res.partner.category'].create({'name': "Joiners"})
        cls.type = cls.env.ref('crm_selfservice_portal.crm_shared_document_type_price_list')
        cls.rights = {
            right.partner_id: right for right in cls.env['crm.representative.right'].search([
                ('partner_id', 'in', (cls.ann + cls.ben + cls.bea).partner_id.ids)])}

    @classmethod
    def _share(cls, *customers, name="Price List", publish=True, **values):
        document = cls.env['crm.shared.document'].create({
            'name': name, 'type_id': cls.type.id, 'file': PDF, 'file_name': 'prices.pdf',
            'partner_ids': [Command.set([customer.id for customer in customers])], **values})
        if publish:
            document.action_publish()
        return document

    @classmethod
    def _receipts(cls, document, **values):
        return document.receipt_ids.filtered(lambda receipt: all(
            receipt[name] == value for name, value in values.items()))


@tagged('post_install', '-at_install')
class TestSharedDocument(DocumentCommon):

    def _seen(self, document, user=None):
        return bool(document.with_user(user or self.ann).search([('id', '=', document.id)]))

    def _readers(self, document):
        """Return who sees it, by the rules and by the list of recipients: they must agree."""
        users = self.ann + self.ben + self.bea
        seen = users.filtered(lambda user: self._seen(document, user))
        document.invalidate_recordset()
        self.assertEqual(
            document.unread_partner_ids & users.partner_id, seen.partner_id)
        return seen

    # Who sees it

    def test_customers_see_what_is_shared_with_them(self):
        self.assertEqual(self._readers(self._share(self.acorn)), self.ann + self.ben)
        self.assertEqual(self._readers(self._share(self.ben.partner_id)), self.ben)
        self.acorn.category_id = self.tag
        self.assertEqual(
            self._readers(self._share(category_ids=[Command.set(self.tag.ids)])),
            self.ann + self.ben)
        self.assertEqual(
            self._readers(self._share(audience='all')), self.ann + self.ben + self.bea)
        self.assertEqual(
            self._readers(self._share(self.birch, category_ids=[Command.set(self.tag.ids)])),
            self.ann + self.ben + self.bea)

    def test_document_is_seen_while_it_is_published_and_valid(self):
        document = self._share(self.acorn, publish=False)
        self.assertFalse(self._seen(document))
        document.action_publish()
        self.assertTrue(document.date_published)
        today = fields.Date.context_today(document)
        for start, end, seen in (
                (0, False, True), (0, 0, True), (1, False, False), (-9, -1, False)):
            with self.subTest(start=start, end=end):
                document.write({
                    'date_from': today + timedelta(days=start),
                    'date_to': end is not False and today + timedelta(days=end)})
                self.assertEqual(self._seen(document), seen)
        document.write({'date_from': today, 'date_to': False})
        document.action_withdraw()
        self.assertFalse(self._seen(document))

    def test_scope_and_rights_say_what_is_seen(self):
        company, own, everybody = (
            self._share(self.acorn), self._share(self.ann.partner_id), self._share(audience='all'))
        right = self.rights[self.ann.partner_id]
        right.scope = 'own'
        for document, seen in ((company, False), (own, True), (everybody, True)):
            self.assertEqual(self.ann in self._readers(document), seen)
        right.write({
            f'can_{name}': False
            for name in ('view', 'buy', 'pay', 'request', 'technical', 'administer')})
        for document in (company, own, everybody):
            self.assertNotIn(self.ann, self._readers(document))

    def test_group_sees_documents_of_its_companies(self):
        self.acorn.parent_id = self.birch
        document = self._share(self.acorn)
        self.assertTrue(self._seen(document, self.bea))

    def test_documents_of_another_company_are_not_seen(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        document = self._share(self.acorn, company_id=other.id)
        self.assertFalse(self._readers(document))
        document.company_id = False
        self.assertEqual(self._readers(document), self.ann + self.ben)

    def test_customers_read_neither_file_nor_recipients(self):
        document = self._share(self.acorn).with_user(self.ann)
        self.assertEqual(document.name, "Price List")
        for name in ('file', 'partner_ids', 'category_ids', 'receipt_ids', 'unread_partner_ids',
                     'recipient_count', 'user_id', 'audience'):
            with self.subTest(name=name), self.assertRaises(AccessError):
                document.read([name])
        for operation in ('write', 'create', 'unlink'):
            self.assertFalse(document.has_access(operation))
        self.assertFalse(self.env['crm.shared.document.receipt'].with_user(self.ann).has_access(
            'read'))

    def test_who_of_the_company_does_what(self):
        document = self._share(self.acorn)
        for user, rights in (
                (self.roles['service_representative'], [True, False, False]),
                (self.roles['order_manager'], [True, False, False]),
                (self.roles['marketing_manager'], [True, True, False]),
                (self.roles['account_representative'], [True, True, False]),
                (self.manager, [True, True, True])):
            with self.subTest(user=user.login):
                self.assertEqual(
                    [document.with_user(user).has_access(operation)
                     for operation in ('read', 'write', 'unlink')], rights)

    # Publishing

    def test_document_is_made_and_published_in_the_form(self):
        with Form(self.env['crm.shared.document'].with_user(self.manager)) as form:
            form.name = "Manual"
            form.type_id = self.type
            form.file = PDF
            form.partner_ids.add(self.acorn)
        document = form.record
        document.action_publish()
        self.assertEqual((document.state, document.user_id), ('published', self.manager))

    def test_document_for_nobody_is_not_published(self):
        document = self._share(publish=False)
        with self.assertRaisesRegex(ValidationError, "Price List is for nobody"):
            document.action_publish()

    def test_document_cannot_end_before_it_begins(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self._share(self.acorn, date_from='2026-05-05', date_to='2026-05-04')

    def test_expiring_documents_are_found(self):
        today = fields.Date.context_today(self.type)
        soon, later, never, over = (
            self._share(self.acorn, date_from='2020-01-01', date_to=end)
            for end in (today + timedelta(days=30), today + timedelta(days=31), False,
                        today - timedelta(days=1)))
        documents = soon | later | never | over
        self.assertEqual(documents.search(
            [('is_expiring', '=', True), ('id', 'in', documents.ids)]), soon)
        self.assertEqual(documents.filtered('is_expiring'), soon)
        self.assertEqual(documents.search(
            [('is_expiring', '=', False), ('id', 'in', documents.ids)]), documents - soon)

    # Who has read it

    def test_receipts_say_who_has_read_it_when_and_how_often(self):
        document = self._share(self.acorn)
        receipts = self.env['crm.shared.document.receipt']
        self.assertTrue(receipts._note_read(document, self.ann.partner_id))
        first = document.receipt_ids.date_first
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.assertFalse(receipts._note_read(document, self.ann.partner_id))
        receipt = document.receipt_ids
        self.assertEqual(
            (receipt.partner_id, receipt.commercial_partner_id, receipt.date_first,
             receipt.read_count), (self.ann.partner_id, self.acorn, first, 2))
        self.assertGreater(receipt.date_last, first)
        self.assertEqual((document.recipient_count, document.reader_count), (2, 1))
        self.assertEqual(document.unread_partner_ids, self.ben.partner_id)

    def test_documents_are_found_by_who_has_not_read_them(self):
        read, unread, foreign = (
            self._share(self.acorn), self._share(self.acorn), self._share(self.birch))
        self.env['crm.shared.document.receipt']._note_read(read, self.ann.partner_id)
        documents = read | unread | foreign

        def found(partner):
            return documents.search([
                ('unread_partner_ids', 'in', partner.ids), ('id', 'in', documents.ids)])

        self.assertEqual(found(self.ann.partner_id), unread)
        self.assertEqual(found(self.acorn), read | unread)
        self.assertEqual(found(self.birch), foreign)

    def test_readers_of_many_documents_cost_as_many_queries_as_of_few(self):
        documents = self.env['crm.shared.document'].concat(*(
            self._share(self.acorn) for _number in range(50)))
        self._assert_flat(lambda some: some.mapped('reader_count'), documents)

    # By mail

    def _run(self, moment=DAY):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('crm_selfservice_portal.ir_cron_shared_document').method_direct_trigger()

    def _mails(self):
        return self.env['mail.mail'].sudo().search([('subject', '=', "Price List: Price List")])

    def _told(self, **values):
        return self._share(self.acorn, tell_by_mail=True, date_from='2026-05-01', **values)

    def test_recipients_are_told_once(self):
        document = self._told(description="All <b>prices</b>")
        self.assertTrue(document.mail_pending)
        self._run()
        self.assertFalse(document.mail_pending)
        self.assertEqual(
            self._mails().recipient_ids, (self.ann + self.ben).partner_id)
        self.assertIn("All &lt;b&gt;prices", self._mails()[0].body_html)
        self.assertEqual(len(self._receipts(document, read_count=0)), 2)
        document.partner_ids += self.birch
        document.action_tell()
        self._run()
        self.assertEqual(len(self._mails()), 3)
        self.assertEqual(
            self._mails().recipient_ids, (self.ann + self.ben + self.bea).partner_id)
        document.action_withdraw()
        document.action_publish()
        self._run()
        self.assertEqual(len(self._mails()), 3)

    def test_who_has_read_it_keeps_that_when_he_is_told(self):
        document = self._told()
        self.env['crm.shared.document.receipt']._note_read(document, self.ann.partner_id)
        self._run()
        receipt = self._receipts(document, partner_id=self.ann.partner_id)
        self.assertTrue(receipt.date_told and receipt.date_first)
        self.assertEqual(receipt.read_count, 1)

    def test_nobody_is_told_at_night_or_before_it_is_valid(self):
        self._told()
        self._run(NIGHT)
        self.assertFalse(self._mails())
        self._run()
        self.assertEqual(len(self._mails()), 2)
        later = self._told(name="Price List")
        later.date_from = date(2026, 6, 1)
        self._run()
        self.assertEqual(len(self._mails()), 2)
        self.assertTrue(later.mail_pending)

    def test_nobody_is_told_unless_wanted(self):
        document = self._share(self.acorn, date_from='2026-05-01')
        self._run()
        self.assertFalse(self._mails())
        document.action_tell()
        self._run()
        self.assertEqual(len(self._mails()), 2)

    def test_nobody_is_told_of_a_draft(self):
        with self.assertRaisesRegex(UserError, "Price List: publish it"):
            self._share(self.acorn, publish=False).action_tell()

    def test_contact_without_an_address_is_passed_over(self):
        self.ann.partner_id.email = False
        document = self._told()
        self._run()
        self.assertEqual(self._mails().recipient_ids, self.ben.partner_id)
        self.assertFalse(document.mail_pending)

    def test_customers_do_not_read_the_mails_of_others(self):
        document = self._share(audience='all', tell_by_mail=True, date_from='2026-05-01')
        document.message_post(body="Margins are thin", subtype_xmlid='mail.mt_note')
        self._run()
        messages = self.env['mail.message'].with_user(self.ann).search([
            ('model', 'in', ['crm.shared.document', 'crm.shared.document.receipt'])])
        self.assertFalse(messages)
