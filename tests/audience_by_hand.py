"""Who is in an audience, worked out in plain Python, one document after the other.

It is written from what the criteria say, and shares no code with the statement they become.
"""

import ast
import math
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from odoo import fields

COMPARISONS = {
    '<': lambda left, right: left < right, '<=': lambda left, right: left <= right,
    '>': lambda left, right: left > right, '>=': lambda left, right: left >= right}
NOTHING_IS_ZERO = ('count', 'amount', 'quantity', 'margin')
DATES = ('last_date', 'first_date')
# Fractions the database rounds: who stands that near to the limit is not asked about.
NEAR = Fraction(1, 10 ** 8)


def number(value):
    """Return a number exactly as it is written."""
    return Fraction(Decimal(repr(value)))


def rounded(value, digits):
    """Return a fraction rounded half away from zero."""
    scaled = abs(value) * 10 ** digits
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole, 10 ** digits) * (1 if value >= 0 else -1)


def customer_of(partner):
    """Return for whom a contact stands: the next company above, or the topmost."""
    while not partner.is_company and partner.parent_id:
        partner = partner.parent_id
    return partner


class ByHand:
    """The customers of an audience, and those about whom the rounding decides."""

    def __init__(self, audience):
        self.audience = audience
        # All that is there, seen by its companies below.
        self.env = audience.sudo().env
        self.companies = audience.env.companies
        self.today = fields.Date.context_today(audience)
        self.near = set()
        partners = self.env['res.partner'].search([])
        self.customers = {
            partner.id for partner in partners
            if customer_of(partner) == partner and not any(
                user._is_internal() for user in partner.user_ids)}

    def found(self):
        """Return the ids of the customers in the audience."""
        groups = [['all', []]]
        for criterion in self.audience.criterion_ids.sorted(lambda row: (row.sequence, row.id)):
            if criterion.is_group:
                groups.append([criterion.match, []])
            else:
                groups[-1][1].append(self.meet(criterion))
        sets = [self._joined(match, met) for match, met in groups if met]
        return self._joined(self.audience.match, sets) if sets else self.customers

    def _joined(self, match, sets):
        if match == 'all':
            return set.intersection(*sets)
        return set.union(*sets) if match == 'any' else self.customers - set.union(*sets)

    def meet(self, criterion):
        """Return the ids of the customers for whom a criterion holds."""
        if criterion.source == 'customer':
            domain = ast.literal_eval(criterion.partner_domain)
            everybody = self.env['res.partner'].browse(self.customers)
            met = set(everybody.filtered_domain(domain).ids)
        elif criterion.source == 'campaign':
            met = self._members(criterion)
        else:
            met = self._compared(criterion)
        return self.customers - met if criterion.negate else met & self.customers

    def _members(self, criterion):
        members = self.env['crm.campaign.member'].search(
            [('campaign_id', 'in', criterion.campaign_ids.ids)])
        return {
            customer_of(member.partner_id).id for member in members
            if criterion.member_state in (False, member.state)}

    # Comparing

    def _compared(self, criterion):
        if criterion.threshold in ('top', 'bottom'):
            return self._ranked(criterion)
        if criterion.threshold == 'own':
            return self._own(criterion)
        values = self.values(criterion, *self._period(criterion))
        limit = self.today - timedelta(days=criterion.days) if (
            criterion.measure in DATES) else number(criterion.value)
        compare = COMPARISONS[criterion.operator]
        absent = 0 if criterion.measure in NOTHING_IS_ZERO else None
        return {
            customer for customer in self.customers
            if (value := values.get(customer, absent)) is not None and compare(value, limit)}

    def _ranked(self, criterion):
        values = self.values(criterion, *self._period(criterion))
        values = {customer: value for customer, value in values.items()
                  if customer in self.customers}
        sign = -1 if criterion.threshold == 'top' else 1
        if criterion.measure in DATES:
            values = {customer: value.toordinal() for customer, value in values.items()}
        count = math.ceil(len(values) * number(criterion.value) / 100)
        return {
            customer for customer, value in values.items()
            if sum(sign * other < sign * value for other in values.values()) < count}

    def _own(self, criterion):
        share = number(criterion.value) / 100
        if criterion.measure == 'last_date':
            return self._silent(criterion, share)
        start, end = self._period(criterion)
        end = end or self.today
        usual = self.values(criterion, None, end)
        began = self.values(criterion, None, end, 'first_date')
        recent = self.values(criterion, start, end)
        met = set()
        for customer in usual.keys() & began.keys():
            if began[customer] < start:
                per_day = Fraction(usual[customer]) / ((end - began[customer]).days + 1)
                self._decide(
                    met, customer, recent.get(customer, 0), criterion.operator,
                    per_day * ((end - start).days + 1) * share)
        return met

    def _silent(self, criterion, share):
        """Return who bought before (or after) the day that is a share of his usual days ago."""
        gaps = self.values(criterion, None, None, 'gap')
        lasts = self.values(criterion, None, None)
        turned = {'<': '>', '<=': '>=', '>': '<', '>=': '<='}[criterion.operator]
        met = set()
        for customer in gaps.keys() & lasts.keys():
            self._decide(met, customer, (self.today - lasts[customer]).days, turned,
                         gaps[customer] * share)
        return met

    def _decide(self, met, customer, value, operator, limit):
        if abs(Fraction(value) - limit) < NEAR:
            self.near.add(customer)
        elif COMPARISONS[operator](value, limit):
            met.add(customer)

    def _period(self, criterion):
        if criterion.period == 'always':
            return None, None
        if criterion.period == 'fixed':
            return criterion.date_from or None, criterion.date_to or None
        if criterion.period == 'last':
            unit = {criterion.period_unit: criterion.period_count}
            return self.today - relativedelta(**unit) + timedelta(days=1), self.today
        which, name = criterion.period.split('_')
        months = {'month': 1, 'quarter': 3, 'year': 12}[name]
        first = self.today.replace(
            day=1, month=(self.today.month - 1) // months * months + 1)
        if which == 'this':
            return first, self.today
        return first - relativedelta(months=months), first - timedelta(days=1)

    # Measuring

    def values(self, criterion, start, end, measure=None):
        """Return by customer what is measured, of those of whom the source knows something."""
        measure = measure or criterion.measure
        rows = [row for row in getattr(self, f'_{criterion.source}_rows')(criterion)
                if (not start or row['date'] >= start) and (not end or row['date'] <= end)]
        by_customer = defaultdict(list)
        for row in self._on_days(rows) if criterion.source == 'bill' else rows:
            by_customer[row['customer']].append(row)
        documents = defaultdict(list)
        for row in rows:
            documents[row['customer']].append(row)
        if measure in ('count', 'average'):
            by_customer = documents
        values = {customer: self._value(criterion, measure, known)
                  for customer, known in by_customer.items()}
        return {customer: value for customer, value in values.items() if value is not None}

    def _value(self, criterion, measure, rows):
        days = sorted({row['date'] for row in rows if row.get('bought', True)})
        made = len({row['document'] for row in rows if row.get('document')})
        if measure in DATES:
            return days and days[-1 if measure == 'last_date' else 0] or None
        if measure == 'gap':
            return Fraction((days[-1] - days[0]).days, len(days) - 1) if len(days) > 1 else None
        if measure == 'count':
            return made
        if measure == 'share':
            return Fraction(100 * len({row['product'] for row in rows if row['bought']}),
                            max(len(self._products(criterion)), 1))
        if measure == 'average':
            return sum(row['amount'] for row in rows) / made if made else None
        return sum(row[measure] for row in rows)

    def _on_days(self, rows):
        """Return what was billed of each product on each day; what cancels out is forgotten."""
        days = defaultdict(lambda: {'quantity': 0, 'amount': 0, 'margin': 0})
        for row in rows:
            day = days[row['customer'], row['date'], row['product'], row['company']]
            for name in ('quantity', 'amount', 'margin'):
                day[name] += row[name]
        return [
            {'customer': customer, 'date': date, 'product': product, **day,
             'bought': day['amount'] > 0 or day['amount'] == 0 and day['quantity'] > 0}
            for (customer, date, product, _company), day in days.items() if any(day.values())]

    # What there is

    def _bill_rows(self, criterion):
        lines = self.env['account.move.line'].search([
            ('display_type', '=', 'product'), ('parent_state', '=', 'posted'),
            ('company_id', 'in', self.companies.ids)])
        for line in lines:
            bill = line.move_id
            if bill.move_type in ('out_invoice', 'out_refund', 'out_receipt') and self._counts(
                    criterion, line, bill):
                yield self._billed(line, bill)

    def _billed(self, line, bill):
        side = -1 if bill.move_type == 'out_refund' else 1
        quantity = number(line.quantity)
        digits = line.company_id.currency_id.decimal_places
        cost = rounded(quantity * number(line.unit_cost), digits)
        if line.product_id:
            quantity *= number(line.product_uom_id.factor) / number(line.product_id.uom_id.factor)
        rate = self._rate(line.company_id)
        return {
            'customer': customer_of(bill.partner_id).id, 'date': bill.invoice_date,
            'product': line.product_id.id, 'company': line.company_id.id,
            'document': bill.id if side > 0 else None, 'quantity': side * rounded(quantity, 6),
            'amount': -number(line.balance) * rate,
            'margin': (-number(line.balance) - side * cost) * rate}

    def _order_rows(self, criterion):
        orders = self.env['sale.order'].search(
            [('state', '=', 'sale'), ('company_id', 'in', self.companies.ids)])
        for line in orders.order_line:
            order = line.order_id
            if not line.display_type and self._counts(criterion, line, order):
                rate = self._rate(order.company_id) / number(order.currency_rate)
                quantity = number(line.product_uom_qty) * number(line.product_uom_id.factor)
                yield {
                    'customer': customer_of(order.partner_id).id, 'document': order.id,
                    'date': self._day(order.date_order), 'product': line.product_id.id,
                    'quantity': quantity / number(line.product_id.uom_id.factor),
                    'amount': number(line.price_subtotal) * rate,
                    'margin': number(line.margin) * rate, 'bought': line.product_uom_qty > 0}

    def _request_rows(self, criterion):
        for request in self.env['crm.request'].search([('company_id', 'in', self.companies.ids)]):
            if not criterion.type_ids or request.type_id in criterion.type_ids:
                yield {'customer': customer_of(request.partner_id).id, 'document': request.id,
                       'date': self._day(request.date_received)}

    def _call_rows(self, criterion):
        for call in self.env['crm.call'].search(
                [('company_id', 'in', [*self.companies.ids, False])]):
            if not criterion.outcome_ids or call.outcome_id in criterion.outcome_ids:
                yield {'customer': customer_of(call.partner_id).id, 'document': call.id,
                       'date': self._day(call.date_start)}

    def _visit_rows(self, criterion):
        for log in self.env['res.users.log'].search([]):
            yield {'customer': customer_of(log.create_uid.partner_id).id, 'document': log.id,
                   'date': self._day(log.create_date)}

    def _touch_rows(self, criterion):
        for touch in self.env['crm.campaign.touch'].search(
                [('company_id', 'in', self.companies.ids), ('state', '=', 'done')]):
            if not criterion.campaign_ids or touch.campaign_id in criterion.campaign_ids:
                yield {'customer': customer_of(touch.partner_id).id, 'document': touch.id,
                       'date': self._day(touch.date)}

    def _counts(self, criterion, line, document):
        """Return whether a line is about the products, campaigns and teams of a criterion."""
        asked = criterion.product_ids or criterion.category_ids or criterion.tag_ids
        return (
            (not asked or line.product_id.id in self._products(criterion))
            and (not criterion.campaign_ids or document.campaign_id in criterion.campaign_ids)
            and (not criterion.team_ids or document.team_id in criterion.team_ids))

    def _products(self, criterion):
        return {
            product.id
            for product in self.env['product.product'].with_context(active_test=False).search([])
            if product in criterion.product_ids or product.all_product_tag_ids & criterion.tag_ids
            or self._categories(product.categ_id) & criterion.category_ids}

    def _categories(self, category):
        return category | self._categories(category.parent_id) if category else category

    def _rate(self, company):
        own, shown = company.currency_id, self.audience.currency_id
        return number(own._get_conversion_rate(own, shown, company, self.today)) if (
            own != shown) else Fraction(1)

    def _day(self, moment):
        return fields.Datetime.context_timestamp(self.audience, moment).date()
