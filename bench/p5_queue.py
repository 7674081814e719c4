"""P5: several callers take orders from one queue at the same time, in processes of their own."""

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from databases import drop
from measure import Finding, Sample
from queue_worker import Caller

from odoo.sql_db import close_db, db_connect

TITLE = "Take the next order from the queue"
SECONDS = 3
ARMS = {'suite': 'suite', 'search and lock': 'stock', 'SQL': 'by_hand'}
SHORT, PICKS = 10000, 60
# Callers get in the way of each other as much in a queue of any length.
LARGEST = 30000
# A queue in which each order waits for its first call.
ALL_WAIT = """
    UPDATE sale_order
    SET call_state = 'to_call', next_call_at = NULL, call_value = amount_total / 2,
        payment_failed_at = NULL, call_user_id = NULL, call_held_at = NULL
    WHERE id IN (SELECT id FROM sale_order ORDER BY id LIMIT %s)
"""
KEPT = ['call_state', 'call_user_id', 'call_held_at', 'order_manager_id', 'write_uid', 'write_date']


def measure(bench):
    findings = []
    if bench.orders <= LARGEST:
        _keep_queue(bench)
        for callers in (4, 8):
            findings += _race(bench, callers)
    findings.append(_growth(bench))
    return findings


def _race(bench, count):
    with _workers(bench, count) as workers:
        medians = bench.compare(f"{count} callers, time per order", {
            name: lambda arm=arm: _pick(bench, workers, arm) for name, arm in ARMS.items()
        }, reference='SQL')
    rows = []
    for name in ARMS:
        samples = [round_[name].extra for round_ in bench.kept]
        waits = sorted(wait for extra in samples for wait in extra['waits'])
        rows.append({
            'arm': name, 'orders/s': round(1 / medians[name]),
            'median wait ms': round(statistics.median(waits), 1),
            'p99 ms': round(waits[int(0.99 * len(waits))], 1), 'longest ms': round(waits[-1]),
            'time lost': f"{statistics.mean(extra['lost'] for extra in samples):.1%}"})
    bench.table(f"{count} callers, how long each waited", rows)
    faster = medians['search and lock'] / medians['suite']
    longest, lost = rows[0]['longest ms'], statistics.mean(
        round_['suite'].extra['lost'] for round_ in bench.kept)
    return [
        Finding(f"{count} callers, against search and lock", "3 x the orders", f"{faster:.1f} x",
                faster >= 3),
        Finding(f"{count} callers, longest wait", "at most 350 ms", f"{longest} ms",
                longest <= 350),
        Finding(f"{count} callers, time lost asleep", "at most 3 %", f"{lost:.1%}", lost <= 0.03),
    ]


def _pick(bench, workers, arm):
    """Let all callers take orders for some seconds; a sample is the time one order takes."""
    _restore_queue(bench)
    for worker in workers:
        worker.stdin.write(json.dumps({'arm': arm, 'seconds': SECONDS}) + '\n')
        worker.stdin.flush()
    results = [json.loads(worker.stdout.readline()) for worker in workers]
    orders = [order for result in results for order in result['orders']]
    waits = [wait for result in results for wait in result['waits']]
    doubles = len(orders) - len(set(orders))
    return Sample(SECONDS / len(orders), 0, f"{doubles} taken twice", {
        'waits': waits,
        'lost': sum(result['slept'] for result in results) / (SECONDS * len(workers))})


@contextmanager
def _workers(bench, count):
    """Start callers, each in a process of his own, and end them."""
    script = Path(__file__).with_name('queue_worker.py')
    workers = [
        subprocess.Popen(
            [sys.executable, '-W', 'ignore', script, bench.config, bench.database,
             f'caller{number}'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
        for number in range(1, count + 1)
    ]
    try:
        for worker in workers:
            worker.stdout.readline()
        yield workers
    finally:
        for worker in workers:
            worker.stdin.close()
            worker.wait()


def _keep_queue(bench):
    _execute(bench.database, "DROP TABLE IF EXISTS bench.queue", f"""
        CREATE TABLE bench.queue AS
        SELECT id, {', '.join(KEPT)} FROM sale_order WHERE call_state != 'done'
    """, "ALTER TABLE bench.queue ADD PRIMARY KEY (id)")


def _restore_queue(bench):
    """Put the queue back as it was, without traces in the table."""
    columns = ', '.join(f'{name} = queue.{name}' for name in KEPT)
    _execute(bench.database, f"""
        UPDATE sale_order SET {columns} FROM bench.queue
        WHERE sale_order.id = queue.id AND (
            sale_order.call_state, sale_order.call_user_id, sale_order.order_manager_id
        ) IS DISTINCT FROM (queue.call_state, queue.call_user_id, queue.order_manager_id)
    """, "DELETE FROM crm_manager_change WHERE reason IN ('taken', 'untouched')",
         "VACUUM sale_order")


def _growth(bench):
    """Take orders from a queue of all orders, and from one of ten thousand."""
    databases = {f'{bench.database}_{name}': size
                 for name, size in (('long', bench.orders), ('short', SHORT))}
    close_db(bench.database)
    try:
        for database, size in databases.items():
            subprocess.run(['createdb', '-T', bench.database, database], check=True)
            _execute(database, "UPDATE sale_order SET call_state = 'done'"
                               " WHERE call_state != 'done'")
            with db_connect(database).cursor() as cr:
                cr.execute(ALL_WAIT, [size])
            _execute(database, "VACUUM ANALYZE sale_order")
        long, short = (Caller(database, 'caller1') for database in databases)
        medians = bench.compare(
            f"One order from a queue of {bench.orders}, and of {SHORT}",
            {'long': lambda: _take(long), 'short': lambda: _take(short)}, reference='short')
    finally:
        for database in databases:
            drop(database)
    ratio = medians['long'] / medians['short']
    return Finding(f"a queue of {bench.orders:,} against one of {SHORT:,}", "at most 2.1 x",
                   f"{ratio:.2f} x", ratio <= 2.1)


def _take(caller):
    """Take some orders and finish each."""
    spent = 0.0
    for _number in range(PICKS):
        start = time.perf_counter()
        order_id = caller.suite()
        spent += time.perf_counter() - start
        caller.finish(order_id)
    return Sample(spent / PICKS, 0, PICKS)


def _execute(database, *statements):
    """Execute statements, each in a transaction of its own."""
    cr = db_connect(database).cursor()
    try:
        cr._cnx.autocommit = True
        for statement in statements:
            cr.execute(statement)
    finally:
        cr._cnx.autocommit = False
        cr.close()
