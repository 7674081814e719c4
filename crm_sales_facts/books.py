"""What the books say was sold, as SQL: one place for what counts, and how much.

A line counts when it sells or takes back something on a posted bill, credit note or receipt of a
customer. All amounts are in the currency of the company, as the bill was booked; what is credited
is below 0.
"""

from odoo.tools import SQL

SALE_TYPES = ('out_invoice', 'out_refund', 'out_receipt')
KEYS = ('partner_id', 'product_id', 'company_id', 'date')
MEASURES = ('quantity', 'amount', 'cost')
# A month knows no products, but how many facts are in it, and when something was bought.
MONTH_KEYS = ('partner_id', 'company_id', 'date')
SUMS = MEASURES + ('fact_count', 'date_first', 'date_last')
# What of a bill, and of its lines, changes what was sold.
MOVE_FIELDS = {
    'state', 'partner_id', 'invoice_date', 'date', 'journal_id', 'company_id', 'move_type',
    'currency_id', 'line_ids', 'invoice_line_ids'}
LINE_FIELDS = {
    'quantity', 'balance', 'debit', 'credit', 'amount_currency', 'price_unit', 'discount',
    'product_id', 'product_uom_id', 'display_type', 'move_id', 'unit_cost', 'currency_id'}
# Digits of a cost, and of a quantity in another unit, after the point.
DIGITS = 6

COUNTS = SQL(
    "line.display_type = 'product' AND move.state = 'posted' AND move.move_type IN %s", SALE_TYPES)

NOTHING = SQL()
CUSTOMER = SQL("partner.commercial_partner_id")
UNIT_COST = SQL("line.unit_cost")
# When a fact says that something was bought, and not only given back.
BOUGHT = SQL("(fact.amount > 0 OR fact.amount = 0 AND fact.quantity > 0)")


def columns(names=KEYS + MEASURES):
    """Return the columns of the facts, one after the other."""
    return SQL(", ").join(SQL.identifier(name) for name in names)


def sums(names=MEASURES):
    """Return the sums of the measures, each under its own name."""
    return SQL(", ").join(
        SQL("sum(%s) AS %s", SQL.identifier(name), SQL.identifier(name)) for name in names)


def booked(scope, sign=1, partner=CUSTOMER, unit_cost=UNIT_COST, join=NOTHING):
    """Return the query of what was sold by customer, product, company and day.

    :param SQL scope: which lines (`line`), bills (`move`), customers (`partner`) or products
        (`product`, `template`)
    :param sign: -1 to take it back
    :type sign: int or SQL
    :param SQL partner: to whom it was sold
    :param SQL unit_cost: what one unit has cost
    :param SQL join: more tables
    :rtype: SQL
    """
    return SQL(
        """
        SELECT %(partner)s AS partner_id, line.product_id, line.company_id,
               COALESCE(move.invoice_date, move.date) AS date,
               %(sign)s * sum(side * round(
                    line.quantity * COALESCE(line_unit.factor, 1)
                    / COALESCE(NULLIF(unit.factor, 0), 1), %(digits)s)) AS quantity,
               %(sign)s * sum(-line.balance) AS amount,
               %(sign)s * sum(side * round(
                    line.quantity * COALESCE(%(unit_cost)s, 0), currency.decimal_places)) AS cost
        FROM account_move_line line
        JOIN account_move move ON move.id = line.move_id
        JOIN res_company company ON company.id = line.company_id
        JOIN res_currency currency ON currency.id = company.currency_id
        LEFT JOIN res_partner partner ON partner.id = move.partner_id
        LEFT JOIN product_product product ON product.id = line.product_id
        LEFT JOIN product_template template ON template.id = product.product_tmpl_id
        LEFT JOIN uom_uom unit ON unit.id = template.uom_id
        LEFT JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id AND unit.id IS NOT NULL
        %(join)s
        CROSS JOIN LATERAL (
            SELECT CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END AS side) AS sides
        WHERE %(counts)s AND %(scope)s
        GROUP BY 1, 4, 3, 2
        """,
        scope=scope, sign=sign, partner=partner, unit_cost=unit_cost, join=join, counts=COUNTS,
        digits=DIGITS)


def costs(scope):
    """Return the query of what one unit of each line in `scope` has cost that has no cost yet.

    It is in the currency of the company: for a credit note what the same product has cost on the
    bill, else the cost on the line of the order, else the cost of the product now.

    :param SQL scope: which lines (`line`) or bills (`move`)
    :return: a query with the columns `line_id` and `unit_cost`
    :rtype: SQL
    """
    return SQL(
        """
        SELECT line.id AS line_id,
               round(COALESCE(credited.cost, ordered.cost, known.cost, 0), %(digits)s) AS unit_cost
        FROM account_move_line line
        JOIN account_move move ON move.id = line.move_id
        LEFT JOIN product_product product ON product.id = line.product_id
        LEFT JOIN product_template template ON template.id = product.product_tmpl_id
        LEFT JOIN uom_uom unit ON unit.id = template.uom_id
        LEFT JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
        CROSS JOIN LATERAL (SELECT COALESCE(line_unit.factor, unit.factor, 1) AS factor) AS own
        LEFT JOIN LATERAL (
            SELECT origin.unit_cost * own.factor / COALESCE(origin_unit.factor, own.factor) AS cost
            FROM account_move_line origin
            LEFT JOIN uom_uom origin_unit ON origin_unit.id = origin.product_uom_id
            WHERE move.move_type = 'out_refund' AND origin.move_id = move.reversed_entry_id
              AND origin.product_id = line.product_id AND origin.display_type = 'product'
              AND origin.unit_cost IS NOT NULL
            ORDER BY abs(origin.price_unit - line.price_unit), origin.id LIMIT 1
        ) AS credited ON TRUE
        LEFT JOIN LATERAL (
            SELECT sold.purchase_price::numeric
                   / COALESCE(NULLIF(sale.currency_rate::numeric, 0), 1)
                   * own.factor / COALESCE(NULLIF(sold_unit.factor, 0), own.factor) AS cost
            FROM sale_order_line_invoice_rel link
            JOIN sale_order_line sold ON sold.id = link.order_line_id
            JOIN sale_order sale ON sale.id = sold.order_id
            LEFT JOIN uom_uom sold_unit ON sold_unit.id = sold.product_uom_id
            WHERE link.invoice_line_id = line.id AND sold.product_id = line.product_id
            ORDER BY sold.id LIMIT 1
        ) AS ordered ON TRUE
        CROSS JOIN LATERAL (
            SELECT (product.standard_price ->> line.company_id::text)::numeric
                   * own.factor / COALESCE(NULLIF(unit.factor, 0), own.factor) AS cost
        ) AS known
        WHERE line.unit_cost IS NULL AND %(counts)s AND %(scope)s
        """,
        scope=scope, counts=COUNTS, digits=DIGITS)


def appending():
    """Return the statement that makes the function by which bills are posted and reset.

    It appends to the deltas what some bills sell, or with -1 takes it back, and returns the costs
    of the lines that had none. It is a function, since a connection then plans the statement once;
    the planning would take ten times as long as the work.

    :rtype: SQL
    """
    posted = SQL("move.id = ANY($1)")
    return SQL(
        """
        CREATE OR REPLACE FUNCTION crm_sales_append(int[], int)
        RETURNS TABLE (appended_line_id int, appended_cost numeric) LANGUAGE plpgsql
        SET plan_cache_mode = force_generic_plan AS $append$
        BEGIN
            RETURN QUERY
            WITH cost AS MATERIALIZED (%(costs)s),
            appended AS (INSERT INTO crm_sales_fact_delta (%(columns)s) %(booked)s)
            SELECT line_id, unit_cost FROM cost;
        END
        $append$
        """,
        costs=costs(SQL("$2 > 0 AND %s", posted)), columns=columns(), booked=booked(
            posted, sign=SQL("$2"), unit_cost=SQL("COALESCE(line.unit_cost, cost.unit_cost)"),
            join=SQL("LEFT JOIN cost ON cost.line_id = line.id")))
