"""Copies of the database: one with the suite, and its twin that stock Odoo is alone in."""

import shutil
import subprocess

import people
import psycopg2

from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config

# All addons of the suite stand on it.
FIRST_ADDON = 'crm_roles'
WIDE = """
    SELECT DISTINCT attrelid::regclass::text FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid
    WHERE attisdropped AND relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
# Those made for this process, by the database they are copies of.
_twins = {}


def twins(bench):
    """Return the names of a copy of the database, and of one from which the suite was uninstalled.

    They are made when they are first asked for, serve all goals, and `drop_twins` drops them.

    :rtype: tuple[str, str]
    """
    if bench.database not in _twins:
        ours, stock = _twins[bench.database] = (
            f'{bench.database}_ours', f'{bench.database}_stock')
        bench.say("Two copies are made; from one of them the suite is uninstalled.")
        copy(bench.database, ours)
        with Registry(ours).cursor() as cr:
            people.make(cr)
        copy(ours, stock)
        uninstall(stock)
        for database in (ours, stock):
            _tidy(database)
    return _twins[bench.database]


def drop_twins():
    for database in [name for pair in _twins.values() for name in pair]:
        drop(database)
    _twins.clear()


def copy(database, name):
    """Make a copy of a database; whoever is in it is sent away."""
    drop(name)
    forget(database)
    subprocess.run(['createdb', '-T', database, name], check=True)


def drop(name):
    forget(name)
    # PostgreSQL itself may be cleaning up in it, and is not waited for long.
    for tries_left in reversed(range(5)):
        dropped = subprocess.run(
            ['dropdb', '--if-exists', '--force', name], check=not tries_left, capture_output=True)
        if not dropped.returncode:
            break
    shutil.rmtree(config.filestore(name), ignore_errors=True)


def forget(database):
    """Let this process leave a database."""
    Registry.delete(database)
    close_db(database)


def uninstall(database):
    """Take the suite out of a database, with the space its columns took in the rows."""
    with Registry(database).cursor() as cr:
        people.environment(cr)['ir.module.module'].search(
            [('name', '=', FIRST_ADDON)]).button_immediate_uninstall()
    execute(database, *(f'VACUUM FULL {table}' for (table,) in rows(database, WIDE)))


def execute(database, *statements):
    """Execute statements, each in a transaction of its own."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    with connection.cursor() as cr:
        for statement in statements:
            cr.execute(statement)
    connection.close()


def rows(database, query):
    """Return what a query of a database returns."""
    connection = psycopg2.connect(dbname=database)
    with connection, connection.cursor() as cr:
        cr.execute(query)
        found = cr.fetchall()
    connection.close()
    return found


def _tidy(database):
    """Let the database see what it would have seen in the night."""
    execute(database, 'VACUUM ANALYZE')
