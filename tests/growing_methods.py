"""What public methods cost for few and for many records; to be mixed into the tests of growth.

`growth_methods.csv` has a row per public method of ours. It says how the method is called on some
`records`, with the first world as `story`; or why it is not: it is for one record, it takes one of
a queue in a transaction of its own, the small world has no records in the state it needs.
"""

import csv
import inspect
from collections import defaultdict
from pathlib import Path

from common import ADDONS
from growing import REASONS

from odoo.fields import Command

UNMEASURED = ('one', 'model', 'queue', 'absent')
with Path(__file__).with_name('growth_methods.csv').open() as file:
    METHODS = {(row['model'], row['name']): row for row in csv.DictReader(file)}


class MethodGrowth:
    """Tests of the public methods that our addons bring or extend."""

    def test_public_methods(self):
        grown = []
        for model, name in self._methods():
            row = METHODS.get((model, name), {'call': 'one'})
            few, many = self._records(model) if row['call'] not in UNMEASURED else (None, None)
            if few:
                call = self._caller(row['call'], f'{model}.{name}')
                grown.append(self._growth(model, name, call, few, many, row))
        self._assert_none(grown)

    def _caller(self, source, name):
        code = compile(source, name, 'eval')

        def call(records):
            eval(code, {'records': records, 'story': self.story, 'Command': Command})
        return call

    def test_every_public_method_is_listed(self):
        methods = self._methods()
        self.assertFalse(
            methods.keys() - METHODS.keys(), "Say in growth_methods.csv how they are called.")
        for key, row in METHODS.items():
            with self.subTest(method=key):
                self._assert_reason(row)
                if row['call'] == 'one':
                    self._assert_for_one(*key, methods[key])
                elif row['call'] == 'model':
                    self.assertTrue(methods[key][0]._api_model)
                else:
                    self.assertIn(key, methods)

    def _assert_reason(self, row):
        self.assertEqual(bool(row['growth']), row['reason'] in REASONS)
        self.assertEqual(
            row['call'] == 'absent', bool(row['reason']) and row['reason'] not in REASONS)

    def _assert_for_one(self, model, name, implementations):
        """Check that a method takes one record only."""
        method = getattr(self._records(model)[1], name)
        if not any('ensure_one()' in inspect.getsource(one) for one in implementations):
            with self._undone(), self.assertRaisesRegex(ValueError, 'singleton'):
                method()

    def _methods(self):
        """Return the public methods of ours, with what they are made of."""
        found = defaultdict(list)
        for name, model in self.registry.items():
            for part in model.__mro__ if not model._abstract else ():
                if getattr(part, '_module', None) not in ADDONS:
                    continue
                for method, function in vars(part).items():
                    if not method.startswith('_') and inspect.isfunction(function) and (
                            part._name != 'mail.thread'):
                        found[name, method].append(function)
        return found
