"""What costs as many statements for many records as for a few: everything the addons have.

The tests ask the registry what there is, so that nothing can be left out: computed fields, lists
and charts, dialogs, public methods (`growing_methods.py`), searches, scheduled actions and pages of
the portal (`growing_tables.py`). What costs more for more records, or for more worlds, is listed in
`growth.csv` and `growth_methods.csv`, with how many statements each of them costs, and why.
"""

from collections import defaultdict

from common import ADDONS
from growing import MANY, REASONS, TABLE, GrowthCase
from growing_methods import MethodGrowth
from growing_tables import TableGrowth
from lxml import etree

from odoo.fields import Command

CONTENTS = {'list', 'kanban', 'calendar'}
CHARTS = {'pivot', 'graph'}


class TestGrowth(MethodGrowth, TableGrowth, GrowthCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worlds.grow(MANY)

    def test_every_model_has_records(self):
        missing = [
            name for name in self.own
            if self.registry[name]._auto and not self.worlds.ids(name, MANY)]
        self.assertFalse(missing, self.filler.failed)

    def test_computed_fields(self):
        grown = []
        for model, methods in self._computed().items():
            for user in (self.env.user, self._main_role(model)):
                few, many = self._records(model, user)
                for fields in methods.values() if few else ():
                    read = self._reader(fields, many)
                    grown.append(self._growth(model, fields[0].name, read, few, many))
        self._assert_none(grown)

    def _computed(self):
        """Return our computed fields by model and method; dialogs are opened one at a time."""
        found = defaultdict(lambda: defaultdict(list))
        for name, model in self.registry.items():
            for field in model._fields.values():
                if not model._abstract and not model._transient and field.compute and (
                        not field.related and set(field._modules) & set(ADDONS)):
                    found[name][field.compute].append(field)
        return found

    def _reader(self, fields, seen):
        fields = [field for field in fields if seen._has_field_access(field, 'read')]

        def read(records):
            for field in fields:
                if field.store and records.env.su:
                    records.env.add_to_compute(field, records)
                records.mapped(field.name)
        return read

    def test_dialogs_over_many_records(self):
        grown = []
        for model in self.own:
            dialog = self.env[model].browse(self.worlds.ids(model, 1)[:1]) \
                if self.registry[model]._transient else None
            for field in self.registry[model]._fields.values() if dialog else ():
                if field.type == 'many2many' and field.store and (
                        few_many := self._records(field.comodel_name))[0]:
                    grown.append(self._growth(
                        model, field.name, self._opener(dialog, field), *few_many))
        self._assert_none(grown)

    def _opener(self, dialog, chosen):
        def read(records):
            dialog[chosen.name] = [Command.set(records.ids)]
            for field in dialog._fields.values():
                if field.compute:
                    dialog.mapped(field.name)
        return read

    def test_lists_and_charts(self):
        grown, done = [], set()
        for action in self._own_records('ir.actions.act_window'):
            model = self.env[action.res_model]
            if model._transient:
                continue
            few, many = self._records(action.res_model, self._main_role(action.res_model))
            views = dict((kind, view) for view, kind in action.views)
            for kind in views.keys() & (CONTENTS | CHARTS) if few else ():
                arch, call = self._view(few, views[kind], kind)
                if arch not in done:
                    done.add(arch)
                    grown.append(self._growth(
                        action.res_model, f'{kind} of {action.xml_id}', call, few, many))
        self._assert_none(grown)

    def _view(self, model, view, kind):
        """Return the source of a view, and what reads some records as it does."""
        found = model.get_view(view, kind)
        names = found['models'][model._name]
        if kind in CONTENTS:
            specification = {
                name: {'fields': {'display_name': {}}} if model._fields[name].relational else {}
                for name in names
                if name in model._fields and model._has_field_access(model._fields[name], 'read')}
            return found['arch'], lambda records: records.web_search_read(
                [('id', 'in', records.ids)], specification)
        nodes = etree.fromstring(found['arch']).iter('field')
        rows, sums = [], ['__count']
        for node in nodes:
            name, field = node.get('name'), model._fields[node.get('name')]
            if not model._has_field_access(field, 'read'):
                continue
            if node.get('type') == 'measure':
                sums += [f'{name}:{field.aggregator}'] if field.aggregator else []
            elif node.get('invisible') != '1' and node.get('type') != 'measure':
                rows.append(f"{name}:{node.get('interval')}" if node.get('interval')
                            else f'{name}:month' if field.type in ('date', 'datetime') else name)
        return found['arch'], lambda records: records.formatted_read_group(
            [('id', 'in', records.ids)], rows, sums)

    def test_growth_has_a_reason(self):
        actions = self._actions()
        for key, row in TABLE.items():
            with self.subTest(of=key):
                self.assertIn(row['reason'], REASONS)
                self.assertTrue(
                    key[1] in self._pages() if not key[0] else key in actions
                    or key[1] in self.registry[key[0]]._fields)
