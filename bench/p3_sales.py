"""P3: sales and profit by customer, and what keeping the facts costs."""

import statistics
import time
from datetime import date, timedelta
from threading import Barrier, Thread

import psycopg2
from measure import Finding, Sample, digest

TITLE = "Sales and profit by customer, and the upkeep of the facts"
SHOWN = 80
BILLS = 20
WRITERS, APPENDS = 8, 200
# By hand: the frozen cost, from the books.
BY_HAND = """
    SELECT partner.commercial_partner_id, round(sum(-line.balance - CASE move.move_type
               WHEN 'out_refund' THEN -1 ELSE 1 END * line.quantity * sold.purchase_price::numeric
           ), 2) AS margin
    FROM account_move_line line
    JOIN account_move move ON move.id = line.move_id
    JOIN res_partner partner ON partner.id = move.partner_id
    JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
    JOIN sale_order_line sold ON sold.id = link.order_line_id
    WHERE line.display_type = 'product' AND move.state = 'posted'
      AND move.move_type IN ('out_invoice', 'out_refund') AND move.invoice_date >= %s
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s
"""


def measure(bench):
    with bench.environment('admin') as env:
        today = date.today()
        year = today - timedelta(days=365)
        env.cr.execute(
            "SELECT partner_id FROM crm_sales_fact GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
        [top] = env.cr.fetchone()
    one_year = bench.compare("Profit by customer, one year, the first 80", {
        'suite': lambda: suite(bench, year), 'SQL': lambda: by_hand(bench, year)}, 'SQL')
    ever = bench.compare("Profit by customer, all years, the first 80", {
        'suite': lambda: suite(bench, date.min), 'SQL': lambda: by_hand(bench, date.min)}, 'SQL')
    stock = bench.compare("The same by stock Odoo, one year", {
        'sale.report': lambda: stock_report(
            bench, 'sale.report', 'margin', [('date', '>=', f'{year} 00:00:00')])}, 'sale.report',
        rounds=3)['sale.report']
    bills = bench.compare("Bills by stock Odoo, one year", {
        'account.invoice.report': lambda: stock_report(
            bench, 'account.invoice.report', 'price_margin', [
                ('invoice_date', '>=', year), ('state', '=', 'posted')])},
        'account.invoice.report', rounds=3)['account.invoice.report']
    single = bench.compare("One customer by month, all years", {
        'suite': lambda: one_customer(bench, top)}, 'suite', rounds=3)['suite']
    posting = bench.compare(f"Post {BILLS} bills", {
        'with facts': lambda: post(bench, True), 'without': lambda: post(bench, False)}, 'without')
    rebuilt, lines = rebuild(bench)
    failed = append_at_once(bench)
    return [
        Finding("one year, against the same by hand", "at most 0.11 x",
                f"{one_year['suite'] / one_year['SQL']:.3f} x",
                one_year['suite'] <= 0.11 * one_year['SQL']),
        Finding("one year, against the stock analysis of sales", "15 x faster",
                f"{stock / one_year['suite']:.1f} x", stock >= 15 * one_year['suite']),
        Finding("one year, against the stock analysis of bills", "7 x faster",
                f"{bills / one_year['suite']:.1f} x", bills >= 7 * one_year['suite']),
        Finding("all years, against the same by hand", "faster",
                f"{ever['SQL'] / ever['suite']:.1f} x", ever['suite'] < ever['SQL']),
        Finding("one customer by month", "at most 10 ms", f"{1000 * single:.1f} ms",
                single <= 0.010),
        Finding("posting, against posting without facts", "at most 1.03 x",
                f"{posting['with facts'] / posting['without']:.3f} x",
                posting['with facts'] <= 1.03 * posting['without']),
        Finding("all facts anew, for a million lines", "at most 15 s",
                f"{rebuilt * 1e6 / lines:.1f} s", rebuilt * 1e6 / lines <= 15),
        Finding(f"refused of {WRITERS * APPENDS} appends for one customer by {WRITERS} at once",
                "0", str(failed), failed == 0),
    ]


def suite(bench, start):
    """Return the customers with the greatest margin, as the report gives them."""
    with bench.environment('admin') as env:
        report = env['crm.sales.report']
        domain = [('date', '>=', start)] if start > date.min else []
        return bench.timed(env, lambda: digest(
            (partner.id, f'{margin:.2f}') for partner, margin in report._read_group(
                domain, ['partner_id'], ['margin:sum'], order='margin:sum DESC, partner_id',
                limit=SHOWN)))


def by_hand(bench, start):
    with bench.environment('admin') as env:
        def work():
            env.cr.execute(BY_HAND, [start, SHOWN])
            return digest((partner, f'{margin:.2f}') for partner, margin in env.cr.fetchall())

        return bench.timed(env, work)


def stock_report(bench, model, measure_name, domain):
    with bench.environment('admin') as env:
        report = env[model].sudo()
        return bench.timed(env, lambda: len(report._read_group(
            domain, ['commercial_partner_id'], [f'{measure_name}:sum'],
            order=f'{measure_name}:sum DESC', limit=SHOWN)))


def one_customer(bench, partner_id):
    with bench.environment('admin') as env:
        return bench.timed(env, lambda: len(env['crm.sales.report']._read_group(
            [('partner_id', '=', partner_id)], ['date:month'], ['amount:sum', 'margin:sum'])))


def post(bench, with_facts):
    """Post bills one after the other, as people do."""
    with bench.environment('admin') as env:
        moves = env['account.move'].sudo()
        original = type(moves)._append_sales_facts
        posted = moves.search(
            [('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),
             ('payment_state', '=', 'not_paid')], order='id', limit=BILLS)
        drafts = moves.union(*(bill.copy({'invoice_date': bill.invoice_date}) for bill in posted))
        env.flush_all()
        if not with_facts:
            type(moves)._append_sales_facts = lambda moves, sign: None
        try:
            sample = bench.timed(env, lambda: [draft.action_post() for draft in drafts])
        finally:
            type(moves)._append_sales_facts = original
        return Sample(sample.seconds, sample.statements, len(drafts))


def rebuild(bench):
    """Return the median seconds to make all facts anew, and the lines they are made from."""
    with bench.environment('admin') as env:
        env.cr.execute("SELECT count(*) FROM account_move_line WHERE display_type = 'product'")
        [lines] = env.cr.fetchone()
    seconds = []
    for _round in range(3):
        with bench.environment('admin') as env:
            seconds.append(bench.timed(env, env['crm.sales.fact'].sudo()._rebuild).seconds)
    bench.table("All facts anew", [
        {'lines': lines, 'median s': round(statistics.median(seconds), 2)}])
    return statistics.median(seconds), lines


def append_at_once(bench):
    """Let several sessions append for one customer at once, and return how many were refused."""
    with bench.environment('admin') as env:
        env.cr.execute("SELECT partner_id, product_id, company_id FROM crm_sales_fact LIMIT 1")
        key = env.cr.fetchone()
    refused, barrier = [], Barrier(WRITERS)

    def append():
        connection = psycopg2.connect(dbname=bench.database)
        connection.set_session('REPEATABLE READ')
        barrier.wait()
        for _append in range(APPENDS):
            try:
                with connection, connection.cursor() as cr:
                    cr.execute("""
                        INSERT INTO crm_sales_fact_delta (
                            partner_id, product_id, company_id, date, quantity, amount, cost)
                        VALUES (%s, %s, %s, '1999-01-01', 1, 1, 1)""", key)
            except psycopg2.Error as error:
                refused.append(error)
        connection.close()

    start = time.perf_counter()
    threads = [Thread(target=append) for _writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    with bench.registry.cursor() as cr:
        cr.execute("DELETE FROM crm_sales_fact_delta WHERE date = '1999-01-01'")
    bench.table("Appends at once", [
        {'sessions': WRITERS, 'appends': WRITERS * APPENDS, 'refused': len(refused),
         'per second': round(WRITERS * APPENDS / seconds)}])
    return len(refused)
