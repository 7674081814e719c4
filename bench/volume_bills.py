"""Bills, credit notes, and what is still owed."""

from bulk import Clone

LOTS = [
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
}


def number_entries(cr, progress, facts):
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
