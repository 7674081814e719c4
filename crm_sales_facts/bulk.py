"""Filling a table with many rows at once: keys and indexes are made when they are all there."""

from contextlib import contextmanager

from odoo.tools import SQL


@contextmanager
def bare(cr, tables):
    """Take the foreign keys and indexes of some tables away, and put them back in the end.

    Until the transaction ends, nobody else can write what the keys refer to.

    :param Cursor cr: of a transaction that has not written into the tables
    :param tables: their names
    """
    keys, indexes = _keys(cr, tables), _indexes(cr, tables)
    for table, name, _definition in keys:
        cr.execute(SQL(
            "ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))
    for name, _definition, _remark in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for name, definition, remark in indexes:
        # The definition is what the database itself says of it.
        cr.execute(definition)
        cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), remark))
    for table, name, definition in keys:
        cr.execute(SQL(
            "ALTER TABLE %s ADD CONSTRAINT %s %s", SQL.identifier(table), SQL.identifier(name),
            SQL(definition)))


def _keys(cr, tables):
    cr.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'",
        [list(tables)])
    return cr.fetchall()


def _indexes(cr, tables):
    cr.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid),"
        " obj_description(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary", [list(tables)])
    return cr.fetchall()
