"""Rules that make requests, compared with a slow evaluation in Python on random accounts."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_service_requests.tests.common_rule import RuleCommon

TODAY = date(2026, 3, 10)
ZONE = 'Pacific/Auckland'


@tagged('post_install', '-at_install')
class TestRequestRules(RuleCommon):
    """Customers with contacts, refunds, part payments, currencies and two companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time('2026-03-10 09:00:00'))
        cls.env.company.partner_id.tz = ZONE
        cls.foreign = cls.env['res.currency'].create({
            'name': 'TWO', 'symbol': 'T', 'rounding': 0.01, 'rate_ids': [
                Command.create({'name': '2025-01-01', 'rate': 2.0})]})
        cls.product.invoice_policy = 'order'
        cls.term = cls.env['account.payment.term'].create({'name': "Two Halves", 'line_ids': [
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': days})
            for days in (0, 30)]})
        cls.pricelist_foreign = cls.env['product.pricelist'].create(
            {'name': "Foreign", 'currency_id': cls.foreign.id})
        cls._create_other_company()
        cls.random = random.Random(20260310)
        cls.customers = cls.env['res.partner'].browse()
        for number in range(24):
            cls.customers |= cls._create_random_customer(number)
        for customer in cls.customers:
            cls._create_random_account(customer)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _create_other_company(cls):
        cls.other = cls.env['res.company'].create({
            'name': "Other Ltd", 'currency_id': cls.env.company.currency_id.id})
        env = cls.env(context={**cls.env.context, 'allowed_company_ids': cls.other.ids})
        receivable, income = env['account.account'].create([
            {'name': "Customers", 'code': 'OTHREC', 'account_type': 'asset_receivable'},
            {'name': "Sales", 'code': 'OTHINC', 'account_type': 'income'}])
        cls.other_receivable = receivable
        cls.other_journal = env['account.journal'].create({
            'name': "Bills", 'code': 'OTHB', 'type': 'sale', 'default_account_id': income.id,
            'company_id': cls.other.id})

    @classmethod
    def _create_random_customer(cls, number):
        customer = cls.env['res.partner'].create({
            'name': f"Customer {number}", 'is_company': True, 'category_id': cls.mine.ids,
            'property_account_receivable_id': cls.receivable.id,
            'credit_limit': cls.random.choice([0, 200, 400]),
            'crm_request_quiet': not cls.random.randrange(8)})
        cls.env['res.partner'].create({
            'name': f"Contact {number}", 'parent_id': customer.id,
            'property_account_receivable_id': cls.receivable.id})
        customer.with_company(cls.other).property_account_receivable_id = cls.other_receivable
        return customer

    @classmethod
    def _day(cls, furthest=150, nearest=0):
        return TODAY - timedelta(days=cls.random.randint(nearest, furthest))

    @classmethod
    def _amount(cls):
        return cls.random.choice([20.0, 50.0, 75.5, 100.0, 180.25])

    @classmethod
    def _create_random_account(cls, customer):
        who = (customer, customer.child_ids[:1])
        for _number in range(cls.random.randint(0, 4)):
            cls._create_random_bill(cls.random.choice(who))
        for _number in range(cls.random.randint(0, 5)):
            cls._create_random_order(cls.random.choice(who))
        if cls.random.random() < 0.4:
            cls._credit(cls.random.choice(who), cls._amount(), cls._day())
        if cls.random.random() < 0.3:
            cls._create_bill(
                customer, company_id=cls.other.id, journal_id=cls.other_journal.id,
                invoice_date=cls._day(), invoice_date_due=cls._day(nearest=5))
        if cls.random.random() < 0.15:
            customer.active = False

    @classmethod
    def _create_random_bill(cls, partner):
        day = cls._day()
        values = {'currency_id': cls.foreign.id} if cls.random.random() < 0.25 else {}
        if cls.random.random() < 0.2:
            values['invoice_payment_term_id'] = cls.term.id
        bill = cls._bill(
            partner, cls._amount(), day, day + timedelta(days=cls.random.randint(0, 60)), **values)
        fate = cls.random.random()
        if fate < 0.2:
            cls._pay(bill, cls.random.choice([10.0, abs(bill.amount_total_signed)]), day)
        elif fate < 0.3:
            bill._reverse_moves(cancel=True)
        elif fate < 0.4:
            cls._bill(partner, cls._amount(), day, move_type='out_refund')
        elif fate < 0.5:
            bill.no_followup = True

    @classmethod
    def _create_random_order(cls, partner):
        order = cls._create_order(partner, order_line=[Command.create({
            'product_id': cls.product.id, 'price_unit': cls._amount(),
            'tax_ids': [Command.clear()]})], **(
                {'pricelist_id': cls.pricelist_foreign.id} if cls.random.random() < 0.2 else {}))
        if cls.random.random() < 0.25:
            order.validity_date = TODAY + timedelta(days=cls.random.randint(-5, 20))
            return
        # Handed over at once, where there are transfers.
        order.with_context(skip_procurement=True).action_confirm()
        order.date_order = datetime.combine(cls._day(), time(cls.random.randrange(24)))
        if cls.random.random() < 0.3:
            order.commitment_date = datetime.combine(cls._day(60), time(cls.random.randrange(24)))
        if cls.random.random() < 0.15:
            order._action_cancel()
        elif cls.random.random() < 0.4:
            bill = order._create_invoices()
            bill.write({'journal_id': cls.journal.id, 'invoice_date': cls._day(60)})
            bill.action_post()

    # What the rules say, and what is found by looking at every record

    def _said(self, rule):
        return {
            change['partner_id']: round(float(change['amount'] or 0), 2)
            for change in rule._changes()}

    def _expected(self, found, rule):
        """Return the amounts by customer, of those customers whom a rule may ask."""
        asked = self.env['res.partner'].search([('id', 'in', self.customers.ids)]).filtered(
            lambda customer: not customer.crm_request_quiet)
        return {
            customer.id: round(amount, 2) for customer, amount in found.items()
            if customer in asked}

    def _items(self):
        """Return the open items of the first company by customer."""
        items = defaultdict(list)
        for line in self.env['account.move.line'].search([
                ('company_id', '=', self.env.company.id), ('parent_state', '=', 'posted'),
                ('account_id.account_type', '=', 'asset_receivable')]):
            customer = line.partner_id.commercial_partner_id
            if customer in self.customers and line.amount_residual:
                items[customer].append(line)
        return items

    def _compare(self, found, kind, **values):
        rule = self._create_rule(kind, company_id=self.env.company.id, **values)
        expected = self._expected(found, rule)
        self.assertEqual(self._said(rule), expected)
        return expected

    def _local(self, moment):
        return moment.replace(tzinfo=ZoneInfo('UTC')).astimezone(ZoneInfo(ZONE)).date()

    def test_overdue(self):
        for days, amount in ((1, 0), (10, 0), (30, 60), (1, 150)):
            found = {}
            for customer, lines in self._items().items():
                due = [line for line in lines if line.amount_residual > 0
                       and not line.no_followup
                       and (TODAY - line.date_maturity).days >= days]
                total = sum(line.amount_residual for line in due)
                if due and total >= amount:
                    found[customer] = total
            with self.subTest(days=days, amount=amount):
                self.assertTrue(self._compare(found, 'overdue', days=days, amount=amount))

    def test_advance(self):
        for days, amount in ((0, 0), (30, 0), (10, 60)):
            found = {}
            for customer, lines in self._items().items():
                open_credit = -sum(
                    line.amount_residual for line in lines
                    if line.amount_residual < 0 and (TODAY - line.date).days >= days)
                if open_credit > 0 and open_credit >= amount:
                    found[customer] = open_credit
            with self.subTest(days=days, amount=amount):
                self.assertTrue(self._compare(found, 'advance', days=days, amount=amount))

    def test_balance(self):
        balances = {
            customer: sum(line.amount_residual for line in lines)
            for customer, lines in self._items().items()}
        for amount in (0, 100, -20):
            found = {
                customer: balance for customer, balance in balances.items() if round(balance, 2)
                and (balance <= amount if amount < 0 else balance >= amount)}
            with self.subTest(amount=amount):
                self.assertTrue(self._compare(found, 'balance', amount=amount))

    def test_credit_limit(self):
        used = defaultdict(float)
        for customer, lines in self._items().items():
            used[customer] += sum(line.amount_residual for line in lines)
        for order in self.env['sale.order'].search([('state', '=', 'sale')]):
            customer = order.partner_invoice_id.commercial_partner_id
            if customer in self.customers:
                used[customer] += sum(
                    line.untaxed_amount_to_invoice for line in order.order_line
                    if line.untaxed_amount_to_invoice > 0) / order.currency_rate
        for percent in (20, 80, 120):
            found = {
                customer: amount for customer, amount in used.items()
                if customer.credit_limit and amount > 0
                and amount >= customer.credit_limit * percent / 100}
            with self.subTest(percent=percent):
                self.assertTrue(self._compare(found, 'credit_limit', percent=percent))

    def _purchases(self):
        """Return the days on which customers bought."""
        days = defaultdict(set)
        for order in self.env['sale.order'].search([('state', '=', 'sale')]):
            days[order.partner_id.commercial_partner_id].add(self._local(order.date_order))
        for bill in self.env['account.move'].search([
                ('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),
                ('company_id', '=', self.env.company.id)]):
            if not bill.line_ids.sale_line_ids and bill.payment_state != 'reversed':
                days[bill.commercial_partner_id].add(bill.invoice_date)
        return {
            customer: sorted(bought) for customer, bought in days.items()
            if customer in self.customers}

    @staticmethod
    def _rhythm(days):
        return median((after - before).days for before, after in zip(
            days, days[1:], strict=False)) if len(days) > 2 else None

    def test_no_sale(self):
        for days, factor, days_max in ((30, 0, 0), (0, 1.5, 0), (60, 1.2, 0), (10, 0, 40)):
            found = {}
            for customer, bought in self._purchases().items():
                gone, rhythm = (TODAY - bought[-1]).days, self._rhythm(bought)
                long = days and gone >= days or (
                    factor and rhythm is not None and gone >= factor * rhythm)
                if long and (not days_max or gone <= days_max):
                    found[customer] = 0
            with self.subTest(days=days, factor=factor):
                self.assertTrue(self._compare(
                    found, 'no_sale', days=days, factor=factor, days_max=days_max))

    def test_next_purchase(self):
        found = {}
        for customer, bought in self._purchases().items():
            rhythm = self._rhythm(bought)
            if rhythm is not None:
                left = (bought[-1] + timedelta(days=round(rhythm)) - TODAY).days
                if 0 <= left <= 60:
                    found[customer] = 0
        self.assertTrue(self._compare(found, 'next_purchase', days=60))

    def test_quotation_expiring(self):
        for days in (3, 10, 20):
            found = defaultdict(float)
            for order in self.env['sale.order'].search([('state', 'in', ('draft', 'sent'))]):
                customer = order.partner_id.commercial_partner_id
                if customer in self.customers and order.validity_date and (
                        0 <= (order.validity_date - TODAY).days <= days):
                    found[customer] += order.amount_total / order.currency_rate
            with self.subTest(days=days):
                self.assertTrue(self._compare(found, 'quotation_expiring', days=days))

    def _delivered_on(self, order):
        if 'delivery_status' in order and order.delivery_status:
            return order.delivery_status == 'full' and self._local(order.effective_date)
        if order.commitment_date:
            return self._local(order.commitment_date)
        bills = order.invoice_ids.filtered(
            lambda bill: bill.move_type == 'out_invoice' and bill.state == 'posted')
        return order.invoice_status == 'invoiced' and max(bills.mapped('invoice_date'))

    def test_after_delivery(self):
        for days, days_max in ((0, 20), (5, 40), (20, 60)):
            found = defaultdict(float)
            for order in self.env['sale.order'].search([('state', '=', 'sale')]):
                customer, day = order.partner_id.commercial_partner_id, self._delivered_on(order)
                if customer in self.customers and day and (
                        days <= (TODAY - day).days <= days_max):
                    found[customer] += order.amount_total / order.currency_rate
            with self.subTest(days=days, days_max=days_max):
                self.assertTrue(self._compare(
                    found, 'after_delivery', days=days, days_max=days_max))

    def test_other_company_is_asked_for_itself(self):
        found = defaultdict(float)
        for bill in self.env['account.move'].search([('company_id', '=', self.other.id)]):
            if bill.invoice_date_due < TODAY:
                found[bill.commercial_partner_id] += bill.amount_residual
        rule = self._create_rule('overdue', days=1, company_id=self.other.id)
        self.assertEqual(self._said(rule), self._expected(found, rule))
        self.assertTrue(found)
        self.assertEqual(rule._run().company_id, self.other)
        self.assertEqual(fields.Date.context_today(rule.with_context(tz=ZONE)), TODAY)
