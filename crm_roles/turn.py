"""Letting people who press a button of the same record go one after the other."""

from functools import wraps

from psycopg2.errors import SerializationFailure

from odoo.http import request
from odoo.sql_db import Cursor
from odoo.tools import SQL

# How often somebody who waited begins anew: each time somebody else was done.
ATTEMPTS = 50


def one_at_a_time(action):
    """Let an action on the same records wait until it is its turn, and see what was done before.

    Odoo lets whoever meets other work do his again after up to two seconds, then four, up to
    sixteen, and gives up after the fifth time.

    :param action: a method that a person calls; what has to be read is read in it
    """
    @wraps(action)
    def in_turn(self, *args, **kwargs):
        wait_for_turn(self)
        return action(self, *args, **kwargs)

    return in_turn


def wait_for_turn(records):
    """Lock records; who waited for somebody begins his transaction anew, which sees what he did.

    That is done only on behalf of a browser, and as long as nothing was written: nothing is lost
    by it. Else the conflict is left to Odoo.

    :param records: those that will be written
    """
    cr = records.env.cr
    if not request or not records.ids or not isinstance(cr, Cursor):
        return
    records.env.flush_all()
    for attempt in range(1, ATTEMPTS + 1):
        cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        [unwritten] = cr.fetchone()
        if not unwritten:
            return
        try:
            cr.execute(SQL(
                "SELECT FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(records._table), sorted(records.ids)), log_exceptions=False)
            return
        except SerializationFailure:
            if attempt == ATTEMPTS:
                raise
            cr.rollback()
