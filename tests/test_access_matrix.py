"""Who may do what with which document, as a table that a person can check.

`access_matrix.csv` has a row per model and a column per role. A cell says read, write, create
and delete: a capital for all records and fields, a small letter for some, a dash for none. The
test compares it with what the database allows and with what the role matrix shows, so a right
that is gained or lost by accident is seen. After a change that is meant, write the table anew
and read the difference:

    UPDATE_ACCESS_MATRIX=1 scripts/test tests/test_access_matrix.py
    git diff tests/access_matrix.csv

The rows of addons that are not installed stay as they are.
"""

import csv
import os
from pathlib import Path

from common import ROLES, SuiteCase

from odoo.tests import tagged

TABLE = Path(__file__).with_name('access_matrix.csv')
OPERATIONS = {'read': 'r', 'write': 'w', 'create': 'c', 'unlink': 'd'}


@tagged('post_install', '-at_install')
class TestAccessMatrix(SuiteCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.groups = {role: cls.env.ref(f'crm_roles.group_{role}') for role in ROLES}
        cls.names = [
            name for name in cls.env['crm.role.matrix']._matrix_models() if name in cls.env]
        if os.environ.get('UPDATE_ACCESS_MATRIX'):
            cls._update()
        cls.table = cls._read()

    def test_every_role_is_listed(self):
        roles = self.env['crm.role.matrix']._matrix_roles()
        self.assertEqual(sorted(roles.ids), sorted(group.id for group in self.groups.values()))
        with TABLE.open() as file:
            self.assertEqual(next(csv.reader(file)), ['addon', 'model', *ROLES])

    def test_every_document_is_listed(self):
        self.assertFalse(
            set(self.names) - set(self.table),
            "Models without a row in access_matrix.csv: say there who may do what with them.")

    def test_every_row_is_of_a_document(self):
        installed = self.env['ir.module.module']._installed()
        stale = {
            name for name, row in self.table.items()
            if row['addon'] in installed and name not in self.names}
        self.assertFalse(stale, "Rows of access_matrix.csv without a model in the role matrix.")

    def test_role_matrix_shows_what_the_table_says(self):
        shown = self._shown()
        for name, role, expected in self._cells():
            with self.subTest(model=name, role=role):
                self.assertEqual(
                    shown[name][role], expected,
                    f"The role matrix differs from access_matrix.csv in {name}, {role}.")

    def test_database_allows_what_the_table_says(self):
        for name, role, expected in self._cells():
            model = self.env[name].with_user(self.roles[role])
            allowed = ''.join(
                letter if model.has_access(operation) else '-'
                for operation, letter in OPERATIONS.items())
            with self.subTest(model=name, role=role):
                self.assertEqual(
                    allowed, expected.lower(),
                    f"The database differs from access_matrix.csv in {name}, {role}.")

    @classmethod
    def _shown(cls):
        """Return the cells of the role matrix by model and role."""
        return {
            document['model']: {
                role: cls._cell(document['cells'][group.id]) for role, group in cls.groups.items()
            }
            for document in cls.env['crm.role.matrix'].get_matrix()['documents']
        }

    def _cells(self):
        for name in self.names:
            for role in ROLES:
                yield name, role, self.table.get(name, {}).get(role, 'no row')

    @staticmethod
    def _cell(rights):
        return ''.join(
            '-' if name not in rights
            else letter.upper() if rights[name]['scope'] == 'all' else letter
            for name, letter in OPERATIONS.items())

    @classmethod
    def _read(cls):
        if not TABLE.exists():
            return {}
        with TABLE.open() as file:
            return {row['model']: row for row in csv.DictReader(file)}

    @classmethod
    def _update(cls):
        """Write the table anew from the role matrix; keep the rows of what is not installed."""
        installed = cls.env['ir.module.module']._installed()
        kept = [row for row in cls._read().values() if row['addon'] not in installed]
        rows = [
            {'addon': cls.env[name]._original_module, 'model': name, **cells}
            for name, cells in cls._shown().items()]
        with TABLE.open('w') as file:
            writer = csv.DictWriter(file, ['addon', 'model', *ROLES], lineterminator='\n')
            writer.writeheader()
            writer.writerows(rows + kept)
