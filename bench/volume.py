"""Fill a database with orders of five years, as many as are asked for, and show that they are true.

The rows are made by set-based SQL: each table after a record that Odoo itself has made, with those
columns put in that differ from row to row; so the columns of every addon are filled. What is drawn
by lot is a hash of the number of the row and the seed: the same seed gives the same data.

Prices are even and tax is 15 %, so that nothing is rounded and Odoo must come to the same cent.
"""

import random
import time

import bulk
from bulk import Clone

from odoo.fields import Command, Datetime

SEED = 1
SPOT_CHECKS = 200
CALLERS, REPRESENTATIVES, PRODUCTS = 50, 8, 2000
# What the spot checks compute anew, by model.
COMPUTED = {
    'res.partner': [
        'commercial_partner_id', 'complete_name', 'email_normalized', 'phone_sanitized',
        'commercial_company_name', 'partner_share', 'call_tz', 'family_id',
    ],
    'sale.order.line': [
        'price_subtotal', 'price_tax', 'price_total', 'price_reduce_taxexcl', 'price_reduce_taxinc',
        'qty_invoiced', 'qty_to_invoice', 'invoice_status', 'untaxed_amount_invoiced',
        'untaxed_amount_to_invoice', 'margin', 'margin_percent',
    ],
    'sale.order': [
        'commercial_partner_id', 'amount_untaxed', 'amount_tax', 'amount_total', 'invoice_status',
        'margin', 'margin_percent', 'amount_unpaid', 'amount_received', 'call_count',
        'last_call_id', 'next_call_at', 'last_caller_id', 'callback_personal', 'payment_failed_at',
        'payment_failed_message', 'call_state', 'call_value',
    ],
    'crm.call': ['outcome_kind', 'reached', 'reach_rate', 'hour', 'weekday'],
}

LOTS = [
    """
    CREATE TABLE bench.customer AS
    SELECT c, %(partner)s + c AS id,
           CASE WHEN bench.lot(c, 1) < 0.4
                THEN %(person)s + floor(%(people)s * bench.lot(c, 2))::int END AS manager_id
    FROM generate_series(1, %(companies)s) AS c
    """,
    # Customers are as big as a bounded Zipf distribution with s = 0.6 makes them.
    """
    CREATE TABLE bench.lot AS
    SELECT *,
           state = 'sale' AND bench.lot(n, 5) < 0.93 AND date_order < today - interval '3 days'
               AS billed,
           CASE WHEN bench.lot(n, 8) < 0.85
                THEN %(person)s + floor(%(callers)s * bench.lot(n, 9))::int END AS manager_id
    FROM (
        SELECT n::int, %(first_order)s + n::int AS id, c,
               CASE WHEN bench.lot(n, 2) < 0.4 AND c <= %(contacts)s
                    THEN %(partner)s + %(companies)s + c ELSE %(partner)s + c END AS partner_id,
               CASE WHEN bench.lot(n, 4) < 0.05 THEN 'draft' WHEN bench.lot(n, 4) < 0.10 THEN 'sent'
                    WHEN bench.lot(n, 4) < 0.14 THEN 'cancel' ELSE 'sale' END AS state,
               to_timestamp(%(today)s)::timestamp AS today,
               date_trunc('day', to_timestamp(%(today)s)::timestamp)
                   - interval '1 day' * (1 + floor(1825 * bench.lot(n, 3) ^ 1.3))
                   + interval '1 second' * floor(28800 + 32400 * bench.lot(n, 10)) AS date_order
        FROM generate_series(1, %(orders)s) AS n,
             LATERAL (SELECT 1 + floor(%(companies)s * bench.lot(n, 1) ^ 2.5)::int AS c) AS customer
    ) AS drawn
    """,
    """
    CREATE TABLE bench.bill AS
    SELECT n, id AS order_id, c, partner_id, date_order, date_order::date + 2 AS day,
           bench.lot(n, 6) < 0.03 AS refunded,
           CASE WHEN bench.lot(n, 6) < 0.03 OR bench.lot(n, 7) < 0.88 THEN 'paid'
                WHEN bench.lot(n, 7) < 0.90 THEN 'in_payment'
                WHEN bench.lot(n, 7) < 0.97 THEN 'not_paid' ELSE 'partial' END AS payment_state
    FROM bench.lot WHERE billed
    """,
    """
    CREATE TABLE bench.line AS
    SELECT %(first_line)s + row_number() OVER (ORDER BY n, i)::int AS id, n, i, order_id,
           partner_id, product_id, quantity, price, cost, discount, state, status, day,
           quantity * price * (100 - discount) / 100 AS subtotal,
           quantity * price * (100 - discount) / 100 * 0.15 AS tax
    FROM (
        SELECT lot.n, i, lot.id AS order_id, lot.partner_id, lot.state, bill.day,
               CASE WHEN bill.refunded THEN 'refunded' WHEN bill.n IS NOT NULL THEN 'billed'
                    WHEN lot.state = 'sale' THEN 'open' ELSE 'none' END AS status,
               %(variant)s + p AS product_id,
               (1 + floor(5 * bench.lot(lot.n * 10 + i, 22)))::numeric AS quantity,
               (2 * ceil(500 * bench.lot(p, 23)))::numeric AS price,
               round((2 * ceil(500 * bench.lot(p, 23))
                      * (0.5 + 0.6 * bench.lot(p, 24)))::numeric, 2) AS cost,
               (CASE WHEN bench.lot(lot.n * 10 + i, 25) < 0.1 THEN 10 ELSE 0 END)::numeric
                   AS discount
        FROM bench.lot
        LEFT JOIN bench.bill USING (n)
        CROSS JOIN LATERAL generate_series(1, 1 + floor(5.6 * bench.lot(n, 20))::int) AS i
        CROSS JOIN LATERAL (
            SELECT 1 + floor(%(products)s * bench.lot(n * 10 + i, 21) ^ 2)::int AS p) AS product
    ) AS drawn
    """,
    """
    CREATE TABLE bench.total AS
    SELECT line.n, sum(subtotal) AS untaxed, sum(tax) AS tax, sum(subtotal + tax) AS total,
           sum(subtotal - cost * quantity) AS margin,
           round(sum(CASE payment_state WHEN 'not_paid' THEN subtotal + tax
                          WHEN 'partial' THEN (subtotal + tax) / 2 ELSE 0 END), 2) AS residual
    FROM bench.line LEFT JOIN bench.bill ON bill.n = line.n GROUP BY line.n
    """,
    """
    CREATE TABLE bench.move AS
    SELECT *, prefix || number AS name FROM (
        SELECT *, %(move)s + row_number() OVER (ORDER BY kind, n)::int AS id,
               CASE kind WHEN 'bill' THEN 'INV/' ELSE 'RINV/' END
                   || extract(year FROM day) || '/' AS prefix, 100000 + n AS number
        FROM (
            SELECT 'bill' AS kind, 1 AS sign, bill.*, untaxed, tax, total, residual
            FROM bench.bill JOIN bench.total USING (n)
            UNION ALL
            SELECT 'note', -1, bill.*, untaxed, tax, total, 0
            FROM bench.bill JOIN bench.total USING (n) WHERE refunded
        ) AS billed
    ) AS numbered
    """,
    """
    CREATE TABLE bench.balance AS
    SELECT lot.n, lot.id,
           CASE WHEN lot.state = 'cancel' OR refunded THEN 0
                WHEN bill.n IS NULL THEN total ELSE residual END AS unpaid,
           CASE WHEN lot.state = 'cancel' OR refunded OR bill.n IS NULL THEN 0
                ELSE total - residual END AS received
    FROM bench.lot JOIN bench.total USING (n) LEFT JOIN bench.bill USING (n)
    """,
    # Those who owe are called up to four times, some of those who have paid were called once.
    """
    CREATE TABLE bench.call AS
    SELECT %(first_call)s + row_number() OVER (ORDER BY n, i)::int AS id, drawn.*,
           CASE WHEN kind IN ('no_answer', 'progress') THEN date + interval '1 hour' * retry_hours
                WHEN kind = 'callback' THEN date + interval '1 hour' * (1 + floor(72 * wait)) END
               AS callback_at
    FROM (
        SELECT n, i, lot.id AS order_id, lot.partner_id, owes, bench.lot(n * 10 + i, 33) AS wait,
               COALESCE(lot.manager_id, %(person)s + floor(%(callers)s * bench.lot(n, 34))::int)
                   AS user_id,
               LEAST(lot.date_order + interval '1 day' * (3 * i + floor(9 * bench.lot(n, 35))),
                     lot.today - interval '1 hour' * (6 - i)) AS date,
               outcome.id AS outcome_id, outcome.kind, outcome.retry_hours
        FROM bench.lot
        JOIN bench.balance USING (n)
        CROSS JOIN LATERAL (SELECT lot.state IN ('sent', 'sale') AND unpaid > 0 AS owes) AS owing
        CROSS JOIN LATERAL generate_series(
            1, CASE WHEN owes THEN floor(5 * bench.lot(n, 31))::int
                    WHEN lot.state = 'sale' AND bench.lot(n, 31) < 0.2 THEN 1 ELSE 0 END) AS i
        JOIN crm_call_outcome outcome ON outcome.id = CASE
            WHEN bench.lot(n * 10 + i, 32) < 0.50 THEN %(no_answer)s
            WHEN bench.lot(n * 10 + i, 32) < 0.60 THEN %(busy)s
            WHEN bench.lot(n * 10 + i, 32) < 0.78 THEN %(callback)s
            WHEN bench.lot(n * 10 + i, 32) < 0.93 OR i < 2 THEN %(promised)s
            ELSE %(lost)s END
    ) AS drawn
    """,
    """
    CREATE TABLE bench.last_call AS
    SELECT DISTINCT ON (n) *, count(*) OVER (PARTITION BY n) AS calls
    FROM bench.call ORDER BY n, i DESC
    """,
    # Who tried to pay online and could not, after the last call.
    """
    CREATE TABLE bench.failed AS
    SELECT lot.n, lot.id AS order_id, lot.partner_id, total, today - interval '30 minutes' AS date,
           %(first_attempt)s + row_number() OVER (ORDER BY lot.n)::int AS id
    FROM bench.lot JOIN bench.balance USING (n) JOIN bench.total USING (n)
    WHERE lot.state IN ('sent', 'sale') AND unpaid > 0 AND bench.lot(lot.n, 40) < 0.01
    """,
    *(f"ANALYZE bench.{name}" for name in (
        'customer', 'lot', 'bill', 'line', 'total', 'move', 'balance', 'call', 'last_call',
        'failed')),
]


def _item(item_id, amount, **values):
    """Return the columns of an entry with `amount` in the credit of a bill or debit of a note."""
    return {
        'id': item_id, 'move_id': "move.id", 'move_name': "move.name",
        'partner_id': "%(partner)s + c", 'date': "move.day", 'invoice_date': "move.day",
        'debit': f"GREATEST(-move.sign * ({amount}), 0)",
        'credit': f"GREATEST(move.sign * ({amount}), 0)",
        'balance': f"-move.sign * ({amount})", 'amount_currency': f"-move.sign * ({amount})",
        'create_date': "move.date_order", 'write_date': "move.date_order", **values,
    }


TABLES = {
    'product_template': [Clone(
        'product_template', 'template', "generate_series(1, %(products)s) AS p", {
            'id': "%(first_template)s + p", 'list_price': "2 * ceil(500 * bench.lot(p, 23))",
            'name': "jsonb_build_object('en_US', 'Product ' || p)"})],
    'product_product': [Clone(
        'product_product', 'product', "generate_series(1, %(products)s) AS p", {
            'id': "%(variant)s + p", 'product_tmpl_id': "%(first_template)s + p",
            'standard_price': "jsonb_build_object('1', round((2 * ceil(500 * bench.lot(p, 23))"
                              " * (0.5 + 0.6 * bench.lot(p, 24)))::numeric, 2))",
            'combination_indices': "''"})],
    'product_taxes_rel': ["""
        INSERT INTO product_taxes_rel (prod_id, tax_id)
        SELECT %(first_template)s + p, %(tax)s FROM generate_series(1, %(products)s) AS p
        """],
    'res_partner': [
        Clone('res_partner', 'company', "bench.customer", {
            'id': "customer.id", 'commercial_partner_id': "customer.id",
            'family_id': "customer.id", 'name': "'Customer ' || c",
            'complete_name': "'Customer ' || c", 'commercial_company_name': "'Customer ' || c",
            'email': "'customer' || c || '@customer.example'",
            'email_normalized': "'customer' || c || '@customer.example'",
            'phone': "'+1212' || 2000000 + c", 'phone_sanitized': "'+1212' || 2000000 + c",
            'personal_manager_id': "manager_id", 'customer_rank': "1"}),
        Clone('res_partner', 'contact', "bench.customer WHERE c <= %(contacts)s", {
            'id': "%(partner)s + %(companies)s + c", 'commercial_partner_id': "customer.id",
            'family_id': "customer.id",
            'parent_id': "customer.id", 'name': "'Contact ' || c",
            'complete_name': "'Customer ' || c || ', Contact ' || c",
            'commercial_company_name': "'Customer ' || c",
            'email': "'contact' || c || '@customer.example'",
            'email_normalized': "'contact' || c || '@customer.example'",
            'phone': "'+1212' || 4000000 + c", 'phone_sanitized': "'+1212' || 4000000 + c",
            'personal_manager_id': "manager_id"})],
    'sale_order': [Clone(
        'sale_order', 'order',
        "bench.lot JOIN bench.total USING (n) JOIN bench.balance USING (n) LEFT JOIN bench.bill"
        " USING (n) LEFT JOIN bench.last_call USING (n) LEFT JOIN bench.failed USING (n)"
        " LEFT JOIN crm_call_outcome outcome ON outcome.id = last_call.outcome_id", {
            'id': "lot.id", 'name': "'S' || lot.id + 100000", 'partner_id': "lot.partner_id",
            'partner_invoice_id': "lot.partner_id", 'partner_shipping_id': "lot.partner_id",
            'commercial_partner_id': "%(partner)s + lot.c", 'state': "lot.state",
            'date_order': "lot.date_order", 'create_date': "lot.date_order",
            'write_date': "lot.date_order", 'access_token': "NULL",
            'validity_date': "lot.date_order::date + 30", 'amount_untaxed': "untaxed",
            'amount_tax': "total.tax", 'amount_total': "total.total", 'margin': "total.margin",
            'margin_percent': "(total.margin / untaxed)::float8",
            'invoice_status': "CASE WHEN lot.state != 'sale' THEN 'no' WHEN bill.n IS NULL OR"
                              " refunded THEN 'to invoice' ELSE 'invoiced' END",
            'order_manager_id': "lot.manager_id", 'amount_unpaid': "unpaid",
            'amount_received': "received", 'commission_due': "FALSE", 'duties_checked': "TRUE",
            'call_count': "COALESCE(calls, 0)", 'last_call_id': "last_call.id",
            'next_call_at': "last_call.callback_at", 'last_caller_id': "last_call.user_id",
            'callback_personal': "CASE WHEN last_call.id IS NOT NULL THEN TRUE END",
            'call_user_id': "NULL", 'call_held_at': "NULL",
            'payment_failed_at': "failed.date", 'payment_failed_message':
                "CASE WHEN failed.n IS NOT NULL THEN 'The card was refused.' END",
            'call_state': "CASE WHEN unpaid = 0 OR lot.state NOT IN ('sent', 'sale') THEN 'done'"
                          " WHEN failed.n IS NOT NULL AND outcome.kind = 'lost' THEN 'to_call'"
                          " WHEN outcome.kind = 'lost' THEN 'done'"
                          " WHEN outcome.kind IN ('callback', 'no_answer') THEN outcome.kind"
                          " ELSE 'to_call' END",
            'call_value': "0",
        }), """
        UPDATE sale_order SET call_value = round(amount_unpaid * %(guess)s / 1000000, 2)
        WHERE call_state != 'done' AND id > %(first_order)s
        """],
    'sale_order_line': [Clone('sale_order_line', 'line', "bench.line", {
        'id': "line.id", 'order_id': "line.order_id", 'sequence': "10",
        'order_partner_id': "line.partner_id", 'product_id': "line.product_id",
        'state': "line.state", 'name': "'Product ' || line.product_id - %(variant)s",
        'product_uom_qty': "line.quantity", 'price_unit': "price", 'technical_price_unit': "price",
        'discount': "line.discount", 'price_subtotal': "subtotal", 'price_tax': "line.tax",
        'price_total': "subtotal + line.tax", 'price_reduce_taxexcl': "subtotal / quantity",
        'price_reduce_taxinc': "(subtotal + line.tax) / quantity", 'purchase_price': "cost",
        'margin': "subtotal - cost * quantity",
        'margin_percent': "((subtotal - cost * quantity) / subtotal)::float8",
        'qty_invoiced': "CASE status WHEN 'billed' THEN quantity ELSE 0 END",
        'qty_to_invoice': "CASE WHEN status IN ('open', 'refunded') THEN quantity ELSE 0 END",
        'invoice_status': "CASE status WHEN 'billed' THEN 'invoiced' WHEN 'none' THEN 'no'"
                          " ELSE 'to invoice' END",
        'untaxed_amount_invoiced': "CASE status WHEN 'billed' THEN subtotal ELSE 0 END",
        'untaxed_amount_to_invoice': "CASE WHEN status IN ('open', 'refunded') THEN subtotal"
                                     " ELSE 0 END",
        'create_date': "create_date", 'write_date': "write_date"})],
    'account_tax_sale_order_line_rel': ["""
        INSERT INTO account_tax_sale_order_line_rel (sale_order_line_id, account_tax_id)
        SELECT id, %(tax)s FROM bench.line
        """],
    'account_move': [
        Clone('account_move', kind, f"bench.move {joined} WHERE move.kind = '{kind}'", {
            'id': "move.id", 'name': "move.name", 'payment_reference': "move.name",
            'sequence_prefix': "move.prefix", 'sequence_number': "move.number",
            'access_token': "NULL", 'partner_id': "move.partner_id",
            'commercial_partner_id': "%(partner)s + move.c",
            'partner_shipping_id': "move.partner_id",
            'invoice_partner_display_name': "'Customer ' || move.c",
            'date': "move.day", 'invoice_date': "move.day", 'invoice_date_due': "move.day",
            'invoice_origin': "'S' || move.order_id + 100000",
            'payment_state': "move.payment_state", 'amount_untaxed': "move.untaxed",
            'amount_tax': "move.tax", 'amount_total': "move.total",
            'amount_residual': "move.residual", 'amount_untaxed_signed': "move.sign * move.untaxed",
            'amount_untaxed_in_currency_signed': "move.sign * move.untaxed",
            'amount_tax_signed': "move.sign * move.tax",
            'amount_total_signed': "move.sign * move.total",
            'amount_total_in_currency_signed': "move.sign * move.total",
            'amount_residual_signed': "move.sign * move.residual",
            'create_date': "move.date_order", 'write_date': "move.date_order", **more})
        for kind, joined, more in (
            ('bill', '', {}),
            ('note', "JOIN bench.move AS bill ON bill.n = move.n AND bill.kind = 'bill'",
             {'reversed_entry_id': "bill.id"}))
    ],
    'account_move_line': [
        clone for kind in ('bill', 'note') for clone in (
            Clone('account_move_line', f'{kind}_product',
                  f"bench.line JOIN bench.move ON move.n = line.n AND kind = '{kind}'",
                  _item(f"%({kind}_item)s + line.id", "line.subtotal",
                        product_id="line.product_id",
                        name="'Product ' || line.product_id - %(variant)s",
                        quantity="line.quantity", price_unit="line.price", discount="line.discount",
                        unit_cost="line.cost", price_subtotal="line.subtotal",
                        price_total="line.subtotal + line.tax")),
            Clone('account_move_line', f'{kind}_tax', f"bench.move WHERE kind = '{kind}'",
                  _item("%(tax_item)s + move.id", "move.tax",
                        tax_base_amount="move.sign * move.untaxed")),
            Clone('account_move_line', f'{kind}_payment_term', f"bench.move WHERE kind = '{kind}'",
                  _item("%(term_item)s + move.id", "-move.total", name="move.name",
                        date_maturity="move.day", amount_residual="move.sign * move.residual",
                        amount_residual_currency="move.sign * move.residual",
                        reconciled="move.residual = 0")),
        )
    ],
    'account_move_line_account_tax_rel': ["""
        INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)
        SELECT CASE kind WHEN 'bill' THEN %(bill_item)s ELSE %(note_item)s END + line.id, %(tax)s
        FROM bench.line JOIN bench.move ON move.n = line.n
        """],
    'sale_order_line_invoice_rel': ["""
        INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)
        SELECT CASE kind WHEN 'bill' THEN %(bill_item)s ELSE %(note_item)s END + line.id, line.id
        FROM bench.line JOIN bench.move ON move.n = line.n
        """],
    'crm_call': [Clone(
        'crm_call', 'call',
        'bench.call JOIN res_users "user" ON "user".id = call.user_id'
        ' JOIN res_partner person ON person.id = "user".partner_id'
        " JOIN res_partner customer ON customer.id = call.partner_id", {
            'id': "call.id", 'partner_id': "call.partner_id", 'user_id': "call.user_id",
            'phone': "customer.phone", 'res_id': "call.order_id", 'outcome_id': "call.outcome_id",
            'outcome_kind': "call.kind", 'date_start': "call.date",
            'duration': "1 + floor(10 * wait)", 'callback_at': "call.callback_at",
            'reached': "call.kind != 'no_answer'",
            'reach_rate': "CASE call.kind WHEN 'no_answer' THEN 0 ELSE 100 END",
            'hour': "to_char(timezone(COALESCE(person.tz, 'UTC'), timezone('UTC', call.date)),"
                    " 'HH24')",
            'weekday': "to_char(timezone(COALESCE(person.tz, 'UTC'), timezone('UTC', call.date)),"
                       " 'ID')",
            'create_uid': "call.user_id", 'create_date': "call.date", 'write_date': "call.date"})],
    'payment_transaction': [Clone('payment_transaction', 'attempt', "bench.failed", {
        'id': "failed.id", 'reference': "'Attempt ' || failed.n", 'amount': "failed.total",
        'partner_id': "failed.partner_id", 'last_state_change': "failed.date",
        'create_date': "failed.date"})],
    'sale_order_transaction_rel': ["""
        INSERT INTO sale_order_transaction_rel (transaction_id, sale_order_id)
        SELECT id, order_id FROM bench.failed
        """],
    'crm_manager_change': [
        Clone('crm_manager_change', 'ledger', "bench.lot WHERE manager_id IS NOT NULL", {
            'id': "nextval('crm_manager_change_id_seq')", 'order_id': "lot.id",
            'partner_id': "lot.partner_id", 'to_user_id': "lot.manager_id", 'date': "date_order",
            'create_date': "date_order"}),
        Clone('crm_manager_change', 'ledger', "bench.customer WHERE manager_id IS NOT NULL", {
            'id': "nextval('crm_manager_change_id_seq')", 'kind': "'personal'", 'order_id': "NULL",
            'partner_id': "customer.id", 'to_user_id': "customer.manager_id"})],
    'mail_message': [Clone('mail_message', 'message', "bench.lot WHERE n %% 3 = 0", {
        'id': "nextval('mail_message_id_seq')", 'message_id': "'<bench.' || n || '@bench>'",
        'res_id': "lot.id", 'date': "date_order", 'create_date': "date_order",
        'write_date': "date_order"})],
}
# Whose rows are many, and are made faster without keys and indexes.
LARGE = [
    'product_product', 'product_template', 'res_partner', 'sale_order', 'sale_order_line',
    'account_tax_sale_order_line_rel', 'account_move', 'account_move_line',
    'account_move_line_account_tax_rel', 'sale_order_line_invoice_rel', 'crm_call',
    'payment_transaction', 'sale_order_transaction_rel', 'crm_manager_change', 'mail_message',
]
NUMBERS = [
    f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
    for table in LARGE if not table.endswith('_rel')
]


def fill(registry, count, seed=SEED, say=print):
    """Fill the database with `count` orders and what belongs to them; go on where it was left.

    :param registry: of a database with the addons
    :param int count: how many orders, 100 or more
    :param int seed: the same seed gives the same data
    :param say: is told how far it is
    :raise RuntimeError: when the database holds data of another size or seed, or what was made is
        not what Odoo makes
    """
    start = time.perf_counter()
    progress = bulk.Progress(registry, {'orders': count, 'seed': seed}, say)
    progress.step('people', _make_people)
    progress.step('patterns', lambda cr, facts: _make_patterns(cr, progress, count))
    progress.step('lots', bulk.run(LOTS))
    progress.step('facts', lambda cr, facts: _count(cr, progress, facts))
    progress.step('keys and indexes taken away', bulk.take_away(LARGE))
    for table, statements in TABLES.items():
        progress.step(table, bulk.run(statements))
    progress.step('numbers', bulk.run(NUMBERS))
    bulk.put_back(progress, LARGE)
    progress.step('sales facts', lambda cr, facts: _make_sales_facts(cr))
    differences = spot_checks(registry, seed, say)
    if differences:
        raise RuntimeError(f"Odoo computes something else: {differences[:20]}")
    say(f"{count} orders in {time.perf_counter() - start:.0f} s. Every foreign key was checked.")


def _make_sales_facts(cr):
    """Let the addon say what the bills have sold."""
    facts = bulk.environment(cr)['crm.sales.fact']
    facts._fill()
    cr.execute("ANALYZE crm_sales_fact, crm_sales_month")
    return facts.search_count([])


def spot_checks(registry, seed=SEED, say=print):
    """Let Odoo compute anew what is stored about some orders drawn by lot.

    :return: what differs, as tuples of record, field, what was stored and what was computed
    :rtype: list[tuple]
    """
    with registry.cursor() as cr:
        env = bulk.environment(cr)
        cr.execute("SELECT id FROM bench.lot ORDER BY id")
        ids = [row[0] for row in cr.fetchall()]
        orders = env['sale.order'].browse(
            sorted(random.Random(seed).sample(ids, min(SPOT_CHECKS, len(ids)))))
        partners = orders.partner_id | orders.partner_id.commercial_partner_id
        differences = [
            difference
            for records in (partners, orders.order_line, orders.call_ids, orders)
            for difference in _recompute(records, COMPUTED[records._name])
        ]
        say(f"{len(orders)} orders, {len(orders.order_line)} lines and {len(orders.call_ids)} calls"
            f" computed anew: {len(differences)} differences")
        cr.rollback()
    return differences


def _recompute(records, names):
    """Return what differs when Odoo computes some fields of records anew."""
    stored = {(record.id, name): record[name] for record in records for name in names}
    for name in names:
        records.env.add_to_compute(records._fields[name], records)
    return [
        (record, name, stored[record.id, name], record[name])
        for record in records for name in names
        if not _is_same(stored[record.id, name], record[name])
    ]


def _is_same(stored, computed):
    return abs(stored - computed) < 0.005 if isinstance(stored, float) else stored == computed


def _make_people(cr, facts):
    """Make those who call, who sell and who lead; the password of all of them is `bench`."""
    env = bulk.environment(cr)
    users = env['res.users'].create([
        {
            'name': f"{login.title()} {number}", 'login': f'{login}{number}',
            'group_ids': [Command.set(env.ref(f'crm_roles.group_{role}').ids)],
        }
        for login, role, count in (
            ('caller', 'order_manager', CALLERS),
            ('rep', 'account_representative', REPRESENTATIVES), ('lead', 'call_center_lead', 1))
        for number in range(1, count + 1)
    ])
    # One hash for all: it takes half a second.
    cr.execute("UPDATE res_users SET password = %s WHERE id = ANY(%s)", [
        users._crypt_context().hash('bench'), users.ids])
    return len(users)


def _make_patterns(cr, progress, count):
    """Let Odoo make one of each, and keep their ids and those from which on new rows are numbered.

    They are a customer, a contact, an order that somebody tried to pay and was called about, its
    bill and its credit note.
    """
    env = bulk.environment(cr)
    company = env['res.partner'].create({
        'name': "Pattern", 'is_company': True, 'phone': '+12122000000', 'tz': False,
        'email': 'pattern@customer.example', 'country_id': env.ref('base.us').id})
    contact = env['res.partner'].create({
        'name': "Contact", 'parent_id': company.id, 'phone': '+12124000000', 'tz': False,
        'email': 'contact@customer.example'})
    product = env['product.product'].create({
        'name': "Pattern", 'list_price': 100.0, 'standard_price': 60.0, 'invoice_policy': 'order'})
    order = env['sale.order'].create({
        'partner_id': company.id, 'user_id': env.ref('base.user_admin').id,
        'order_line': [Command.create({'product_id': product.id})]})
    order.action_confirm()
    attempt = env['payment.transaction'].create({
        'provider_id': env.ref('payment.payment_provider_demo').id,
        'payment_method_id': env['payment.method'].with_context(active_test=False).search(
            [], limit=1).id,
        'reference': "Pattern", 'amount': order.amount_total, 'partner_id': company.id,
        'currency_id': order.currency_id.id, 'sale_order_ids': [Command.set(order.ids)]})
    attempt._set_error("The card was refused.")
    call = order.log_call(env.ref('crm_calls.crm_call_outcome_no_answer'))
    bill = order._create_invoices()
    bill.action_post()
    reversal = env['account.move.reversal'].with_context(
        active_model='account.move', active_ids=bill.ids).create({'journal_id': bill.journal_id.id})
    reversal.reverse_moves()
    note = reversal.new_move_ids
    note.action_post()
    ledger = env['crm.manager.change'].sudo().create({
        'kind': 'order', 'order_id': order.id, 'partner_id': company.id, 'user_id': env.uid,
        'company_id': order.company_id.id, 'date': Datetime.now(), 'reason': 'created'})
    patterns = {
        'company': company, 'contact': contact, 'product': product,
        'template': product.product_tmpl_id, 'order': order, 'line': order.order_line,
        'bill': bill, 'note': note, 'call': call, 'attempt': attempt, 'ledger': ledger,
        'message': order.message_post(body="Pattern", message_type='comment'),
        'tax': order.order_line.tax_ids, 'person': env.ref('base.user_root').search(
            [('login', '=', 'caller1')]),
        **{f'{kind}_{part}': move.line_ids.filtered(
            lambda line, part=part: line.display_type == part)
           for kind, move in (('bill', bill), ('note', note))
           for part in ('product', 'tax', 'payment_term')},
        **{name: env.ref(f'crm_calls.crm_call_outcome_{name}')
           for name in ('no_answer', 'busy', 'callback', 'promised', 'lost')},
    }
    env.flush_all()
    progress.keep(cr, {name: record.id for name, record in patterns.items()})
    # Addons can be imported by now.
    from odoo.addons.crm_order_manager.models.odds import FIRST_GUESS

    companies = max(count // 5, 10)
    progress.keep(cr, {
        'companies': companies, 'contacts': companies * 2 // 3, 'callers': CALLERS,
        'people': CALLERS + REPRESENTATIVES, 'products': min(PRODUCTS, max(count // 10, 20)),
        'today': int(time.time()), 'guess': round(FIRST_GUESS * 1000000)})
    for name, table in (
        ('partner', 'res_partner'), ('first_order', 'sale_order'),
        ('first_line', 'sale_order_line'), ('move', 'account_move'), ('first_call', 'crm_call'),
        ('first_attempt', 'payment_transaction'), ('variant', 'product_product'),
        ('first_template', 'product_template'), ('item', 'account_move_line'),
    ):
        cr.execute(f"SELECT max(id) FROM {table}")
        progress.keep(cr, {name: cr.fetchone()[0]})
    return len(patterns)


def _count(cr, progress, facts):
    """Keep where the numbers of the entries of bills begin, so that each has one of its own."""
    cr.execute("SELECT max(id) FROM bench.line")
    last_line = cr.fetchone()[0]
    cr.execute("SELECT COALESCE(max(id), 0) FROM bench.move")
    last_move = cr.fetchone()[0]
    first = facts['item']
    progress.keep(cr, {
        'bill_item': first, 'note_item': first + last_line, 'tax_item': first + 2 * last_line,
        'term_item': first + 2 * last_line + last_move})
    return 4
