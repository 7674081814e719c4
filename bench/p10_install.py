"""P10: how long it takes to install the suite where the orders are there already.

By hand the same columns are added to the tables of Odoo, filled by one statement each from the
values that the installation came to, and indexed; the facts are made by the same statements.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from databases import copy, drop, execute, forget, rows, twins
from sample import Finding

TITLE = "Install the suite on orders that are there"
ROOT = Path(__file__).resolve().parent.parent
MOST = 1.5
COMMAND = 'from odoo.cli import main; main()'
COLUMNS = """
    SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0
      AND NOT attisdropped
"""
INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace
"""


def measure(bench):
    _ours, stock = twins(bench)
    installed, plain = f'{bench.database}_install', f'{bench.database}_plain'
    try:
        copy(stock, installed)
        with_data = _install(bench, installed)
        copy(bench.empty, plain)
        without = _install(bench, plain)
        by_hand, facts, columns = _by_hand(bench, stock, installed)
    finally:
        drop(installed)
        drop(plain)
    data = with_data - without
    ratio = data / (by_hand + facts)
    bench.table("Installation", [
        {'what': what, 's': round(seconds, 1)} for what, seconds in (
            ("the suite on all orders", with_data), ("the suite on an empty database", without),
            ("so for the data", data), (f"{columns} columns and their indexes by hand", by_hand),
            ("the facts", facts))], "once each")
    return [Finding("installation, what the data takes, against the same by hand",
                    f"at most {MOST} x", f"{ratio:.2f} x ({with_data:.0f} s in all)",
                    ratio <= MOST)]


def _install(bench, database):
    """Return the seconds it takes to install all addons."""
    addons = ','.join(sorted(path.parent.name for path in ROOT.glob('*/__manifest__.py')))
    start = time.perf_counter()
    subprocess.run([
        sys.executable, '-W', 'ignore', '-c', COMMAND, '-c', bench.config, '-d', database,
        '-i', addons, '--stop-after-init', '--no-http', '--log-level', 'critical',
    ], check=True, env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})
    return time.perf_counter() - start


def _by_hand(bench, stock, installed):
    """Take the columns away again, and add them by hand.

    :return: the seconds for columns and indexes, those for the facts, and how many columns
    :rtype: tuple[float, float, int]
    """
    added = _added(stock, installed)
    indexes = {
        name: definition for table, name, definition
        in set(rows(installed, INDEXES)) - set(rows(stock, INDEXES)) if table in added}
    execute(installed, *(f"DROP INDEX {name}" for name in indexes))
    execute(installed, "CREATE SCHEMA IF NOT EXISTS bench", *(
        f"CREATE TABLE bench.kept_{table} AS SELECT id, {', '.join(names)} FROM {table}"
        for table, names in added.items()))
    for table, names in added.items():
        execute(installed, f"ALTER TABLE {table} " + ', '.join(
            f'DROP COLUMN {name} CASCADE' for name in names), f"VACUUM FULL ANALYZE {table}")
        execute(installed, f"ALTER TABLE bench.kept_{table} ADD PRIMARY KEY (id)",
                f"ANALYZE bench.kept_{table}")
    start = time.perf_counter()
    for table, names in added.items():
        execute(installed, f"ALTER TABLE {table} " + ', '.join(
            f'ADD COLUMN {name} {kind}' for name, kind in names.items()),
            f"UPDATE {table} SET {', '.join(f'{name} = kept.{name}' for name in names)}"
            f" FROM bench.kept_{table} kept WHERE kept.id = {table}.id")
    execute(installed, *indexes.values())
    by_hand = time.perf_counter() - start
    return by_hand, _facts(bench), sum(map(len, added.values()))


def _added(stock, installed):
    """Return the columns that the suite has added to tables of Odoo, with their types."""
    before, added = {row[:2] for row in rows(stock, COLUMNS)}, {}
    tables = {table for table, _name in before}
    for table, name, kind in rows(installed, COLUMNS):
        if table in tables and (table, name) not in before:
            added.setdefault(table, {})[name] = kind
    return {
        table: names for table, names in added.items()
        if (table, 'id') in before}


def _facts(bench):
    """Return the seconds it takes to make the facts."""
    forget(bench.database)
    with bench.environment('admin') as env:
        return bench.timed(env, env['crm.sales.fact'].sudo()._fill).seconds

