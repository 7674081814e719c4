"""Who may read and write which field, as a table that a person can check.

`field_matrix.csv` has a row per field of ours, also of those we add to Odoo's models or narrow
there, and a column per role, for an employee without one, and for a user of the portal. A cell
says r and w for reading and writing the field, for who may read or write the document; that is
what `access_matrix.csv` is about. After a change that is meant:

    UPDATE_FIELD_MATRIX=1 scripts/test tests/test_field_matrix.py
    git diff tests/field_matrix.csv
"""

from pathlib import Path

from common import ADDONS
from tables import TableCase

from odoo.exceptions import AccessError
from odoo.tests import tagged


@tagged('post_install', '-at_install')
class TestFieldMatrix(TableCase):

    table, update = Path(__file__).with_name('field_matrix.csv'), 'UPDATE_FIELD_MATRIX'
    keys = ('addon', 'model', 'field')

    @classmethod
    def _facts(cls):
        for name, model in cls.env.items():
            if model._abstract:
                continue
            reached = {person: model.with_user(user) for person, user in cls.people.items()}
            for field in model._fields.values():
                own = [module for module in field._modules if module in ADDONS]
                if own:
                    yield {
                        'addon': own[0], 'model': name, 'field': field.name,
                        **{person: cls._cell(records, field)
                           for person, records in reached.items()}}

    @staticmethod
    def _cell(records, field):
        return ''.join(
            operation[0] if records._has_field_access(field, operation) else '-'
            for operation in ('read', 'write'))

    def test_every_field_is_open_to_whom_the_table_says(self):
        self._compare()

    def test_a_field_that_is_not_open_is_refused_in_every_way(self):
        for name, field, person in [
                ('sale.order', 'margin', 'service_representative'),
                ('sale.order.line', 'purchase_price', 'order_manager'),
                ('crm.sales.report', 'margin', 'service_representative')]:
            records = self.env[name].with_user(self.people[person])
            with self.subTest(model=name, field=field):
                for call in (
                        lambda records=records, field=field: records.read([field]),
                        lambda records=records, field=field: records.search([(field, '>', 0)]),
                        lambda records=records, field=field: records.search([], order=field),
                        lambda records=records, field=field: records.formatted_read_group(
                            [], [], [f'{field}:sum'])):
                    with self.assertRaises(AccessError):
                        call()
