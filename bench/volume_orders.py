"""Orders of five years in every state, and their lines.

Prices are even and tax is 15 %, so that nothing is rounded and Odoo must come to the same cent.
"""

LOTS = [
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
]
