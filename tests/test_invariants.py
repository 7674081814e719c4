"""What is true of every addon of the suite."""

import ast
import io
import sys
from datetime import timedelta

import polib
from common import ADDONS, ROOT, SuiteCase
from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time
from odoo.tools.translate import trans_export

EVERYTHING = ('[]', "[(1,'=',1)]")
# The lists of Odoo in which people work all day.
LISTS = {
    'sale.order': 'sale.view_order_tree', 'account.move': 'account.view_out_invoice_tree',
    'crm.lead': 'crm.crm_case_tree_view_oppor', 'res.partner': 'base.view_partner_tree'}
# What is written all day, and often many at once.
BUSY = ('sale.order', 'sale.order.line', 'account.move', 'account.move.line')
# Fields that are asked for with a statement of their own when the campaign, or the manager, of an
# order changes.
SEARCHED = {'crm.call.order_id', 'sale.order.waiting_correction_id'}
# Fields of Odoo that we say more of.
STOCK_FIELDS = {'tag_ids'}
# What a user may type into the search box, by the type of the field.
TYPED = {
    'boolean': ('=', True), 'integer': ('=', 1), 'float': ('=', 1.0), 'monetary': ('=', 1.0),
    'date': ('=', '2026-01-01'), 'datetime': ('>=', '2026-01-01 00:00:00'),
    'selection': ('=', 'abc'),
}


def python_files():
    """Return our Python files that run in production."""
    return [
        path for addon in ADDONS for path in sorted((ROOT / addon).rglob('*.py'))
        if 'tests' not in path.relative_to(ROOT).parts
    ]


def escalations(tree):
    """Yield each call that leaves the user's own rights, with the statement it is part of."""
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        parts = list(ast.iter_child_nodes(statement))
        while parts:
            part = parts.pop()
            if isinstance(part, ast.stmt):
                continue
            parts.extend(ast.iter_child_nodes(part))
            if isinstance(part, ast.Call) and is_escalation(part):
                yield part, statement


def is_escalation(call):
    """Return whether a call may widen rights: not sudo(False), and not sudo(self.env.su)."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == 'sudo':
        modes = call.args or [ast.Constant(True)]
    else:
        modes = [keyword.value for keyword in call.keywords if keyword.arg == 'su']
    return any(
        getattr(mode, 'value', True) and getattr(mode, 'attr', '') != 'su' for mode in modes)


def comment_above(lines, number):
    """Return the lines of comment that stand directly above line `number` (from 1)."""
    comment = []
    for line in reversed(lines[:number - 1]):
        if not line.strip().startswith('#'):
            break
        comment.append(line.strip())
    return comment


class InvariantCase(SuiteCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = [
            cls.env[name] for name, model in sorted(cls.registry.items())
            if model._original_module in ADDONS
        ]
        cls.tables = [model for model in cls.models if not model._abstract]


class TestSecurity(InvariantCase):

    def test_every_access_line_has_a_group(self):
        for access in self._own_records('ir.model.access'):
            with self.subTest(access=access.name):
                self.assertTrue(access.group_id)

    def test_every_model_can_be_used_by_somebody(self):
        for model in self.tables:
            with self.subTest(model=model._name):
                self.assertTrue(self.env['ir.model.access'].search_count(
                    [('model_id.model', '=', model._name), ('perm_read', '=', True)], limit=1))

    def test_every_model_with_a_company_has_a_company_rule(self):
        for model in self.tables:
            # What a wizard holds is seen by the user who opened it, and by nobody else.
            if model._transient or 'company_id' not in model._fields:
                continue
            with self.subTest(model=model._name):
                rules = self.env['ir.rule'].search(
                    [('model_id.model', '=', model._name), ('global', '=', True)])
                self.assertTrue(rules.filtered(
                    lambda rule: 'company_ids' in (rule.domain_force or '')))

    def test_every_access_of_outsiders_is_narrowed_by_a_rule(self):
        outsiders = self.env.ref('base.group_portal') + self.env.ref('base.group_public')
        granted = self._own_records('ir.model.access').filtered(
            lambda access: access.group_id in outsiders)
        for access in granted:
            with self.subTest(access=access.name):
                rules = self.env['ir.rule'].search([
                    ('model_id', '=', access.model_id.id), ('groups', 'in', access.group_id.ids)])
                self.assertTrue(rules, "outsiders see every record")
                for rule in rules:
                    domain = (rule.domain_force or '[]').replace(' ', '').replace('"', "'")
                    self.assertNotIn(domain, EVERYTHING, "the rule lets everything through")

    def test_every_use_of_sudo_says_why(self):
        for path in python_files():
            lines = path.read_text().splitlines()
            for call, statement in escalations(ast.parse(path.read_text())):
                with self.subTest(file=str(path.relative_to(ROOT)), line=call.lineno):
                    comments = comment_above(lines, statement.lineno) + [
                        line for number in range(statement.lineno, call.end_lineno + 1)
                        for line in comment_above(lines, number)
                    ]
                    self.assertTrue(any(line.startswith('# sudo:') for line in comments))


@tagged('post_install', '-at_install')
class TestCode(BaseCase):

    def test_nothing_is_imported_that_odoo_gives_up(self):
        for path in python_files():
            with self.subTest(file=str(path.relative_to(ROOT))):
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.ImportFrom):
                        names = {f'{node.module}.{alias.name}' for alias in node.names}
                        self.assertFalse([
                            name for name in names
                            if name == 'odoo._' or name.startswith(('odoo.osv', 'odoo.orm'))])


    def test_every_file_is_imported(self):
        for path in python_files():
            module = path.relative_to(ROOT).with_suffix('').parts
            if not {'migrations', 'demo'} & {*module} and not module[-1].startswith('__'):
                with self.subTest(file=str(path.relative_to(ROOT))):
                    imported = '.'.join(['odoo.addons', *module]) in sys.modules
                    self.assertTrue(imported, "Nobody imports it.")

    def test_every_test_is_imported(self):
        for path in sorted(ROOT.glob('crm_*/tests/test_*.py')):
            with self.subTest(file=str(path.relative_to(ROOT))):
                self.assertRegex(
                    path.with_name('__init__.py').read_text(), rf'\b{path.stem}\b')


class TestScreens(InvariantCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.menus = cls._own_records('ir.ui.menu')
        cls.actions = cls._own_records('ir.actions.act_window')
        cls.visible = {
            role: cls.env['ir.ui.menu'].with_user(user)._visible_menu_ids()
            for role, user in cls.roles.items()
        }

    def test_every_menu_is_seen_by_a_role(self):
        settings = self.env.ref('base.menu_administration')
        administrator = self.env['ir.ui.menu'].with_user(
            self.env.ref('base.user_admin'))._visible_menu_ids()
        for menu in self.menus:
            with self.subTest(menu=menu.complete_name):
                if menu.parent_path.startswith(settings.parent_path):
                    self.assertIn(menu.id, administrator)
                else:
                    self.assertTrue(
                        any(menu.id in visible for visible in self.visible.values()))

    def test_every_action_has_a_path_and_tells_what_to_do_when_empty(self):
        for action in self._screens():
            with self.subTest(action=action.name):
                self.assertTrue(action.path)
                self.assertTrue(action.help)

    def test_every_model_with_an_action_has_its_own_views(self):
        own_views = self._own_records('ir.ui.view')
        names = {model._name for model in self.tables if model._auto and not model._transient}
        for action in self._screens().filtered(lambda action: action.res_model in names):
            kinds = set(own_views.filtered(
                lambda view, model=action.res_model: view.model == model).mapped('type'))
            with self.subTest(action=action.name):
                self.assertGreaterEqual(kinds, {'list', 'form', 'search'})

    def test_every_action_opens_for_every_role_that_sees_it(self):
        for action in self._screens():
            for role in self._roles_that_see(action):
                with self.subTest(action=action.name, role=role):
                    self._open(action, self.roles[role])

    def test_every_action_opens_for_the_administrator(self):
        for action in self._screens():
            with self.subTest(action=action.name):
                self._open(action, self.env.ref('base.user_admin'))

    def test_lists_of_odoo_load_nothing_of_ours_for_who_has_no_role(self):
        seller = new_test_user(
            self.env, 'seller', 'sales_team.group_sale_manager,account.group_account_invoice')
        for name, view in LISTS.items():
            model = self.env[name].with_user(seller)
            found = model.get_view(self.env.ref(view).id, 'list')
            with self.subTest(view=view):
                names = set(etree.fromstring(found['arch']).xpath('//field/@name'))
                self.assertEqual({
                    field for field in names - STOCK_FIELDS
                    if self.env[name]._fields[field]._module in ADDONS}, set())

    def _screens(self):
        """Return the actions that open lists of records, not dialogs or pages of settings."""
        return self.actions.filtered(
            lambda action: action.target != 'new' and action.view_mode != 'form')

    def _roles_that_see(self, action):
        menus = self.menus.filtered(lambda menu: menu.action == action)
        return [role for role, visible in self.visible.items() if visible & set(menus.ids)]

    def _open(self, action, user):
        """Do what the web client does when `user` opens `action` and tries every filter."""
        # Roles that are not administrators cannot read actions; the client gets them ready made.
        known = self._client_names(user)
        context = safe_eval(action.context or '{}', known)
        domain = safe_eval(action.domain or '[]', known)
        model = self.env[action.res_model].with_user(user).with_context(**context)
        views = [*action.views, (action.search_view_id.id, 'search')]
        loaded = model.get_views(views, {'toolbar': True, 'action_id': action.id})
        known_fields = loaded['models'][action.res_model]['fields']
        for mode, view in loaded['views'].items():
            arch = etree.fromstring(view['arch'])
            getattr(self, f'_load_{mode}', self._load_records)(model, domain, arch, known_fields)

    def _client_names(self, user):
        """Return the names that expressions in actions and views may use."""
        return {
            'uid': user.id, 'allowed_company_ids': user.company_ids.ids,
            'current_company_id': user.company_id.id, 'active_id': 0, 'active_ids': [],
            'context_today': fields.Date.today, 'datetime': safe_datetime, 'time': safe_time,
            'relativedelta': relativedelta, 'timedelta': timedelta, 'context': {},
        }

    def _load_records(self, model, domain, arch, known_fields):
        model.web_search_read(domain, self._specification(arch, known_fields), limit=40)

    def _load_kanban(self, model, domain, arch, known_fields):
        self._load_records(model, domain, arch, known_fields)
        if group := arch.get('default_group_by'):
            groups = self._group_specifications([group], known_fields)
            model.web_read_group(domain, groups, ['__count'])

    def _load_form(self, model, domain, arch, known_fields):
        if arch.get('create') not in ('0', 'false') and model.has_access('create'):
            model.onchange({}, [], self._specification(arch, known_fields))

    def _load_pivot(self, model, domain, arch, known_fields):
        self._load_graph(model, domain, arch, known_fields)

    def _load_graph(self, model, domain, arch, known_fields):
        groups, measures = [], ['__count']
        for node in arch.iterfind('.//field'):
            name = node.get('name')
            if node.get('type') == 'measure':
                measures.append(f"{name}:{known_fields[name]['aggregator']}")
            elif node.get('invisible') not in ('1', 'True'):
                groups.append(name)
        model.formatted_read_group(
            domain, self._group_specifications(groups, known_fields), measures)

    def _load_activity(self, model, domain, arch, known_fields):
        model.env['mail.activity'].get_activity_data(model._name, domain)

    def _load_search(self, model, domain, arch, known_fields):
        known = self._client_names(model.env.user)
        for node in arch.iterfind('.//filter'):
            if node.get('domain'):
                model.search_count(safe_eval(node.get('domain'), known))
            groups = safe_eval(node.get('context') or '{}', known).get('group_by', [])
            groups = [groups] if isinstance(groups, str) else groups
            model.formatted_read_group(
                domain, self._group_specifications(groups, known_fields), ['__count'])
        for node in arch.iterfind('.//searchpanel/field'):
            if node.get('select') == 'multi':
                model.search_panel_select_multi_range(node.get('name'))
            else:
                model.search_panel_select_range(node.get('name'))
        for node in arch.iterfind('./field'):
            if node.get('invisible') in ('1', 'True'):
                continue
            kind = known_fields[node.get('name')]['type']
            operator, value = TYPED.get(kind, ('ilike', 'abc'))
            if node.get('filter_domain'):
                model.search_count(safe_eval(node.get('filter_domain'), known | {'self': value}))
            elif kind != 'properties':
                model.search_count(
                    [(node.get('name'), node.get('operator', operator), value)])

    def _group_specifications(self, groups, known_fields):
        """Return `groups` as the client asks for them: dates by month."""
        kinds = {name: known_fields[name.split(':')[0].split('.')[0]]['type'] for name in groups}
        return [
            f'{name}:month' if kind in ('date', 'datetime') and ':' not in name else name
            for name, kind in kinds.items()
            # The client lists the properties there are, and groups by those.
            if kind != 'properties'
        ]

    def _specification(self, arch, known_fields):
        """Return the specification of the fields of a view that are not inside another field."""
        found = {
            node.get('name') for node in arch.iterfind('.//field')
            if not any(parent.tag == 'field' for parent in node.iterancestors())
        }
        return {
            name: {'fields': {'display_name': {}}} if 'relation' in known_fields[name] else {}
            for name in found
        }


    def test_what_depends_on_busy_documents_is_found_without_a_search_for_each(self):
        found = {
            str(field) for model in BUSY for changed in self.env[model]._fields.values()
            for field in self._searched(self.env.registry.get_trigger_tree([changed]))}
        self.assertEqual(found, SEARCHED)

    def _searched(self, tree):
        """Return the fields of the suite whose records Odoo must search for, written one by one."""
        for field, subtree in tree.items():
            inverses = self.env.registry.field_inverses[field]
            if set(ADDONS) & set(field._modules) and not any(
                    inverse.type == 'many2one' or not inverse.domain for inverse in inverses):
                yield field
            yield from self._searched(subtree)


class TestWords(InvariantCase):

    def test_every_field_has_a_label(self):
        own = self.env['ir.model.fields'].search([]).filtered(
            lambda field: set((field.modules or '').split(', ')) <= set(ADDONS))
        self.assertTrue(own)
        for field in own:
            with self.subTest(field=f'{field.model}.{field.name}'):
                self.assertTrue((field.field_description or '').strip())
                self.assertNotIn('_', field.field_description, "a name is not a label")

    def test_every_string_is_in_the_translation_template(self):
        for addon in ADDONS:
            with self.subTest(addon=addon):
                buffer = io.BytesIO()
                trans_export(None, [addon], buffer, 'po', self.env)
                found = {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())}
                path = ROOT / addon / 'i18n' / f'{addon}.pot'
                written = {entry.msgid for entry in polib.pofile(path.read_text())}
                self.assertEqual(
                    written, found, f"scripts/i18n writes {path.relative_to(ROOT)} again")


class TestData(InvariantCase):

    def test_what_a_company_may_change_is_not_overwritten_by_an_upgrade(self):
        references = self.env['ir.model.data'].search([
            ('module', 'in', ADDONS),
            ('model', 'in', ['ir.cron', 'ir.sequence', 'mail.template']),
        ])
        for reference in references:
            with self.subTest(record=reference.complete_name):
                self.assertTrue(reference.noupdate)
