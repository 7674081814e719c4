"""Filling tables of Odoo with many rows at once: by SQL, resumable, and checked."""

import time
from dataclasses import dataclass

import psycopg2

from odoo.api import SUPERUSER_ID, Environment

# A number from 0 to 1 for a row and a purpose: always the same one.
LOT_FUNCTION = """
    CREATE OR REPLACE FUNCTION bench.lot(number bigint, purpose int) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT (hashint8extended(number, {seed} * 1000 + purpose) & 4503599627370495)::float8
            / 4503599627370496.0
    $$
"""


def environment(cr, user_id=SUPERUSER_ID):
    """Return an environment in which nothing is sent and nothing tracked."""
    return Environment(cr, user_id, {
        'tracking_disable': True, 'no_reset_password': True, 'mail_create_nosubscribe': True,
        'mail_notify_force_send': False})


@dataclass
class Clone:
    """A statement that makes rows of a table after the pattern of one that is there.

    :param table: the table
    :param pattern: the name of the id of the pattern among the facts
    :param source: what to make a row of each of, as in FROM and WHERE
    :param columns: the columns in which they differ from the pattern, as SQL
    :param of: which rows are patterns, if there are several
    """

    table: str
    pattern: str
    source: str
    columns: dict
    of: str = ''

    def statement(self, cr):
        """Return the statement, with all columns the table has."""
        cr.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = ''", [self.table])
        names = [row[0] for row in cr.fetchall()]
        unknown = self.columns.keys() - set(names)
        if unknown:
            raise ValueError(f"{self.table} has no {', '.join(sorted(unknown))}")
        values = [self.columns.get(name, f'pattern."{name}"') for name in names]
        columns = ', '.join(f'"{name}"' for name in names)
        of = self.of or f'id = %({self.pattern})s'
        return (
            f"WITH pattern AS (SELECT * FROM {self.table} WHERE {of}) "
            f"INSERT INTO {self.table} ({columns}) SELECT {', '.join(values)} "
            f"FROM pattern, {self.source}")


class Progress:
    """Steps that are done once, each in a transaction of its own, however often one begins anew."""

    def __init__(self, registry, settings, say):
        """Begin, or go on where it was left.

        :param dict settings: what the data is made from
        :param say: is told how far it is
        :raise RuntimeError: when the database holds data that was made from something else
        """
        self.registry, self.say = registry, say
        with registry.cursor() as cr:
            cr.execute("""
                CREATE SCHEMA IF NOT EXISTS bench;
                CREATE TABLE IF NOT EXISTS bench.step (
                    name text PRIMARY KEY, rows bigint, seconds float8);
                CREATE TABLE IF NOT EXISTS bench.fact (name text PRIMARY KEY, value int8);
                CREATE TABLE IF NOT EXISTS bench.taken_away (
                    id serial PRIMARY KEY, relation text, definition text, remark text);
            """)
            cr.execute(LOT_FUNCTION.format(seed=int(settings['seed'])))
            self.keep(cr, settings, again=True)

    def keep(self, cr, facts, again=False):
        """Keep numbers for later steps.

        :raise RuntimeError: when another number is known and must not change
        """
        known = self.facts(cr)
        for name, value in facts.items():
            if again and known.get(name, value) != value:
                raise RuntimeError(
                    f"The database holds data with {known[name]} {name}, not {value}. "
                    f"Drop it, or name another one with --database.")
            if name not in known:
                cr.execute("INSERT INTO bench.fact VALUES (%s, %s)", [name, value])

    def facts(self, cr):
        """Return the numbers that are kept, by name."""
        cr.execute("SELECT name, value FROM bench.fact")
        return dict(cr.fetchall())

    def step(self, name, work):
        """Do `work(cr, facts)` unless it is done; it returns how many rows it made."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT 1 FROM bench.step WHERE name = %s", [name])
            if cr.fetchone():
                return
            start = time.perf_counter()
            rows = work(cr, self.facts(cr))
            seconds = time.perf_counter() - start
            cr.execute("INSERT INTO bench.step VALUES (%s, %s, %s)", [name, rows, seconds])
        self.say(f"{name:<36}{rows:>10} {seconds:7.1f} s")


def run(statements):
    """Return the work of a step: statements and clones, one after the other."""
    def work(cr, facts):
        rows = 0
        for statement in statements:
            text = statement.statement(cr) if isinstance(statement, Clone) else statement
            cr.execute(text, facts)
            rows += max(cr.rowcount, 0)
        return rows
    return work


def take_away(tables):
    """Return the work of taking foreign keys and indexes off tables: they are made anew faster."""
    def work(cr, facts):
        cr.execute("""
            INSERT INTO bench.taken_away (relation, definition)
            SELECT conrelid::regclass::text, format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                       conrelid::regclass, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
        """, [tables])
        cr.execute("""
            INSERT INTO bench.taken_away (relation, definition, remark)
            SELECT index.indrelid::regclass::text, pg_get_indexdef(indexrelid),
                   format('COMMENT ON INDEX %%s IS %%L', indexrelid::regclass,
                          obj_description(indexrelid))
            FROM pg_index index
            WHERE index.indrelid::regclass::text = ANY(%s) AND NOT index.indisunique
        """, [tables])
        cr.execute("""
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
            FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%(tables)s)
            UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass)
            FROM pg_index WHERE indrelid::regclass::text = ANY(%(tables)s) AND NOT indisunique
        """, {'tables': tables})
        commands = [row[0] for row in cr.fetchall()]
        for command in commands:
            cr.execute(command.replace('%', '%%'))
        return len(commands)
    return work


def put_back(progress, tables):
    """Make anew what was taken away; so PostgreSQL itself checks every foreign key.

    :raise psycopg2.errors.ForeignKeyViolation: when one leads nowhere
    """
    for table in tables:
        def work(cr, facts, table=table):
            cr.execute(
                "DELETE FROM bench.taken_away WHERE relation = %s"
                " RETURNING id, definition, remark", [table])
            commands = sorted(cr.fetchall())
            cr.execute("SET LOCAL maintenance_work_mem = '256MB'")
            for _id, definition, remark in commands:
                cr.execute(definition.replace('%', '%%'))
                if remark:
                    cr.execute(remark.replace('%', '%%'))
            cr.execute(f'ANALYZE {table}')
            return len(commands)
        progress.step(f'keys and indexes of {table}', work)


def tidy(registry, tables):
    """Let the database see which pages it need not look at, as it does by itself in the night."""
    names = [*tables, 'crm_sales_fact', 'crm_sales_fact_delta', 'crm_sales_month',
             'crm_sales_total']
    connection = psycopg2.connect(dbname=registry.db_name)
    connection.autocommit = True
    with connection.cursor() as cr:
        for name in names:
            cr.execute(f'VACUUM ANALYZE {name}')
    connection.close()
