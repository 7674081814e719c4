"""What the faults of this folder share."""

import time
from contextlib import contextmanager

from common import cloned_database
from page import markdown

from odoo.sql_db import close_db, db_connect


class Faults:
    """A database that is copied for each fault, and what was seen."""

    def __init__(self, arguments, say):
        self.database, self.dose, self.seed = arguments.database, arguments.dose, arguments.seed
        self.say, self.tables = say, []
        # What cannot be done in this time is not done, and said.
        self.seconds = 60 * arguments.minutes

    def of_dose(self, small, full, test=None):
        """Return how many it is of something, by the dose asked for."""
        return {'full': full, 'small': small, 'test': test or small}[self.dose]

    @contextmanager
    def clone(self, purpose):
        """Give the name of a copy of the database, which is dropped after."""
        with self.clone_of(self.database, purpose) as name:
            yield name

    @contextmanager
    def clone_of(self, template, purpose):
        """Give the name of a copy of such a copy, which is dropped after, too."""
        close_db(template)
        wait_until_free(template)
        with cloned_database(template, f'fault_{purpose}') as name:
            try:
                yield name
            finally:
                close_db(name)

    def table(self, title, rows, remark=''):
        """Keep a table for the results, and say it."""
        self.tables.append({'title': title, 'rows': rows, 'remark': remark})
        self.say('\n'.join([f"\n{title} ({remark})" if remark else f"\n{title}", *markdown(rows)]))


def wait_until_free(database):
    """Wait until nobody is in a database, for two minutes at most: else it cannot be copied."""
    end = time.monotonic() + 120
    while time.monotonic() < end and value(
            'postgres', "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", database):
        time.sleep(1)
    close_db('postgres')


def rows(database, query, *arguments):
    """Return what a query finds."""
    with db_connect(database).cursor() as cr:
        cr.execute(query, arguments)
        return cr.fetchall()


def value(database, query, *arguments):
    """Return the one value a query finds."""
    [[found]] = rows(database, query, *arguments)
    return found
