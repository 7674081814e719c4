"""Who may use which model at all, as a table that a person can check.

`model_matrix.csv` has a row per model of ours, wizards included, and per model of Odoo to which
ours give access, and a column per role, for an employee without one, and for a user of the
portal. A cell says whether he may read, write, create and delete. Which records and fields that
is, is said in `access_matrix.csv` and `field_matrix.csv`. After a change that is meant:

    UPDATE_MODEL_MATRIX=1 scripts/test tests/test_model_matrix.py
    git diff tests/model_matrix.csv
"""

from pathlib import Path

from common import ADDONS
from tables import TableCase

from odoo.tests import tagged

OPERATIONS = {'read': 'r', 'write': 'w', 'create': 'c', 'unlink': 'd'}


@tagged('post_install', '-at_install')
class TestModelMatrix(TableCase):

    table, update = Path(__file__).with_name('model_matrix.csv'), 'UPDATE_MODEL_MATRIX'
    keys = ('addon', 'model')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = cls._own_records('ir.model.access').mapped('model_id.model')
        cls.names = [
            name for name, model in cls.env.items()
            if name in lines or (model._original_module in ADDONS and not model._abstract)]

    @classmethod
    def _facts(cls):
        for name in cls.names:
            yield {
                'addon': cls.env[name]._original_module, 'model': name,
                **{person: cls._cell(cls.env[name].with_user(user))
                   for person, user in cls.people.items()}}

    @staticmethod
    def _cell(model):
        return ''.join(
            letter if model.has_access(operation) else '-'
            for operation, letter in OPERATIONS.items())

    def test_every_model_is_open_to_whom_the_table_says(self):
        self._compare()
