"""What the tests of growth have in common: small worlds, and what a call costs in them."""

import csv
from contextlib import contextmanager
from pathlib import Path

from common import ADDONS, ROLES, SuiteCase
from small_world import QUIETLY, Story, prepare
from world_filler import Filler
from worlds import Worlds

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_roles.tests.mixins import StatementsMixin

FEW, MANY = 2, 6
# As many rows the ORM writes at once.
CHUNK = 100
# Why something may cost more for more records.
REASONS = {
    'odoo': "Odoo's own methods do",
    'query': "each record is a query of its own: an audience, or a rule that looks for customers",
    'file': "each record is a file that is read or written",
    'mail': "each record is a mail that is read",
    'sent': "each record is a mail that Odoo composes for it alone",
    'setup': "each record is set up once, by hand",
    'person': "each record is a person, for whom something is done and committed",
    'batch': "so many are done at a time, and committed or written together",
    'pager': "how many there are is asked when they are more than a screen shows",
    'held': "what it costs per record is held, so that it does not rise",
}
with Path(__file__).with_name('growth.csv').open() as file:
    TABLE = {(row['model'], row['name']): row for row in csv.DictReader(file)}


@tagged('post_install', '-at_install')
class GrowthCase(StatementsMixin, SuiteCase, HttpCase):
    """A small world, and a few like it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **QUIETLY})
        cls.everybody = cls._create_user('+'.join(ROLES))
        books = prepare(cls.env)
        cls.worlds = Worlds(cls.env)
        cls.story = Story(cls.env, *books)
        cls.own = [
            name for name, model in cls.registry.items()
            if model._original_module in ADDONS and not model._abstract]
        cls.filler = Filler(cls.story, cls.worlds, [
            name for name in cls.own if cls.registry[name]._auto])
        cls.worlds.grow(FEW)
        cls.main = {}

    def setUp(self):
        super().setUp()
        # Odoo forgets after each test the environments that came up in it.
        self.seen = {}

    def _records(self, model, user=None):
        """Return those of a few worlds, and of many, that a person sees."""
        key = model, user, self.worlds.count
        if key not in self.seen:
            self.seen[key] = self._look(model, user)
        return self.seen[key]

    def _look(self, model, user):
        records = self.env[model].with_user(user or self.env.user)
        if records._auto:
            few, many = (self.worlds.ids(model, count) for count in (FEW, MANY))
        else:
            many = records.sudo().search([], limit=CHUNK).ids
            few = many[::MANY // FEW]
        seen = records.browse(many)._filtered_access('read')
        return seen.browse(sorted(set(few) & set(seen._ids))), seen

    def _main_role(self, model):
        """Return who sees most of the records."""
        if model not in self.main:
            self.main[model] = self._ask_roles(model)
        return self.main[model]

    def _ask_roles(self, model):
        records = self.env[model].with_context(active_test=False)
        ids = self.worlds.ids(model, MANY) if records._auto else []
        counts = {
            user: user.has_group('base.group_user') and records.with_user(user).has_access('read')
            and 1 + records.with_user(user).search_count([('id', 'in', ids)])
            for user in self.roles.values()}
        return max(counts, key=counts.get)

    @contextmanager
    def _undone(self):
        """Undo what is done in a block."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)

    def _costs(self, call, few, many, allowed=0):
        """Return what a call costs for a few and for many, when it may cost so much more.

        What is looked up once is no growth: many come first, and the least of three counts.
        """
        costs = []
        while len(costs) < 3:
            costs.append([self._cost(call, records) for records in (many, few)][::-1])
            least = [min(cost) for cost in zip(*costs, strict=True)]
            if least[1] <= least[0] + allowed:
                break
        return least

    def _cost(self, call, records):
        with self._undone():
            return self._count_statements_once(call, records)

    def _growth(self, model, name, call, few, many, row=None):
        """Return in words how a call grows more than its table allows, or nothing."""
        row = row or TABLE.get((model, name), {})
        allowed = float(row.get('growth') or 0) * (len(many) - len(few)) + len(many) // CHUNK
        try:
            costs = self._costs(call, few, many, allowed)
        except Exception as error:  # noqa: BLE001
            return f"{model}.{name}: {type(error).__name__} {error}"
        if costs[1] <= costs[0] + allowed:
            return None
        return (f"{model}.{name}: {costs[0]} statements for {len(few)} records, "
                f"{costs[1]} for {len(many)}")

    def _assert_none(self, grown):
        grown = [text for text in grown if text]
        self.assertFalse(grown, '\n' + '\n'.join(grown))
