"""What searches, scheduled actions and pages cost as their tables grow; mixed into the tests."""

import csv
import re
from functools import partial
from pathlib import Path

from common import ADDONS
from growing import MANY, TABLE
from growing_actions import DUE

from odoo.api import SUPERUSER_ID

GROWN = 2 * MANY
# Scheduled actions that do the same each time.
ALWAYS = {
    ('crm.delivery.time', '_cron_learn'), ('sale.order', '_cron_learn_call_odds')}
# Pages that are files.
FILES = ('/pdf', '/xlsx', '/photo')
# Who sees documents in the portal stays the same while they become more.
CUSTOMERS = (
    'res_partner', 'res_users', 'res_users_settings', 'crm_partner_relation', 'crm_delivery_time',
    'crm_representative_right')
# Those of the pages that show one line per document, and where the lines lead.
LISTS = {
    '/my/orders': '/my/orders', '/my/quotes': '/my/orders', '/my/invoices': '/my/invoices',
    '/my/requests': '/my/requests'}


class TableGrowth:
    """Tests of what reads a whole table, however many rows it has."""

    def test_searches(self):
        self._assert_flat_tables(self._searches())

    def test_scheduled_actions(self):
        actions = self._actions()
        idle = {key: self._cost_of(*call, done=True) for key, call in actions.items()}
        few = self._assert_flat_tables(actions)
        self.assertFalse(
            {key for key in actions if idle[key] >= few[key]} - ALWAYS, "Nothing was to be done.")

    def _assert_flat_tables(self, calls):
        """Check that calls cost the same when the tables have grown.

        :return: what they cost before
        :rtype: dict
        """
        few = {
            key: min(self._cost_of(*call) for _time in range(2)) for key, call in calls.items()}
        self._grow()
        self._assert_none([
            self._compared(*key, few[key], call) for key, call in calls.items()])
        return few

    def test_due_is_of_scheduled_actions(self):
        names = self._own_records('ir.cron').get_external_id().values()
        self.assertFalse(DUE.keys() - set(names))

    def _grow(self, **how):
        """Have more worlds until the end of a test."""
        self.addCleanup(setattr, self.worlds, 'count', self.worlds.count)
        self.worlds.grow(GROWN, **how)

    def _cost_of(self, call, prepare=None, done=False):
        """Return how many statements a call makes; what it does is undone.

        :param prepare: what is done before, and not counted
        :param bool done: whether the call was made just before, and not undone
        """
        with self._undone():
            for what in (prepare, call if done else None):
                if what:
                    what()
            return self._count_statements_once(call)

    def _searches(self):
        """Return searches for all that is computed and can be searched for."""
        return {
            (name, field.name): [self._searcher(name, field)]
            for name, model in self.registry.items() if not model._abstract
            for field in model._fields.values()
            if field.search and not field.related and set(field._modules) & set(ADDONS)}

    def _searcher(self, name, field):
        # Dialogs are read by nobody but whoever opened them.
        is_dialog = field.relational and self.registry[field.comodel_name]._transient
        model = self.env[name].with_user(self.env.user if is_dialog else self.everybody)
        conditions = [
            (field.name, operator, value) for operator, value in self._sought(field)]

        def search():
            for condition in conditions:
                model.search([condition])
        return search

    def _sought(self, field):
        """Return operators and values to search for."""
        if field.relational:
            return [('in', self.worlds.ids(field.comodel_name, 1)), ('=', False)]
        return {
            'boolean': lambda: [('=', True), ('=', False)],
            'selection': lambda: [('in', [value]) for value in field.get_values(self.env)],
            'date': lambda: [('>=', 'today'), ('=', False)],
            'datetime': lambda: [('>=', 'now'), ('<', 'now')],
        }.get(field.type, lambda: [('>=', 1)])()

    def _actions(self):
        return {
            (cron.model_id.model, name): self._actor(cron, name)
            for cron in self._own_records('ir.cron')
            for name in re.findall(r'_cron_\w+', cron.code)}

    def _actor(self, cron, name):
        """Return what runs a scheduled action, and what makes something to do for it."""
        model, due = cron.model_id.model, DUE.get(cron.get_external_id()[cron.id])

        def act():
            with self.registry.cursor() as cr:
                getattr(self.env(cr=cr, user=SUPERUSER_ID)[model], name)()
        return act, lambda: self.env.cr.execute(due or "SELECT 1")

    def _compared(self, model, name, few, call):
        """Return in words how a call grows more than the table allows, or nothing."""
        allowed = few + float(TABLE.get((model, name), {}).get('growth') or 0) * (GROWN - MANY)
        # What is looked up once is left out the second time.
        many = self._cost_of(*call)
        if many <= allowed or (many := self._cost_of(*call)) <= allowed:
            return None
        return f"{model}.{name}: {few} statements for {MANY} worlds, {many} for {GROWN}"

    # Pages

    def test_pages_of_the_portal(self):
        pages = self._pages()
        self.story.right.write({'can_administer': True})
        self.authenticate(self.story.reader.login, None)
        few = {page: min(self._cost_of(partial(self.url_open, page)) for _time in range(2))
               for page in pages}
        lines = {page: self._lines(page) for page in LISTS}
        self._grow(shared=CUSTOMERS)
        self._assert_none([
            self._compared('', page, few[page], [partial(self.url_open, page)])
            for page in pages])
        for page in LISTS:
            self.assertGreater(self._lines(page), lines[page], page)

    def _pages(self):
        """Return the pages of the portal that need no arguments."""
        with Path(__file__).with_name('portal_routes.csv').open() as file:
            return [
                row['route'] for row in csv.DictReader(file)
                if row['method'] == 'GET' and row['holder'] == '200' and '<' not in row['route']
                and row['route'].startswith('/my') and not row['route'].endswith(FILES)]

    def _lines(self, page):
        """Return how many lines of a list lead on from it."""
        return self.url_open(page).text.count(f'href="{LISTS[page]}/')
