"""Whatever is billed, credited, reset, merged and repriced, the sales facts are the books."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.crm_roles.tests.mixins import BooksMixin

EVENTS = [
    'bill', 'bill', 'bill', 'order', 'credit', 'reset', 'reset', 'post', 'post', 'cancel', 'edit',
    'edit', 'swap', 'reprice', 'reprice', 'join', 'leave', 'merge', 'pack', 'remeasure', 'archive',
    'fold', 'rebuild']
HISTORIES = st.lists(
    st.tuples(st.sampled_from(EVENTS), st.integers(0, 2 ** 32)), min_size=6, max_size=22)
TYPES = ('out_invoice', 'out_refund', 'out_receipt')


def exact(number):
    """Return a number as the decimal that it shows."""
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def cents(number, currency):
    """Return a decimal rounded to what the currency knows, half away from zero."""
    step = Decimal(10) ** -currency.decimal_places
    return number.quantize(step, ROUND_HALF_UP)


@tagged('post_install', '-at_install')
class TestSalesFacts(BooksMixin, AccountTestInvoicingCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env.company | cls.setup_other_company()['company']
        cls.currencies = (
            cls.env.company.currency_id | cls.setup_other_currency('EUR')
            | cls.setup_other_currency('JPY', rates=[('2017-01-01', 151.37)]))
        cls.units = cls.env.ref('uom.product_uom_unit') | cls.env.ref('uom.product_uom_dozen')
        cls.crate = cls.env['uom.uom'].create({
            'name': "Crate", 'relative_factor': 7, 'relative_uom_id': cls.units[0].id})
        cls.units |= cls.crate
        cls.products = cls.env['product.product'].create([
            {'name': name, 'uom_id': unit.id, 'taxes_id': [Command.clear()],
             'invoice_policy': 'order', 'type': 'service'}
            for name, unit in (("Drill", cls.units[0]), ("Bit", cls.units[1]),
                               ("Bench", cls.units[0]))])
        for company in cls.companies:
            for number, product in enumerate(cls.products):
                product.with_company(company).standard_price = 10.005 + number

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref('crm_roles.group_sales_manager')

    @settings(
        max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None,
        derandomize=True)
    @given(HISTORIES)
    def test_facts_are_the_books(self, history):
        savepoint = self.env.cr.savepoint()
        try:
            self._begin()
            for event, seed in history:
                self._let_happen(event, Random(seed))
            self._check()
            self.env['crm.sales.fact']._fold()
            self._check()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _begin(self):
        """Make the customers, and forget what happened before."""
        self.costs = {}
        partners = self.env['res.partner']
        self.customers = partners.create(
            [{'name': f"Customer {number}", 'is_company': True} for number in range(3)])
        self.contacts = partners.create([
            {'name': f"Contact {number}", 'parent_id': parent.id}
            for number, parent in enumerate((*self.customers, partners))])
        self.bills = self.env['account.move']

    def _let_happen(self, event, random):
        try:
            with self.env.cr.savepoint():
                getattr(self, f'_{event}')(random)
        except UserError:
            # Odoo does not allow it; then nothing has happened.
            self.env.invalidate_all()
        self.bills = self.bills.exists()
        self._note_costs()

    # What may happen

    def _one(self, random, records):
        """Return one of some records, or none if there are none."""
        return random.choice(records) if records else records

    def _some(self, random, *states):
        return self._one(random, self.bills.filtered(lambda bill: bill.state in states))

    def _anybody(self, random):
        return self._one(random, self.customers | self.contacts)

    def _line(self, random):
        product = random.choice([*self.products, self.products.browse()])
        return {
            'name': "Sold", 'product_id': product.id,
            'product_uom_id': random.choice(self.units).id if product else False,
            'quantity': random.choice([0, 1, 2, 3.5, -1, 12]),
            'price_unit': random.choice([-5.0, 0.0, 0.01, 33.335, 120.0]),
            'tax_ids': [Command.clear()]}

    def _day(self, random):
        return date(2026, 1, 1) + timedelta(days=random.randrange(4))

    def _bill(self, random):
        company = random.choice(self.companies)
        bill = self.env['account.move'].with_company(company).create({
            'move_type': random.choice(['out_invoice', 'out_invoice', 'out_refund', 'out_receipt']),
            'partner_id': self._anybody(random).id, 'company_id': company.id,
            'currency_id': random.choice(self.currencies).id, 'invoice_date': self._day(random),
            'invoice_line_ids': [
                Command.create(self._line(random)) for _line in range(random.randrange(1, 4))]})
        self.bills |= bill
        if random.random() < 0.8:
            bill.action_post()

    def _order(self, random):
        order = self.env['sale.order'].create({
            'partner_id': self._anybody(random).id,
            'order_line': [Command.create({
                'product_id': random.choice(self.products).id, 'product_uom_qty': 2,
                'product_uom_id': random.choice(self.units).id, 'price_unit': 40.0})]})
        order.order_line.purchase_price = random.choice([0.0, 12.34, 7.0])
        order.with_context(skip_procurement=True).action_confirm()
        self.bills |= order._create_invoices()
        self._reprice(random)
        self.bills[-1:].action_post()

    def _credit(self, random):
        bill = self._some(random, 'posted')
        if bill.move_type == 'out_invoice':
            note = bill._reverse_moves([{'invoice_date': self._day(random)}])
            self.bills |= note
            note.invoice_line_ids[:1].quantity = 1
            note.action_post()

    def _reset(self, random):
        self._some(random, 'posted', 'cancel').button_draft()

    def _post(self, random):
        self._some(random, 'draft').action_post()

    def _cancel(self, random):
        self._some(random, 'draft').button_cancel()

    def _edit(self, random):
        bill = self._some(random, 'draft')
        bill.write({'partner_id': self._anybody(random).id, 'invoice_date': self._day(random)})
        for line in bill.invoice_line_ids:
            change = self._line(random)
            line.write({name: change[name] for name in random.sample(
                ['quantity', 'price_unit'], 1)})

    def _swap(self, random):
        """Sell something else on a line, also of a posted bill."""
        line = self._one(random, self._some(random, 'draft', 'posted').invoice_line_ids)
        line.product_id = random.choice(self.products)

    def _reprice(self, random):
        product = random.choice(self.products).with_company(random.choice(self.companies))
        product.standard_price = random.choice([0.0, 3.335, 9.99, 21.0])

    def _join(self, random):
        random.choice(self.contacts).parent_id = random.choice(self.customers)

    def _leave(self, random):
        random.choice(self.contacts).parent_id = False

    def _merge(self, random):
        partners = random.choice([self.customers, self.contacts])
        if len(partners) > 2:
            gone, kept = random.sample(list(partners), 2)
            self.env['base.partner.merge.automatic.wizard'].create({
                'partner_ids': [Command.set((gone | kept).ids)], 'dst_partner_id': kept.id,
            }).action_merge()
            self.customers, self.contacts = self.customers.exists(), self.contacts.exists()

    def _pack(self, random):
        random.choice(self.products).uom_id = random.choice(self.units)

    def _remeasure(self, random):
        self.crate.relative_factor = random.choice([6, 7, 10])

    def _archive(self, random):
        random.choice(self.products).active = False

    def _fold(self, random):
        self.env['crm.sales.fact']._fold(limit=random.randrange(1, 6))

    def _rebuild(self, _random):
        self.env['crm.sales.fact']._rebuild()

    # The books, by brute force

    def _sold_lines(self):
        return self.bills.filtered(
            lambda bill: bill.state == 'posted' and bill.move_type in TYPES
        ).line_ids.filtered(lambda line: line.display_type == 'product')

    def _note_costs(self):
        """Remember what a unit of each line has cost when it was posted first."""
        for line in self._sold_lines():
            sold = (line.product_id, line.product_uom_id)
            if self.costs.get(line.id, (None, None))[0] != sold:
                self.costs[line.id] = (sold, self._cost(line))

    def _cost(self, line):
        factor = exact(line.product_uom_id.factor or 1)
        credited = line.move_id.reversed_entry_id.line_ids.filtered(
            lambda origin: line.move_id.move_type == 'out_refund' and origin.id in self.costs
            and origin.product_id == line.product_id and line.product_id)
        if credited:
            origin = min(credited, key=lambda origin: (
                abs(origin.price_unit - line.price_unit), origin.id))
            (_product, unit), cost = self.costs[origin.id]
            cost = cost * factor / exact(unit.factor)
        elif sold := line.sale_line_ids.filtered(
                lambda sold: sold.product_id == line.product_id):
            cost = exact(sold.purchase_price) / exact(
                sold.order_id.currency_rate) * factor / exact(sold.product_uom_id.factor)
        else:
            product = line.product_id.with_company(line.company_id)
            cost = exact(product.standard_price) * factor / exact(product.uom_id.factor or 1)
        return cost.quantize(Decimal('1e-6'), ROUND_HALF_UP)

    def _books(self):
        books = defaultdict(lambda: [Decimal(0)] * 3)
        for line in self._sold_lines():
            bill, product = line.move_id, line.product_id
            side = -1 if bill.move_type == 'out_refund' else 1
            quantity = exact(line.quantity)
            if product:
                quantity *= exact(line.product_uom_id.factor) / exact(product.uom_id.factor)
            cost = exact(line.quantity) * self.costs[line.id][1]
            values = (
                side * quantity, -exact(line.balance),
                side * cents(cost, line.company_id.currency_id))
            key = (bill.partner_id.commercial_partner_id.id, product.id, line.company_id.id,
                   bill.invoice_date)
            books[key] = [known + value for known, value in zip(books[key], values, strict=True)]
        return self._rounded(books)

    def _facts(self):
        facts = defaultdict(lambda: [Decimal(0)] * 3)
        for model in ('crm.sales.fact', 'crm.sales.fact.delta'):
            for fact in self.env[model].search(
                    [('partner_id', 'in', (self.customers | self.contacts).ids)]):
                key = (fact.partner_id.id, fact.product_id.id, fact.company_id.id, fact.date)
                values = (exact(fact.quantity), exact(fact.amount), exact(fact.cost))
                facts[key] = [
                    known + value for known, value in zip(facts[key], values, strict=True)]
        return self._rounded(facts)

    def _report(self, groupby):
        """Return the sums by customer that the analysis comes to, from months or from facts."""
        sums = defaultdict(lambda: [Decimal(0)] * 3)
        for partner, *_others, quantity, amount, cost in self.env['crm.sales.report']._read_group(
                [('date', '>=', '2026-01-02'), ('partner_id', '!=', False)], groupby,
                ['quantity:sum', 'amount:sum', 'cost:sum']):
            sums[partner.id] = [
                known + exact(value) for known, value in zip(
                    sums[partner.id], (quantity, amount, cost), strict=True)]
        return self._rounded(sums)

    def _rounded(self, sums):
        return {
            key: rounded for key, values in sums.items()
            if any(rounded := [round(float(value), 4) for value in values])}

    def _check(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._facts(), self._books())
        self.assertEqual(self.env['crm.sales.fact']._differences(), [])
        self.assertEqual(self.env['crm.sales.month']._differences(), [])
        self.assertEqual(self.env['crm.sales.total']._differences(), [])
        self.assertEqual(self._report(['partner_id']), self._report(['partner_id', 'product_id']))
