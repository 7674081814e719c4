import io

import openpyxl

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_selfservice_portal.controllers import portal_statement
from odoo.addons.crm_selfservice_portal.models import crm_statement

from .common import SelfServiceCommon

PERIOD = 'date_from=2026-01-01&date_to=2026-03-31'


@tagged('post_install', '-at_install')
class TestStatementPortal(SelfServiceCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls._bill(123.45, '2026-01-10', ref="PO 4711")
        cls.theirs = cls._bill(67.89, '2026-01-11', partner=cls.birch, ref="PO 0815")
        cls.subsidiary = cls._create_customer("Acorn Timber", parent_id=cls.acorn.id)
        cls.notes = cls.env['crm.statement']

    def _open(self, user, path, **values):
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(path, **values)

    def _send(self, user, csrf=True, **values):
        """Ask for the statement to be sent, as the form of the page does."""
        self.authenticate(user.login, user.login)
        if csrf:
            page = self.url_open(f'/my/statement?{PERIOD}').text
            values['csrf_token'] = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open('/my/statement/send', data={
            'date_from': '2026-01-01', 'date_to': '2026-03-31', **values})

    def _count(self):
        return self.notes.search_count([])

    def test_each_sees_the_statement_of_his_company_and_no_other(self):
        for user in (self.ann, self.ben):
            with self.subTest(user=user.login):
                page = self._open(user, f'/my/statement?{PERIOD}').text
                self.assertIn(self.bill.name, page)
                self.assertIn("123.45", page)
                for word in ("PO 0815", "67.89", "Birch", self.bea.email):
                    self.assertNotIn(word, page)
        page = self._open(self.bea, f'/my/statement?{PERIOD}').text
        self.assertIn("67.89", page)
        self.assertNotIn("123.45", page)

    def test_who_may_open_which_page(self):
        customer = f'customer={self.acorn.id}&{PERIOD}'
        expected = {
            # None is sent to the page to sign in
            None: 303, self.ann: 200, self.ben: 200, self.bea: 404,
            self.roles['service_representative']: 404,
        }
        for path in ('/my/statement', '/my/statement/pdf', '/my/statement/xlsx'):
            for user, status in expected.items():
                with self.subTest(path=path, user=user and user.login):
                    response = self._open(user, f'{path}?{customer}', allow_redirects=False)
                    self.assertEqual(response.status_code, status)

    def test_guessed_and_broken_addresses_are_harmless(self):
        today = self._open(self.ann, '/my/statement')
        self.assertEqual(today.status_code, 200)
        for query in ('date_from=x&date_to=2026-99-99', 'account=1-99999', "account=';--",
                      'date_from=2026-03-31&date_to=2026-01-01', 'page=x'):
            with self.subTest(query=query):
                self.assertEqual(self.url_open(f'/my/statement?{query}').status_code, 200)
        self.assertEqual(self.url_open('/my/statement/page/99999999').status_code, 200)
        for customer in ('999999999', "1' OR '1'='1", '<b>'):
            with self.subTest(customer=customer):
                self.assertEqual(
                    self.url_open(f'/my/statement?customer={customer}').status_code, 404)

    def test_companies_below_his_can_be_chosen(self):
        self._bill(31.41, '2026-01-12', partner=self.subsidiary)
        page = self._open(
            self.ann, f'/my/statement?customer={self.subsidiary.id}&{PERIOD}').text
        self.assertIn("31.41", page)
        self.assertNotIn("123.45", page)

    def test_company_below_does_not_see_the_one_above(self):
        user = self._create_portal_user('tim', self.subsidiary)
        response = self._open(user, f'/my/statement?customer={self.acorn.id}')
        self.assertEqual(response.status_code, 404)

    def test_company_of_which_the_user_is_none_is_not_told(self):
        other = self.setup_other_company()['company']
        self.env['account.move'].with_company(other).create({
            'move_type': 'out_invoice', 'partner_id': self.acorn.id, 'company_id': other.id,
            'invoice_date': '2026-01-11',
            'invoice_line_ids': [Command.create({
                'name': "Work Bench", 'price_unit': 27.18, 'tax_ids': [Command.clear()]})],
        }).action_post()
        page = self._open(
            self.ann, f'/my/statement?account={other.id}-{other.currency_id.id}&{PERIOD}').text
        self.assertNotIn("27.18", page)
        self.assertIn("123.45", page)

    def test_looking_writes_nothing_and_taking_is_noted(self):
        before = self._count()
        self._open(self.ann, f'/my/statement?{PERIOD}')
        self.assertEqual(self._count(), before)
        self.url_open(f'/my/statement/pdf?{PERIOD}')
        self.url_open(f'/my/statement/xlsx?{PERIOD}')
        notes = self.notes.search([], limit=2)
        self.assertEqual(notes.mapped('output'), ['xlsx', 'pdf'])
        self.assertEqual(notes.create_uid, self.ann)
        self.assertEqual(notes.partner_id, self.acorn)

    def test_workbook_is_the_page(self):
        book = openpyxl.load_workbook(io.BytesIO(
            self._open(self.ann, f'/my/statement/xlsx?{PERIOD}').content))
        self.assertEqual(book.worksheets[0]['G5'].value, 123.45)

    def test_statement_is_sent_to_a_colleague(self):
        page = self._send(self.ann, recipient=str(self.ben.partner_id.id)).text
        self.assertIn("on its way to", page)
        mail = self.env['mail.mail'].search([('model', '=', 'crm.statement')])
        self.assertEqual(mail.recipient_ids, self.ben.partner_id)

    def test_statement_is_sent_to_nobody_else(self):
        for recipient in (str(self.bea.partner_id.id), '0', 'bea@example.com', ''):
            with self.subTest(recipient=recipient):
                self.assertIn(
                    "only be sent to a contact", self._send(self.ann, recipient=recipient).text)
        self.assertFalse(self.env['mail.mail'].search([('model', '=', 'crm.statement')]))

    def test_statement_of_others_is_not_sent(self):
        response = self._send(
            self.bea, recipient=str(self.bea.partner_id.id), customer=str(self.acorn.id))
        self.assertEqual(response.status_code, 404)

    def test_sending_needs_the_token_of_the_page_and_the_right_method(self):
        response = self._send(self.ann, csrf=False, recipient=str(self.ben.partner_id.id))
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.url_open('/my/statement/send').status_code, 405)

    def test_nobody_is_flooded(self):
        self.patch(portal_statement, 'MAILS_PER_HOUR', 2)
        recipient = str(self.ben.partner_id.id)
        self._send(self.ann, recipient=recipient)
        self._send(self.ben, recipient=recipient)
        self.assertIn("Many statements", self._send(self.ann, recipient=recipient).text)
        self.assertEqual(
            self.env['mail.mail'].search_count([('model', '=', 'crm.statement')]), 2)

    def test_long_statement_is_offered_as_a_workbook(self):
        self.patch(portal_statement, 'PRINTED_ENTRIES', 0)
        page = self._open(self.ann, f'/my/statement?{PERIOD}').text
        self.assertIn("too long for a PDF", page)
        self.assertNotIn('/my/statement/pdf', page)

    def test_long_statement_is_not_printed_by_its_address_either(self):
        self.patch(crm_statement, 'PRINTED_ENTRIES', 0)
        page = self._open(self.ann, f'/my/statement/pdf?{PERIOD}', allow_redirects=False)
        self.assertIn('refused=length', page.headers['Location'])

    def test_workbook_of_an_employee_is_not_for_customers(self):
        statement = self._statement('2026-01-01', '2026-03-31')
        path = f'/crm_selfservice_portal/statement/{statement.id}/xlsx'
        for user, status in (
                (self.roles['service_representative'], 200),
                (self.roles['account_representative'], 200),
                (self.colleague, 404), (self.ann, 404), (None, 303)):
            with self.subTest(user=user and user.login):
                self.assertEqual(
                    self._open(user, path, allow_redirects=False).status_code, status)

    def test_page_of_many_documents_costs_as_many_queries_as_of_few(self):
        def queries():
            return self._count_statements(self._open, self.ann, f'/my/statement?{PERIOD}')

        few = queries()
        for _number in range(20):
            self._bill(1, '2026-02-01')
        self.assertLessEqual(queries(), few)
