"""Calls about orders, payments that failed, the ledger of managers, and messages."""

from bulk import Clone

LOTS = [
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
]
COMPUTED = {
    'crm.call': ['outcome_kind', 'reached', 'reach_rate', 'hour', 'weekday'],
}
TABLES = {
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
