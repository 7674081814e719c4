"""Who may read and write which field, as a table that a person can check.

`field_matrix.csv` has a row per field of ours, of those we add to Odoo's models or narrow there,
and of those that a document keeps from some who may write it. It has a column per role, for an
employee without one, and for a user of the portal. A cell says r and w for reading and writing the
field, for who may read or write the document; that is what `access_matrix.csv` is about.
After a change that is meant:

    UPDATE_FIELD_MATRIX=1 scripts/test tests/test_field_matrix.py
    git diff tests/field_matrix.csv
"""

import re
from pathlib import Path

from common import ADDONS
from tables import TableCase

from odoo.exceptions import AccessError
from odoo.tests import tagged

MONEY = re.compile(r'cost|margin|profit|purchase_price|inventory_value')


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
                addon = cls._addon(model, field)
                if addon:
                    yield {
                        'addon': addon, 'model': name, 'field': field.name,
                        **{person: cls._cell(records, field)
                           for person, records in reached.items()}}

    @classmethod
    def _addon(cls, model, field):
        """Return which addon of ours is concerned with a field: by its definition, or guarding it.

        :rtype: str | None
        """
        own = [module for module in field._modules if module in ADDONS]
        guarded = isinstance(model, cls.registry['crm.write.guard'])
        if own or not (guarded and model._field_writers(field.name)):
            return own[0] if own else None
        return 'crm_roles'

    @staticmethod
    def _cell(records, field):
        return ''.join(
            operation[0] if records._has_field_access(field, operation) else '-'
            for operation in ('read', 'write'))

    def test_every_field_is_open_to_whom_the_table_says(self):
        self._compare()

    def test_cost_and_margin_are_told_in_no_way_to_whom_they_are_not_open(self):
        refused, told = set(), []
        for model in self.env.values():
            fields = [
                field for field in model._fields.values()
                if field.groups and MONEY.search(field.name) and not model._abstract]
            for person, user in self.people.items():
                records = model.with_user(user)
                for field in fields:
                    if not records._has_field_access(field, 'read'):
                        told += [
                            f'{field}, {person}: {way}' for way, call in self._ways(records, field)
                            if not self._is_refused(call)]
                        refused.add(field)
        self.assertFalse(told)
        self.assertGreater(len(refused), 20)

    def _ways(self, records, field):
        """Return each way in which a field could be read, and those that tell it by the order."""
        name = field.name
        ways = {
            'read': lambda: records.read([name]),
            'web_read': lambda: records.web_read({name: {}}),
            'search_read': lambda: records.search_read([], [name], limit=1)}
        # sudo: any model - a record there is, no matter whose
        if one := records.sudo().search([], limit=1).sudo(False):
            ways['export'] = lambda: one.export_data([name])
            ways['fetch'] = lambda: one.fetch([name])
        if field.store or field.search:
            ways['domain'] = lambda: records.search([(name, '>', 0)], limit=1)
            ways['name_search'] = lambda: records.name_search('', [(name, '>', 0)], limit=1)
        if field.store:
            ways['order'] = lambda: records.search([], order=f'{name} desc', limit=1)
            ways['sum'] = lambda: records.formatted_read_group([], [], [f'{name}:sum'])
            ways['having'] = lambda: records.formatted_read_group(
                [], ['id'], ['__count'], having=[(f'{name}:sum', '>', 0)])
        return ways.items()

    @staticmethod
    def _is_refused(call):
        try:
            call()
        except AccessError:
            return True
        return False

    def test_cost_and_margin_are_not_told_through_another_document(self):
        for person in ('service_representative', 'order_manager', 'portal'):
            for name, path in [
                    ('sale.order', 'order_line.margin'), ('res.partner', 'sale_order_ids.margin'),
                    ('sale.order', 'order_line.purchase_price')]:
                records = self.env[name].with_user(self.people[person])
                with self.subTest(person=person, path=path), self.assertRaises(AccessError):
                    records.search([(path, '>', 0)], limit=1)
