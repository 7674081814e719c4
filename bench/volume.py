"""Fill a database with orders of five years, as many as are asked for, and show that they are true.

The rows are made by set-based SQL: each table after a record that Odoo itself has made, with those
columns put in that differ from row to row; so the columns of every addon are filled. What is drawn
by lot is a hash of the number of the row and the seed: the same seed gives the same data.

Each part of the data has a module of its own: what is drawn for it (`LOTS`), the tables it fills
(`TABLES`), and what Odoo computes anew of it (`COMPUTED`). Parts that need an addon say which model
it has (`NEEDS`).
"""

import time

import bulk
import volume_bills
import volume_calls
import volume_campaigns
import volume_customers
import volume_order_rows
import volume_orders
import volume_requests
from volume_checks import spot_checks
from volume_patterns import make_patterns, make_people

SEED = 1
PARTS = [
    volume_customers, volume_orders, volume_order_rows, volume_bills, volume_calls,
    volume_requests, volume_campaigns]


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
    parts = [part for part in PARTS if getattr(part, 'NEEDS', 'sale.order') in registry]
    tables = {name: work for part in parts for name, work in _of(part, 'TABLES').items()}
    _draw(progress, parts, count)
    progress.step('keys and indexes taken away', bulk.take_away(list(tables)))
    for name, statements in tables.items():
        progress.step(name, bulk.run(statements))
    progress.step('numbers', bulk.run(
        f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"
        for name in tables if not name.endswith('_rel')))
    bulk.put_back(progress, list(tables))
    progress.step('sales facts', lambda cr, facts: _make_sales_facts(cr))
    bulk.tidy(registry, list(tables))
    computed = {name: names for part in parts for name, names in _of(part, 'COMPUTED').items()}
    differences = spot_checks(registry, seed, computed, say)
    if differences:
        first = {difference[1]: difference for difference in differences}
        raise RuntimeError(f"Odoo computes something else: {list(first.values())}")
    say(f"{count} orders in {time.perf_counter() - start:.0f} s. Every foreign key was checked.")


def _of(part, name):
    return getattr(part, name, {})


def _draw(progress, parts, count):
    """Make people, patterns, and what is drawn by lot."""
    optional = [part for part in parts if hasattr(part, 'NEEDS')]
    progress.step('people', make_people)
    progress.step('patterns', lambda cr, facts: make_patterns(cr, progress, count, optional))
    for part in parts:
        if lots := _of(part, 'LOTS'):
            progress.step(f'lots of {part.__name__[7:]}', bulk.run([*lots, *_analyze(lots)]))
    progress.step('entries', lambda cr, facts: volume_bills.number_entries(cr, progress, facts))


def _analyze(lots):
    """Return the statements that count what was drawn."""
    return [
        f"ANALYZE {lot.split()[2]}" for lot in lots if lot.split()[:2] == ['CREATE', 'TABLE']]


def _make_sales_facts(cr):
    """Let the addon say what the bills have sold."""
    facts = bulk.environment(cr)['crm.sales.fact']
    facts._fill()
    return facts.search_count([])
