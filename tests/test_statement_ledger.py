"""Whatever is billed, credited and paid, the statement is the ledger, to the cent."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_roles.tests.mixins import BooksMixin
from odoo.addons.crm_selfservice_portal.ledger import AGES, Ledger, accounts

START = date(2026, 1, 1)
DAYS = 150


@tagged('post_install', '-at_install')
class TestStatementLedger(BooksMixin, AccountTestInvoicingCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()
        cls.companies = cls.env.company | cls.other['company']
        cls.currencies = cls.env.ref('base.EUR') | cls.env.ref('base.JPY') | cls.env.ref(
            'base.USD')
        cls.currencies.active = True
        cls.env['res.currency.rate'].create([
            {'name': START + timedelta(days=30 * month), 'currency_id': currency.id,
             'rate': rate + month * step, 'company_id': company.id}
            for company in cls.companies for month in range(6)
            for currency, rate, step in (
                (cls.env.ref('base.EUR'), 0.83, 0.0173), (cls.env.ref('base.JPY'), 151.37, 1.91))
            if currency != company.currency_id])

    def test_statement_is_the_ledger(self):
        for seed in range(3):
            with self.subTest(seed=seed):
                random = Random(seed)
                customers = self._create_customers(seed)
                for _step in range(28):
                    self._let_happen(random, customers)
                self._check_all(random, customers)

    def _create_customers(self, seed):
        """Return two customers and a company below one of them, each with its contacts."""
        partners = self.env['res.partner']
        first, second = partners.create([
            {'name': f"Acorn {seed}", 'is_company': True},
            {'name': f"Birch {seed}", 'is_company': True}])
        below = partners.create(
            {'name': f"Twig {seed}", 'is_company': True, 'parent_id': first.id})
        contacts = partners.create([
            {'name': f"Contact {number}", 'parent_id': parent.id, 'type': kind}
            for parent in (first, second, below)
            for number, kind in enumerate(('contact', 'invoice'))])
        return (first | second | below | contacts)

    def _let_happen(self, random, customers):
        happen = random.choice([
            self._bill, self._bill, self._bill, self._credit, self._pay, self._pay, self._pay,
            self._pay_in_advance, self._write_off, self._cancel, self._draft])
        happen(random, customers, random.choice(self.companies))

    def _day(self, random):
        return START + timedelta(days=random.randrange(DAYS))

    def _bill(self, random, customers, company, kind='out_invoice', post=True):
        bill = self.env['account.move'].with_company(company).create({
            'move_type': kind,
            'partner_id': random.choice(customers).id,
            'company_id': company.id,
            'currency_id': random.choice(self.currencies).id,
            'invoice_date': self._day(random),
            'invoice_payment_term_id': random.choice([
                False, self.env.ref('account.account_payment_term_30days').id,
                self.env.ref('account.account_payment_term_advance_60days').id]),
            'invoice_line_ids': [Command.create({
                'name': "Bench", 'price_unit': random.randrange(1, 99999) / 100,
                'tax_ids': [Command.clear()]}) for _line in range(random.randrange(1, 3))],
        })
        if post:
            bill.action_post()

    def _credit(self, random, customers, company):
        self._bill(random, customers, company, kind='out_refund')

    def _draft(self, random, customers, company):
        self._bill(random, customers, company, post=False)

    def _open_bills(self, customers, company):
        return self.env['account.move'].search([
            ('commercial_partner_id', 'in', customers.ids), ('company_id', '=', company.id),
            ('state', '=', 'posted'), ('payment_state', 'in', ('not_paid', 'partial')),
            ('move_type', 'in', ('out_invoice', 'out_refund'))], order='id')

    def _pay(self, random, customers, company):
        """Pay a bill in full or in part, in its currency or in another, or more than it is."""
        bills = self._open_bills(customers, company)
        if not bills:
            return
        bill = random.choice(bills)
        wizard = self.env['account.payment.register'].with_company(company).with_context(
            active_model='account.move', active_ids=bill.ids).create({
                'payment_date': self._day(random),
                'currency_id': random.choice([bill.currency_id, *self.currencies]).id})
        share = random.choice([1, 1, 0.37, 1.21])
        wizard.amount = wizard.currency_id.round(wizard.amount * share) or wizard.amount
        if wizard.payment_difference and random.random() < 0.3:
            wizard.payment_difference_handling = 'reconcile'
            wizard.writeoff_account_id = self._expense(company)
        wizard._create_payments()

    def _pay_in_advance(self, random, customers, company):
        """Take money without a bill, and use it for one now or later."""
        payment = self.env['account.payment'].with_company(company).create({
            'payment_type': random.choice(['inbound', 'inbound', 'outbound']),
            'partner_type': 'customer',
            'partner_id': random.choice(customers).id,
            'company_id': company.id,
            'date': self._day(random),
            'amount': random.randrange(1, 60000) / 100,
            'currency_id': random.choice(self.currencies).id,
        })
        payment.action_post()
        lines = payment.move_id.line_ids.filtered(self._is_receivable)
        bills = self._open_bills(customers, company)
        if bills and random.random() < 0.6:
            # Now and then of another customer
            lines |= random.choice(bills).line_ids.filtered(self._is_receivable)
            lines.filtered(lambda line: not line.reconciled).reconcile()

    def _write_off(self, random, customers, company):
        bills = self._open_bills(customers, company)
        if not bills:
            return
        line = random.choice(random.choice(bills).line_ids.filtered(
            lambda line: self._is_receivable(line) and not line.reconciled))
        move = self.env['account.move'].with_company(company).create({
            'move_type': 'entry', 'date': self._day(random), 'company_id': company.id,
            'line_ids': [
                Command.create({
                    'account_id': line.account_id.id, 'partner_id': line.partner_id.id,
                    'currency_id': line.currency_id.id, 'balance': -line.amount_residual,
                    'amount_currency': -line.amount_residual_currency}),
                Command.create({
                    'account_id': self._expense(company).id, 'balance': line.amount_residual,
                    'currency_id': line.currency_id.id,
                    'amount_currency': line.amount_residual_currency})]})
        move.action_post()
        (line | move.line_ids.filtered(self._is_receivable)).reconcile()

    def _cancel(self, random, customers, company):
        """Take back a bill and what was matched with it."""
        bills = self._open_bills(customers, company)
        if bills:
            bill = random.choice(bills)
            bill.button_draft()
            bill.button_cancel()

    def _expense(self, company):
        data = self.company_data if company == self.env.company else self.other
        return data['default_account_expense']

    def _is_receivable(self, line):
        return line.account_id.account_type == 'asset_receivable'

    # The ledger, by brute force

    def _lines(self, customer, company, currency):
        return self.env['account.move.line'].search([
            ('company_id', '=', company.id), ('parent_state', '=', 'posted')]).filtered(
            lambda line: self._is_receivable(line) and line.currency_id == currency
            and line.partner_id.commercial_partner_id == customer)

    def _residual(self, line, day):
        """Return what was open of a line on a day."""
        residual = line.amount_currency
        for partial in line.matched_credit_ids:
            if max(line.date, partial.credit_move_id.date) <= day:
                residual -= partial.debit_amount_currency
        for partial in line.matched_debit_ids:
            if max(line.date, partial.debit_move_id.date) <= day:
                residual += partial.credit_amount_currency
        return line.currency_id.round(residual)

    def _age(self, residual, due, day):
        days = (day - due).days
        if residual < 0:
            return 'credit'
        return AGES[0 if days <= 0 else min((days - 1) // 30 + 1, 4)]

    def _check_all(self, random, customers):
        for customer in customers.commercial_partner_id:
            found = set(accounts(customer, self.companies))
            for company in self.companies:
                for currency in self.currencies:
                    lines = self._lines(customer, company, currency)
                    self.assertEqual((company, currency) in found, bool(lines))
                    self._check_today(customer, company, currency, lines)
                    for _period in range(3):
                        days = sorted([self._day(random), self._day(random)])
                        self._check_period(customer, company, currency, lines, *days)

    def _check_today(self, customer, company, currency, lines):
        """Once everything has happened, what is open is what Odoo says is open."""
        ledger = Ledger(customer, company, currency, START, date(2027, 12, 31))
        self.assertAlmostEqual(
            ledger.totals().closing, sum(lines.mapped('amount_residual_currency')), 2)

    def _check_period(self, customer, company, currency, lines, start, end):
        ledger = Ledger(customer, company, currency, start, end)
        totals, entries, ageing = ledger.totals(), ledger.entries(), ledger.ageing()

        def balance(day):
            return sum(self._residual(line, day) for line in lines if line.date <= day)

        before = start - timedelta(days=1)
        self.assertAlmostEqual(totals.opening, balance(before), 2)
        self.assertAlmostEqual(totals.closing, balance(end), 2)
        self.assertAlmostEqual(totals.billed + totals.settled, balance(end) - balance(before), 2)
        self.assertEqual(totals.count, len(entries))
        running = totals.opening
        for entry in entries:
            running += entry.amount
            self.assertAlmostEqual(entry.balance, running, 2)
            self.assertTrue(start <= entry.date <= end)
        self.assertAlmostEqual(running, totals.closing, 2)
        # Every document of the customer is there, and nothing else is
        self.assertLessEqual(
            {line.move_id.id for line in lines
             if start <= line.date <= end and line.move_id.move_type != 'entry'},
            {entry.move_id for entry in entries})
        self.assertLessEqual({entry.move_id for entry in entries}, set(lines.move_id.ids))
        expected = defaultdict(float)
        for line in lines.filtered(lambda line: line.date <= end):
            residual = self._residual(line, end)
            expected[self._age(residual, line.date_maturity or line.date, end)] += residual
        for age in AGES:
            self.assertAlmostEqual(ageing[age], expected[age], 2)
        self.assertAlmostEqual(sum(ageing.values()), totals.closing, 2)
