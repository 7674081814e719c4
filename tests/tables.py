"""Tables that say who may do what, which a person can check and a test compares with the facts."""

import csv
import os

from common import ROLES, SuiteCase

from odoo.fields import Command
from odoo.tests import new_test_user

# Beside the roles, those of Odoo whom our addons give something.
OTHERS = {
    'employee': 'base.group_user', 'accountant': 'account.group_account_invoice',
    'administrator': 'base.group_system', 'portal': 'base.group_portal'}
PEOPLE = [*ROLES, *OTHERS]


class TableCase(SuiteCase):
    """A table with a row per thing and a column per person; a cell that is missing fails.

    `table` is the file, `keys` are its first columns, and what `update` names in the environment
    writes it anew. Rows of addons that are not installed stay as they are.
    """

    table = update = None
    keys = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        together = {'company_id': company.id, 'company_ids': [Command.set(company.ids)]}
        cls.people = {
            **cls.roles,
            **{name: new_test_user(cls.env, f'{name}_user', group, **together)
               for name, group in OTHERS.items()}}
        cls.installed = cls.env['ir.module.module']._installed()

    @classmethod
    def _facts(cls):
        """Return the rows as they are now, each a dictionary of texts."""
        raise NotImplementedError

    def _compare(self):
        """Compare the table with the facts, and write it first when that is asked for."""
        facts = {self._key(row): row for row in self._facts()}
        if os.environ.get(self.update):
            self._write(facts)
        with self.table.open() as file:
            told = {self._key(row): row for row in csv.DictReader(file)}
        self.assertTrue(facts)
        self.assertFalse(
            sorted(set(facts) - set(told)), f"Say in {self.table.name} who may do what with these.")
        self.assertFalse(
            sorted(key for key in set(told) - set(facts) if key[0] in self.installed),
            f"{self.table.name} speaks of what is no more.")
        different = [
            f'{" ".join(key)}, {name}: {told[key].get(name)} in the table, {cell} in fact'
            for key, row in facts.items() for name, cell in row.items()
            if told[key].get(name) != cell]
        self.assertFalse(different)

    def _key(self, row):
        return tuple(row[name] for name in self.keys)

    def _write(self, facts):
        kept = {}
        if self.table.exists():
            with self.table.open() as file:
                kept = {self._key(row): row for row in csv.DictReader(file)
                        if row['addon'] not in self.installed}
        rows = [row for _key, row in sorted({**kept, **facts}.items())]
        with self.table.open('w') as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator='\n')
            writer.writeheader()
            writer.writerows(rows)
