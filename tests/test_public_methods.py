"""What the methods of ours answer to whom they do not concern, as a table that a person can check.

`public_methods.csv` has a row per public method that our addons bring or extend. Its cells say
what a user of the portal of another customer, and an employee without a role, get when they call
it on somebody else's record: `refused`, `reads` when it is answered without a word of that record,
`writes` when it would change something. Private methods cannot be called. After a change that is
meant, write the table anew, and read the difference; who writes, must be wanted:

    UPDATE_PUBLIC_METHODS=1 scripts/test tests/test_public_methods.py
    git diff tests/public_methods.csv
"""

import csv
import inspect
import os
from pathlib import Path

import psycopg2
from common import ADDONS
from test_portal_security import ACORN, PortalCase

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user
from odoo.tools import mute_logger

TABLE = Path(__file__).with_name('public_methods.csv')
REFUSALS = (AccessError, MissingError, UserError)
# Arguments of the wrong kind, or for another state of the record: nothing came of the call.
ERRORS = (TypeError, ValueError, AttributeError, KeyError, IndexError, AssertionError)
WORST = ['fails', 'refused', 'reads', 'writes', 'tells']
# What an employee without a role knows of a customer: the contacts, and the products.
KNOWN = {'Acornfir', 'ann@example.com', 'Tesstree', 'Acornoak'}


class TestPublicMethods(PortalCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            'portal': (cls.bea, ACORN),
            'employee': (
                new_test_user(cls.env, 'employee', 'base.group_user'),
                [word for word in ACORN if word not in KNOWN])}
        cls.methods = {
            name: found for name, model in cls.env.items()
            if not (model._abstract and model._original_module in ADDONS)
            and (found := cls._methods(model))}
        cls.records = {name: cls._somebody_elses(name) for name in cls.methods}
        cls.env.flush_all()

    @classmethod
    def _somebody_elses(cls, name):
        key = {
            'sale.order': 'order_id', 'account.move': 'invoice_id', 'crm.request': 'request_id',
            'crm.representative.right': 'right_id', 'crm.statement': 'statement_id',
            'res.partner': 'partner_id', 'product.product': 'product_id'}.get(name)
        if key or cls.env[name]._transient or cls.env[name]._abstract:
            return cls.theirs.get(key, 1)
        # sudo: any model - somebody has made it, no matter who may see it
        return cls.env[name].sudo().search([], order='id desc', limit=1).id or 1

    def test_every_method_stands_in_the_table(self):
        found = {(addon, name, method) for name, methods in self.methods.items()
                 for addon, method in methods}
        told, installed = self._told(), self.env['ir.module.module']._installed()
        self.assertGreater(len(found), 300)
        self.assertFalse(
            sorted(found - set(told)), "Say in public_methods.csv what these answer.")
        self.assertFalse(
            sorted(key for key in set(told) - found if key[0] in installed),
            "public_methods.csv speaks of what is no more.")

    def test_every_method_answers_as_the_table_says(self):
        found = dict(self._outcomes())
        if os.environ.get('UPDATE_PUBLIC_METHODS'):
            self._write(found)
        told = self._told()
        self.assertFalse([
            f'{" ".join(key)}, {person}: {told[key][person]} in the table, {cell} in fact'
            for key, row in found.items() for person, cell in row.items()
            if told[key][person] != cell])
        self.assertFalse([key for key, row in found.items() if 'tells' in row.values()])

    def _told(self):
        with TABLE.open() as file:
            return {tuple(row.values())[:3]: row for row in csv.DictReader(file)}

    def _outcomes(self):
        with mute_logger('odoo.sql_db', 'odoo.models', 'odoo.addons.base.models.ir_model',
                         'odoo.addons.base.models.ir_rule'):
            for name, methods in self.methods.items():
                number = self.records[name]
                for addon, method in methods:
                    yield (addon, name, method), {
                        person: self._comes_of(name, number, method, *who)
                        for person, who in self.people.items()}

    @classmethod
    def _methods(cls, model):
        """Return the public methods that our addons add to a model, with the addon.

        Those of our mixins are methods of each model that has them; those that ours add to
        Odoo's mixins are listed there.
        """
        found = {}
        for part in type(model).__mro__:
            name, addon = getattr(part, '_name', None), part.__module__.split('.')[2:3]
            if addon and addon[0] in ADDONS and (
                    name == model._name or cls.env[name]._original_module in ADDONS):
                addon = addon[0]
                found.update({
                    name: addon for name, value in vars(part).items()
                    if not name.startswith('_') and callable(value)})
        return sorted((addon, name) for name, addon in found.items() if cls._is_public(model, name))

    @staticmethod
    def _is_public(model, name):
        try:
            return bool(get_public_method(model, name))
        except AccessError:
            return False

    def _comes_of(self, name, number, method, user, words):
        """Return the worst of what comes of calling a method with several arguments."""
        model = self.env[name].with_user(user).with_context({})
        return max(
            (self._call(model, method, arguments, words)
             for arguments in self._arguments(model, method, number)), key=WORST.index)

    def _arguments(self, model, method, number):
        """Return arguments for a call: the ids, and something for all it does not go without."""
        function = inspect.unwrap(getattr(type(model), method))
        needed = [
            parameter.name for parameter in inspect.signature(function).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ][1:]
        ids = [] if getattr(function, '_api_model', False) else [[number]]
        kinds = [number, [number], '2026-01-01', {}, 'name'] if needed else [None]
        return [[*ids, *[kind] * len(needed)] for kind in kinds]

    def _call(self, model, method, arguments, words):
        """Return what comes of a call; first it is made where nothing can be changed."""
        for mode in ('on', 'off'):
            with self._undone():
                self.cr.execute(f"SET LOCAL transaction_read_only = {mode}")
                before = mode == 'off' and self._changes()
                try:
                    told = str(call_kw(model, method, arguments, {}))
                    self.env.flush_all()
                except REFUSALS:
                    return 'refused'
                except psycopg2.errors.ReadOnlySqlTransaction:
                    continue
                except (*ERRORS, psycopg2.Error):
                    return 'fails'
                if any(word in told for word in words):
                    return 'tells'
                return 'writes' if before and self._changes() != before else 'reads'
        return 'writes'

    def _changes(self):
        """Return how many rows of any table this transaction has changed so far."""
        self.cr.execute("""
            SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables""")
        return self.cr.fetchone()

    def _write(self, found):
        with TABLE.open('w') as file:
            writer = csv.writer(file, lineterminator='\n')
            writer.writerow(['addon', 'model', 'method', *self.people])
            for key, row in sorted(found.items()):
                writer.writerow([*key, *row.values()])
