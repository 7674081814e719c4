"""What keeping the sales facts costs: to who posts bills, and to who makes them anew."""

import statistics
import time
from threading import Barrier, Thread

import psycopg2

BILLS = 93
WRITERS, APPENDS = 8, 200
# Seconds until it is tried again to lock the facts: the database was cleaning up.
PATIENCE = 5


def post(bench):
    """Post bills one after the other, with and without facts in turns.

    :return: the time with facts by that without, and how many statements more they are
    :rtype: tuple[float, int]
    """
    arms = ['with', 'without', 'control']
    samples = {arm: [] for arm in arms}
    with bench.environment('admin') as env:
        moves = env['account.move'].sudo()
        original = type(moves)._append_sales_facts
        drafts = _drafts(env, moves)
        for number, draft in enumerate(drafts):
            arm = arms[number % len(arms)]
            if arm != 'with':
                type(moves)._append_sales_facts = lambda moves, sign: None
            try:
                sample = bench.timed(env, draft.action_post)
            finally:
                type(moves)._append_sales_facts = original
            if number >= len(arms):
                samples[arm].append(sample)
    medians = {
        arm: statistics.median(sample.seconds for sample in samples[arm]) for arm in arms}
    statements = {
        arm: statistics.median_low(sample.statements for sample in samples[arm]) for arm in arms}
    bench.table("Post a bill", [
        {'arm': arm, 'median ms': round(1000 * medians[arm], 2),
         'ratio': round(medians[arm] / medians['without'], 3), 'statements': statements[arm]}
        for arm in arms], f"{len(samples['with'])} bills each, in turns")
    plain = statistics.mean([medians['without'], medians['control']])
    return medians['with'] / plain, statements['with'] - statements['without']


def _drafts(env, moves):
    """Return new bills, each of another customer who was billed before."""
    posted = moves.search(
        [('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),
         ('payment_state', '=', 'not_paid')], order='id', limit=BILLS)
    drafts = moves.union(*(bill.copy({'invoice_date': bill.invoice_date}) for bill in posted))
    drafts.partner_id.customer_rank = 1
    env.flush_all()
    return drafts


def anew(bench):
    """Return the median seconds to make all facts and to compare them, and the lines they are of.

    :rtype: tuple[float, float, int]
    """
    with bench.environment('admin') as env:
        env.cr.execute("SELECT count(*) FROM account_move_line WHERE display_type = 'product'")
        [lines] = env.cr.fetchone()
    rounds = [_anew_once(bench) for _round in range(3)]
    filled, compared = zip(*rounds, strict=True)
    bench.table("All facts anew", [
        {'lines': lines, 'made, median s': round(statistics.median(filled), 2),
         'compared, median s': round(statistics.median(compared), 2)}])
    return statistics.median(filled), statistics.median(compared), lines


def _anew_once(bench):
    """Return the seconds to make all facts and to compare them, as soon as nobody cleans them up.

    :rtype: tuple[float, float]
    """
    while True:
        with bench.environment('admin') as env:
            facts, *sums = [env[f'crm.sales.{name}'].sudo() for name in ('fact', 'month', 'total')]
            found = bench.timed(env, lambda facts=facts, sums=sums: [
                model._differences(limit=10) for model in (facts, *sums)])
            if any(found.result):
                raise RuntimeError(f"The facts are not the books: {found.result}")
            try:
                return bench.timed(env, facts._fill).seconds, found.seconds
            except psycopg2.errors.LockNotAvailable:
                time.sleep(PATIENCE)


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
