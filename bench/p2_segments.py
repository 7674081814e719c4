"""P2: customers chosen by what they bought: by one criterion, and by three at once."""

from dataclasses import replace
from datetime import timedelta

from measure import Finding, digest

from odoo import fields
from odoo.fields import Command

TITLE = "Customers by what they bought"
DAYS_SILENT, LEAST_AMOUNT, LEAST_QUANTITY = 90, 5000, 5
# From so many orders on it is P2b.
LARGE = 1000000
SALE_TYPES = ('out_invoice', 'out_refund', 'out_receipt')
# By hand, from the books. What was taken back by a credit note is no purchase.
LAST = """
    SELECT commercial_partner_id FROM account_move bill
    WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_receipt') AND NOT EXISTS (
        SELECT FROM account_move note WHERE note.reversed_entry_id = bill.id)
    GROUP BY 1 HAVING max(invoice_date) < %(silent_since)s
"""
AMOUNT = """
    SELECT commercial_partner_id FROM account_move
    WHERE state = 'posted' AND move_type IN %(types)s AND invoice_date >= %(year_ago)s
    GROUP BY 1 HAVING sum(amount_untaxed_signed) >= %(amount)s
"""
QUANTITY = """
    SELECT commercial_partner_id
    FROM account_move_line line JOIN account_move move ON move.id = line.move_id
    WHERE move.state = 'posted' AND move_type IN %(types)s
      AND line.product_id = %(product)s AND display_type = 'product'
    GROUP BY 1 HAVING sum(CASE move_type WHEN 'out_refund' THEN -quantity ELSE quantity END)
        >= %(quantity)s
"""
BY_HAND = {'last': LAST, 'amount': AMOUNT, 'quantity': QUANTITY}
CUSTOMERS = """
    SELECT id FROM res_partner
    WHERE active AND partner_share AND commercial_partner_id = id AND {} ORDER BY id
"""
NAMES = {
    'last': "last bill before 90 days ago", 'amount': "amount of twelve months",
    'quantity': "quantity of the product sold most", 'all': "all three",
}


def measure(bench):
    with bench.environment('admin') as env:
        wanted = _wanted(env)
    medians = {
        name: bench.compare(f"Customers by {NAMES[name]}", {
            'suite': lambda parts=parts: suite(bench, wanted, parts),
            'SQL': lambda parts=parts: by_hand(bench, wanted, parts),
            'stock': lambda parts=parts: stock(bench, wanted, parts)}, 'SQL')
        for name, parts in {**{name: [name] for name in BY_HAND}, 'all': list(BY_HAND)}.items()}
    share, single = (0.15, 70) if bench.orders >= LARGE else (0.2, 25)
    three = medians['all']

    def arm(*parts):
        return lambda: suite(bench, wanted, parts)

    return [
        Finding("three criteria, against the same by hand", f"at most {share} x",
                f"{three['suite'] / three['SQL']:.3f} x", three['suite'] <= share * three['SQL'],
                arm(*BY_HAND)),
        Finding("three criteria, against stock Odoo", "6 x faster",
                f"{three['stock'] / three['suite']:.1f} x", three['stock'] >= 6 * three['suite'],
                arm(*BY_HAND)),
        *(Finding(f"{NAMES[name]} alone", f"at most {single} ms",
                  f"{1000 * medians[name]['suite']:.1f} ms",
                  1000 * medians[name]['suite'] <= single, arm(name)) for name in BY_HAND),
    ]


def _wanted(env):
    """Return what is asked for: days, limits, and the product sold most often."""
    today = fields.Date.context_today(env.user)
    env.cr.execute(
        "SELECT product_id FROM crm_sales_fact GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
    [product] = env.cr.fetchone()
    return {
        'silent_since': today - timedelta(days=DAYS_SILENT), 'year_ago': today - timedelta(364),
        'types': SALE_TYPES, 'amount': LEAST_AMOUNT, 'quantity': LEAST_QUANTITY,
        'product': product}


def suite(bench, wanted, parts):
    """Find the customers as an audience does, with the rights and rules of the user."""
    criteria = {
        'last': {'measure': 'last_date', 'operator': '<', 'days': DAYS_SILENT},
        'amount': {
            'measure': 'amount', 'operator': '>=', 'value': LEAST_AMOUNT, 'period': 'fixed',
            'date_from': wanted['year_ago']},
        'quantity': {
            'measure': 'quantity', 'operator': '>=', 'value': LEAST_QUANTITY,
            'product_ids': [Command.link(wanted['product'])]},
    }
    with bench.environment('admin') as env:
        audience = env['crm.audience'].create({
            'name': "Measured", 'criterion_ids': [Command.create(criteria[part])
                                                  for part in parts]})
        return _told(bench.timed(env, lambda: audience._customers().ids))


def by_hand(bench, wanted, parts):
    """Find them by one statement over the books, without rights."""
    with bench.environment('admin') as env:
        statement = CUSTOMERS.format(" AND ".join(f"id IN ({BY_HAND[part]})" for part in parts))

        def work():
            env.cr.execute(statement, wanted)
            return [row[0] for row in env.cr.fetchall()]

        return _told(bench.timed(env, work))


def stock(bench, wanted, parts):
    """Find them as Odoo can: by one grouping each, and the customers that are in all of them."""
    groupings = {'last': _stock_last, 'amount': _stock_amount, 'quantity': _stock_quantity}
    with bench.environment('admin') as env:
        def work():
            found = [{partner.id for (partner,) in groupings[part](env, wanted)} for part in parts]
            return env['res.partner'].search(
                [('id', 'in', list(set.intersection(*found))), ('partner_share', '=', True)],
                order='id').ids

        return _told(bench.timed(env, work))


def _stock_last(env, wanted):
    return env['account.move']._read_group(
        [('move_type', 'in', ['out_invoice', 'out_receipt']), ('state', '=', 'posted'),
         ('reversal_move_ids', '=', False)],
        ['commercial_partner_id'], having=[('invoice_date:max', '<', wanted['silent_since'])])


def _stock_amount(env, wanted):
    return env['account.move']._read_group(
        [('move_type', 'in', wanted['types']), ('state', '=', 'posted'),
         ('invoice_date', '>=', wanted['year_ago'])],
        ['commercial_partner_id'], having=[('amount_untaxed_signed:sum', '>=', wanted['amount'])])


def _stock_quantity(env, wanted):
    return env['account.invoice.report']._read_group(
        [('move_type', 'in', wanted['types']), ('state', '=', 'posted'),
         ('product_id', '=', wanted['product'])],
        ['commercial_partner_id'], having=[('quantity:sum', '>=', wanted['quantity'])])


def _told(sample):
    return replace(sample, result=digest(sample.result))
