"""P3: sales and profit by customer, and what keeping the facts costs."""

import statistics
from dataclasses import replace
from datetime import date, timedelta
from threading import current_thread

from measure import Finding, digest
from sales_upkeep import APPENDS, WRITERS, anew, append_at_once, post

TITLE = "Sales and profit by customer, and the upkeep of the facts"
SHOWN = 80
ONES = 301
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
        year = date.today() - timedelta(days=365)
        env.cr.execute(
            "SELECT partner_id FROM crm_sales_fact GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
        [top] = env.cr.fetchone()
    one_year = bench.compare("Profit by customer, one year, the first 80", {
        'suite': lambda: suite(bench, year), 'SQL': lambda: by_hand(bench, year)}, 'SQL')
    ever = bench.compare("Profit by customer, all years, the first 80", {
        'suite': lambda: suite(bench, date.min), 'SQL': lambda: by_hand(bench, date.min)}, 'SQL')
    orders = against_stock(bench, year, 'sale.report', 'margin', [
        ('date', '>=', f'{year} 00:00:00')])
    bills = against_stock(bench, year, 'account.invoice.report', 'price_margin', [
        ('invoice_date', '>=', year), ('state', '=', 'posted')])
    single = one_customer(bench, top)
    posting = post(bench)
    filled, compared, lines = anew(bench)
    failed = append_at_once(bench)

    def arm():
        return suite(bench, year)

    return [
        Finding("one year, against the same by hand", "at most 0.11 x",
                f"{one_year['suite'] / one_year['SQL']:.3f} x",
                one_year['suite'] <= 0.11 * one_year['SQL'], arm),
        Finding("one year, against the stock analysis of sales", "15 x faster",
                f"{orders:.1f} x", orders >= 15, arm),
        Finding("one year, against the stock analysis of bills", "7 x faster",
                f"{bills:.1f} x", bills >= 7, arm),
        Finding("all years, against the same by hand", "faster",
                f"{ever['SQL'] / ever['suite']:.1f} x", ever['suite'] < ever['SQL']),
        Finding("one customer by month, the statement", "at most 1 ms", f"{1000 * single:.2f} ms",
                single <= 0.001),
        Finding("posting, against posting without facts", "at most 1.03 x",
                f"{posting[0]:.3f} x", posting[0] <= 1.03),
        Finding("statements more to post a bill", "at most 1", str(posting[1]), posting[1] <= 1),
        Finding("all facts anew, for a million lines", "at most 15 s",
                f"{filled * 1e6 / lines:.1f} s", filled * 1e6 / lines <= 15),
        Finding("the weekly check, for a million lines", "at most 15 s",
                f"{compared * 1e6 / lines:.1f} s", compared * 1e6 / lines <= 15),
        Finding(f"refused of {WRITERS * APPENDS} appends for one customer by {WRITERS} at once",
                "0", str(failed), failed == 0),
    ]


def against_stock(bench, year, model, measure_name, domain):
    """Return how much faster a year is than by a report of Odoo, measured in turns."""
    def counted(sample):
        # What they come to differs: one counts orders, the other takes the cost of today.
        return replace(sample, result=SHOWN)

    medians = bench.compare(f"One year by {model}", {
        'suite': lambda: counted(suite(bench, year)),
        model: lambda: counted(stock_report(bench, model, measure_name, domain))}, model)
    return medians[model] / medians['suite']


def suite(bench, start):
    """Return the customers with the greatest margin, as the report gives them."""
    with bench.environment('admin') as env:
        report = env['crm.sales.report']
        domain = [('date', '>=', start)] if start > date.min else []
        return bench.timed(env, lambda: digest(
            (partner.id, f'{margin:.2f}') for partner, margin in report._read_group(
                domain, ['partner_id'], ['margin:sum'], order='margin:sum DESC',
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
    """Return the least seconds that the database takes for one customer by month.

    It is so short that on a busy machine most of the time is waiting for a processor.
    """
    with bench.environment('admin') as env:
        thread, times = current_thread(), []
        for _round in range(ONES):
            thread.query_count, thread.query_time = 0, 0.0
            env['crm.sales.report']._read_group(
                [('partner_id', '=', partner_id)], ['date:month'], ['amount:sum', 'margin:sum'])
            times.append(thread.query_time / thread.query_count)
        del thread.query_count, thread.query_time
    bench.table("One customer by month, all years", [
        {'times': ONES, 'least ms': round(1000 * min(times), 3),
         'median ms': round(1000 * statistics.median(times), 3)}])
    return min(times)
