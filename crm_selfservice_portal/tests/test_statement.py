import io

import openpyxl
import xlsxwriter
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_roles.tests.mixins import RulesMixin
from odoo.addons.crm_selfservice_portal.controllers.statement_workbook import write_statement
from odoo.addons.crm_selfservice_portal.ledger import Totals
from odoo.addons.crm_selfservice_portal.models import crm_statement

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestStatement(RulesMixin, SelfServiceCommon):

    def test_balance_runs_from_opening_to_closing(self):
        self._bill(50, '2025-12-20')
        bill = self._bill(100, '2026-01-10')
        self._credit(30, '2026-01-20')
        self._pay(bill, '2026-02-01', amount=60)
        self._bill(7, '2026-04-01')

        ledger = self._ledger('2026-01-01', '2026-03-31')

        self.assertEqual(self._rows(ledger), [
            ('2026-01-10', 'bill', 100, 150),
            ('2026-01-20', 'credit_note', -30, 120),
            ('2026-02-01', 'payment', -60, 60)])
        self.assertEqual(ledger.totals(), Totals(50, 100, -90, 60, 3))

    def test_page_goes_on_with_the_balance_of_the_page_before(self):
        for day in range(1, 6):
            self._bill(10, f'2026-01-0{day}')
        ledger = self._ledger('2026-01-01', '2026-01-31')
        self.assertEqual(
            [entry.balance for entry in ledger.entries(limit=2, offset=2)], [30, 40])

    def test_what_settled_a_document_is_named(self):
        bill = self._bill(100, '2026-01-10')
        payment = self._pay(bill, '2026-02-01', amount=60)
        ledger = self._ledger('2026-01-01', '2026-03-31')
        allocations = ledger.allocations(ledger.entries())
        self.assertEqual(
            [(found.name, found.amount) for found in allocations[bill.id]],
            [(payment.move_id.name, 60)])
        self.assertEqual(
            [(found.name, found.amount) for found in allocations[payment.move_id.id]],
            [(bill.name, 60)])

    def test_past_period_knows_nothing_of_later_payments(self):
        bill = self._bill(100, '2026-01-10', due='2026-01-20')
        self._pay(bill, '2026-03-01')
        ledger = self._ledger('2026-01-01', '2026-02-28')
        self.assertEqual(ledger.totals().closing, 100)
        self.assertEqual(ledger.ageing()['days_60'], 100)
        self.assertFalse(ledger.allocations(ledger.entries()))

    def test_ages_begin_the_day_after_the_due_date(self):
        for due in ('2026-06-30', '2026-06-29', '2026-05-31', '2026-05-30', '2026-05-01',
                    '2026-04-30', '2026-04-01', '2026-03-31'):
            self._bill(1, '2026-01-01', due=due)
        ageing = self._ledger('2026-01-01', '2026-06-30').ageing()
        self.assertEqual(ageing, {
            'not_due': 1, 'days_30': 2, 'days_60': 2, 'days_90': 2, 'older': 1, 'credit': 0})

    def test_what_is_not_used_yet_is_apart_and_all_make_up_the_balance(self):
        self._bill(100, '2026-01-10')
        self._credit(30, '2026-01-20')
        ledger = self._ledger('2026-01-01', '2026-01-31')
        self.assertEqual(ledger.ageing()['credit'], -30)
        self.assertEqual(sum(ledger.ageing().values()), ledger.totals().closing)

    def test_instalments_of_a_bill_are_one_entry_and_age_by_themselves(self):
        term = self.env['account.payment.term'].create({
            'name': "Two Parts",
            'line_ids': [
                Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 0}),
                Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 60})]})
        self._bill(100, '2026-01-01', invoice_payment_term_id=term.id)
        ledger = self._ledger('2026-01-01', '2026-01-20')
        self.assertEqual(self._rows(ledger), [('2026-01-01', 'bill', 100, 100)])
        self.assertEqual(ledger.ageing()['days_30'], 50)
        self.assertEqual(ledger.ageing()['not_due'], 50)

    def test_each_currency_is_an_account(self):
        euro = self.env.ref('base.EUR')
        euro.active = True
        self._bill(100, '2026-01-10')
        self._bill(40, '2026-01-11', currency_id=euro.id)
        self.assertEqual(
            self.acorn._accounts(self.company),
            [(self.company, euro), (self.company, self.company.currency_id)])
        self.assertEqual(
            self._ledger('2026-01-01', '2026-01-31', currency=euro).totals().closing, 40)
        self.assertEqual(self._ledger('2026-01-01', '2026-01-31').totals().closing, 100)

    def test_payment_in_another_currency_settles_both_accounts(self):
        euro = self.env.ref('base.EUR')
        euro.active = True
        self.env['res.currency.rate'].create({
            'name': '2026-01-01', 'rate': 0.5, 'currency_id': euro.id,
            'company_id': self.company.id})
        bill = self._bill(40, '2026-01-10', currency_id=euro.id)
        payment = self._pay(bill, '2026-01-20', currency_id=self.company.currency_id.id)
        self.assertEqual(payment.amount, 80)

        ledger = self._ledger('2026-01-01', '2026-01-31', currency=euro)
        self.assertEqual(self._rows(ledger), [
            ('2026-01-10', 'bill', 40, 40), ('2026-01-20', 'settled', -40, 0)])
        self.assertEqual(ledger.entries()[1].other_name, payment.move_id.name)
        self.assertEqual(self._rows(self._ledger('2026-01-01', '2026-01-31')), [
            ('2026-01-20', 'payment', -80, -80), ('2026-01-20', 'settled', 80, 0)])

    def test_document_of_another_customer_is_not_named(self):
        theirs = self._bill(25, '2026-01-10', partner=self.birch)
        credit = self._credit(25, '2026-01-12')
        (theirs.line_ids + credit.line_ids).filtered(
            lambda line: line.account_id.account_type == 'asset_receivable').reconcile()
        ledger = self._ledger('2026-01-01', '2026-01-31')
        self.assertEqual(ledger.totals().closing, 0)
        self.assertEqual(ledger.entries()[1].kind, 'settled')
        self.assertIsNone(ledger.entries()[1].other_name)
        self.assertFalse(ledger.allocations(ledger.entries()))

    def test_contacts_count_and_others_and_drafts_do_not(self):
        self._bill(1, '2026-01-10', partner=self.ann.partner_id)
        self._bill(2, '2026-01-10', partner=self.birch)
        self._bill(4, '2026-01-10', post=False)
        self._bill(8, '2026-01-10', post=False).button_cancel()
        self.assertEqual(self._ledger('2026-01-01', '2026-01-31').totals().closing, 1)

    def test_each_company_has_its_own_account(self):
        other = self.setup_other_company()['company']
        self._bill(1, '2026-01-10')
        bill = self.env['account.move'].with_company(other).create({
            'move_type': 'out_invoice', 'partner_id': self.acorn.id, 'company_id': other.id,
            'invoice_date': '2026-01-11',
            'invoice_line_ids': [Command.create({
                'name': "Work Bench", 'price_unit': 2, 'tax_ids': [Command.clear()]})]})
        bill.action_post()
        self.assertEqual(self._ledger('2026-01-01', '2026-01-31').totals().closing, 1)
        self.assertEqual(
            self._ledger('2026-01-01', '2026-01-31', company=other,
                         currency=bill.currency_id).totals().closing, 2)
        self.assertEqual(
            self.acorn._accounts(self.company), [(self.company, self.company.currency_id)])

    def test_notes_of_accounting_are_not_told(self):
        receivable = self.company_data['default_account_receivable']
        self.env['account.move'].create({
            'move_type': 'entry', 'date': '2026-01-10', 'ref': "does not pay, give up",
            'line_ids': [
                Command.create({
                    'account_id': receivable.id, 'partner_id': self.acorn.id, 'credit': 5}),
                Command.create({
                    'account_id': self.company_data['default_account_expense'].id, 'debit': 5})],
        }).action_post()
        entry, = self._ledger('2026-01-01', '2026-01-31').entries()
        self.assertEqual((entry.kind, entry.ref, entry.amount), ('correction', None, -5))

    def test_statement_of_fifty_documents_costs_as_many_queries_as_of_five(self):
        statement = self._statement('2026-01-01', '2026-12-31')

        def tell():
            ledger = statement._ledger()
            entries = ledger.entries()
            ledger.totals()
            ledger.allocations(entries)
            ledger.ageing()
            return len(entries)

        for _number in range(5):
            self._bill(1, '2026-01-10')
        self.assertEqual(tell(), 5)
        few = self._count_statements(tell)
        for _number in range(45):
            self._bill(1, '2026-01-11')
        self.assertEqual(tell(), 50)
        self.assertEqual(self._count_statements(tell), few)

    # Rights

    def test_whoever_reads_all_bills_has_the_statement(self):
        self._bill(100, '2026-01-10')
        for role in ('service_representative', 'order_manager', 'account_representative'):
            with self.subTest(role=role):
                statement = self._statement('2026-01-01', '2026-01-31').with_user(
                    self.roles[role])
                self.assertEqual(statement._ledger().totals().closing, 100)

    def test_whoever_misses_a_bill_has_no_statement(self):
        self._bill(100, '2026-01-10')
        statement = self._statement('2026-01-01', '2026-01-31')
        for user in (self.colleague, self.ann, self.bea):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                statement.with_user(user)._ledger()

    def test_whoever_misses_one_bill_of_many_has_no_statement(self):
        hidden, _seen = self._bill(100, '2026-01-10'), self._bill(50, '2026-01-11')
        reader = self.roles['service_representative']
        period = {'date_from': '2026-01-01', 'date_to': '2026-01-31'}
        statement = self.env['crm.statement'].with_user(reader).create(
            {'partner_id': self.acorn.id, 'recipient_id': self.ben.partner_id.id, **period})
        self._hide(hidden)
        for act in (
                statement._ledger, statement.action_show, statement.action_print,
                statement.action_export, statement.action_send,
                lambda: statement.create({'partner_id': self.acorn.id, **period})):
            with self.assertRaisesRegex(AccessError, "may not read all bills of Acorn Joinery"):
                act()
        self.assertFalse(statement.output)

    def test_customer_of_another_company_has_no_statement_here(self):
        reader = self.roles['service_representative']
        elsewhere = self._create_customer(
            "Quayside", company_id=self.env['res.company'].create({'name': "Quayside Ltd"}).id)
        with self.assertRaises(AccessError):
            self.env['crm.statement'].with_user(reader).create({
                'partner_id': elsewhere.id, 'date_from': '2026-01-01', 'date_to': '2026-01-31'})

    def test_customer_without_bills_is_for_those_who_would_read_them(self):
        statement = self._statement('2026-01-01', '2026-01-31')
        self.assertEqual(
            statement.with_user(self.roles['account_representative'])._ledger().totals().count, 0)
        with self.assertRaises(AccessError):
            statement.with_user(self.colleague)._ledger()

    def test_note_of_a_statement_cannot_be_made_for_others_changed_or_removed(self):
        self._bill(100, '2026-01-10')
        with self.assertRaises(AccessError):
            self.env['crm.statement'].with_user(self.colleague).create({
                'partner_id': self.acorn.id, 'date_from': '2026-01-01', 'date_to': '2026-01-31'})
        statement = self._statement('2026-01-01', '2026-01-31').with_user(
            self.roles['service_representative'])
        with self.assertRaises(AccessError):
            statement.output = 'mail'
        with self.assertRaises(AccessError):
            statement.unlink()

    def test_user_of_the_portal_reads_no_notes(self):
        statement = self._statement('2026-01-01', '2026-01-31')
        with self.assertRaises(AccessError):
            statement.with_user(self.ann).read(['date_from'])

    # What is given

    def test_each_statement_that_is_given_is_noted(self):
        reader = self.roles['service_representative']
        action = self.acorn.with_user(reader).action_statement()
        statement = self.env['crm.statement'].with_user(reader).with_context(
            **action['context']).create({})
        statement.action_show()
        statement.action_export()
        notes = self.env['crm.statement'].search([('partner_id', '=', self.acorn.id)])
        self.assertEqual(notes.mapped('output'), ['xlsx', 'screen'])
        self.assertEqual(notes.create_uid, reader)

    def test_statement_goes_to_the_chosen_contact(self):
        self._bill(100, '2026-01-10')
        reader = self.roles['service_representative']
        statement = self.env['crm.statement'].with_user(reader).create({
            'partner_id': self.acorn.id, 'recipient_id': self.ben.partner_id.id,
            'date_from': '2026-01-01', 'date_to': '2026-01-31'})
        statement.action_send()
        mail = self.env['mail.mail'].search([('model', '=', 'crm.statement')])
        self.assertEqual(mail.recipient_ids, self.ben.partner_id)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertIn("Acorn Joinery", mail.attachment_ids.name)

    def test_statement_goes_to_nobody_else(self):
        with self.assertRaises(ValidationError):
            self._statement(
                '2026-01-01', '2026-01-31', recipient_id=self.bea.partner_id.id)
        with self.assertRaises(UserError):
            self._statement('2026-01-01', '2026-01-31').action_send()

    def test_addresses_for_deliveries_are_no_recipients(self):
        self.env['res.partner'].create({
            'name': "Yard", 'type': 'delivery', 'parent_id': self.acorn.id,
            'email': 'yard@example.com'})
        self.assertEqual(
            self.acorn._statement_recipients(),
            self.acorn | self.ann.partner_id | self.ben.partner_id)

    @mute_logger('odoo.sql_db')
    def test_period_does_not_end_before_it_starts(self):
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self._statement('2026-02-01', '2026-01-31')

    def test_too_long_statement_is_not_printed(self):
        self._bill(1, '2026-01-10')
        self._bill(1, '2026-01-10')
        statement = self._statement(
            '2026-01-01', '2026-01-31', recipient_id=self.ben.partner_id.id)
        self.patch(crm_statement, 'PRINTED_ENTRIES', 2)
        statement.action_print()
        self.patch(crm_statement, 'PRINTED_ENTRIES', 1)
        for act in (statement.action_print, statement.action_send):
            with self.assertRaisesRegex(UserError, "Take the workbook"):
                act()
        self.assertEqual(statement.output, 'pdf')
        self.assertTrue(statement.action_export())

    def test_paper_says_what_the_ledger_says(self):
        bill = self._bill(100, '2026-01-10', ref="PO 4711")
        self._pay(bill, '2026-01-20', amount=60)
        statement = self._statement('2026-01-01', '2026-01-31')
        html = self.env['ir.actions.report']._render_qweb_html(
            'crm_selfservice_portal.crm_statement_report_action', statement.ids)[0].decode()
        for words in (bill.name, "PO 4711", "Acorn Joinery", "60.00", "40.00", "settled with"):
            self.assertIn(words, html)

    def test_workbook_says_what_the_ledger_says(self):
        self._bill(100, '2026-01-10', due='2026-01-15', ref='=1+1')
        self._credit(30, '2026-01-20')
        statement = self._statement('2026-01-01', '2026-01-31')
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {'in_memory': True}) as book:
            write_statement(book, statement)
        entries, ageing = openpyxl.load_workbook(stream).worksheets
        rows = list(entries.iter_rows(min_row=4, values_only=True))
        self.assertEqual([row[6] for row in rows], [0, 100, 70, 70])
        self.assertEqual(rows[1][3], '=1+1')
        self.assertEqual(entries['D5'].data_type, 's')
        self.assertEqual([cell.value for cell in ageing['B']], [0, 100, 0, 0, 0, -30, 70])
