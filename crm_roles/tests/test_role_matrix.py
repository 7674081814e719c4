import io
import json

import openpyxl

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, JsonRpcException, tagged, users

from .common import ROLES, RolesCommon


class TestRoleMatrix(RolesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.groups = {
            role: cls.env.ref(f'crm_roles.group_{role}') for role in ROLES}
        cls.access = cls.env['ir.model.access']
        cls.rules = cls.env['ir.rule']

    def test_columns_are_the_roles(self):
        self.assertEqual(
            [role['id'] for role in self.env['crm.role.matrix'].get_matrix()['roles']],
            [self.groups[role].id for role in ROLES])

    def test_documents_of_one_application_stand_together(self):
        applications = [
            document['application']
            for document in self.env['crm.role.matrix'].get_matrix()['documents']]
        changes = [a for a, b in zip(applications, [None, *applications], strict=False) if a != b]
        self.assertEqual(len(changes), len(set(changes)))

    def test_models_that_are_not_installed_are_left_out(self):
        matrix = type(self.env['crm.role.matrix'])
        self.patch(matrix, '_matrix_models', lambda self: ['no.such.model', 'res.partner'])
        documents = self.env['crm.role.matrix'].get_matrix()['documents']
        self.assertEqual([document['model'] for document in documents], ['res.partner'])

    def test_matrix_is_plain_data(self):
        matrix = self.env['crm.role.matrix'].get_matrix()
        self.assertEqual(len(json.loads(json.dumps(matrix))['roles']), len(ROLES))

    def test_rule_of_a_group_narrows_and_is_said_in_words(self):
        right = self._right('sale.order', 'account_representative', 'write')
        self.assertEqual(right['scope'], 'some')
        self.assertIn("Salesperson is the user, or Salesperson is not set", right['records'])
        self.assertIn("Customer > Salesperson is the user", right['records'])

    def test_rules_of_groups_add_up(self):
        right = self._right('sale.order', 'sales_manager', 'write')
        self.assertEqual((right['scope'], right['records']), ('all', ''))

    def test_values_are_said_by_their_label(self):
        self.assertEqual(
            self._right('account.move', 'service_supervisor', 'write')['records'],
            "Type is Customer Credit Note, and Status is Draft")

    def test_companies_are_said_apart(self):
        right = self._right('sale.order', 'service_representative', 'read')
        self.assertEqual(right['scope'], 'all')
        self.assertEqual(right['companies'], "Company is one of the user's companies")

    def test_fields_that_may_not_be_written_make_it_some(self):
        right = self._right('sale.order', 'order_manager', 'write')
        self.assertEqual((right['scope'], right['records']), ('some', ''))
        self.assertRegex(right['fields'], r"^only .*Activities")
        right = self._right('res.partner', 'service_representative', 'write')
        self.assertRegex(right['fields'], r"^all but .*Customer Payment Terms.*Salesperson")
        self.assertFalse(self._right('res.partner', 'sales_manager', 'write')['fields'])

    def test_new_access_line_shows_at_once(self):
        self.assertIsNone(self._right('crm.lead', 'service_representative', 'unlink'))
        line = self.access.create({
            'name': "for a test", 'model_id': self.env['ir.model']._get_id('crm.lead'),
            'group_id': self.groups['service_representative'].id, 'perm_unlink': True})
        right = self._right('crm.lead', 'service_representative', 'unlink')
        self.assertEqual((right['scope'], right['line_ids']), ('all', line.ids))
        line.active = False
        self.assertIsNone(self._right('crm.lead', 'service_representative', 'unlink'))

    def test_new_global_rule_narrows_every_role(self):
        rule = self.rules.create({
            'name': "for a test", 'model_id': self.env['ir.model']._get_id('utm.campaign'),
            'domain_force': "[('title', 'like', 'Spring')]", 'perm_read': True,
            'perm_write': False, 'perm_create': False, 'perm_unlink': False})
        for role in ROLES:
            read = self._right('utm.campaign', role, 'read')
            self.assertEqual(read['records'], "Campaign Name contains Spring")
            self.assertEqual((read['scope'], read['rule_ids']), ('some', rule.ids))
            self.assertEqual(self._right('utm.campaign', role, 'write')['scope'], 'all')

    def test_rule_that_leaves_nothing_is_a_refusal(self):
        self.rules.create({
            'name': "for a test", 'model_id': self.env['ir.model']._get_id('utm.campaign'),
            'domain_force': "[(0, '=', 1)]"})
        self.assertIsNone(self._right('utm.campaign', 'marketing_manager', 'read'))

    def test_rules_of_a_parent_model_hold_too(self):
        words = self._right('res.users', 'service_representative', 'read')['companies']
        self.assertIn("Related Partner > Company is not set", words)

    def test_matrix_agrees_with_what_the_rules_reach(self):
        matrix = self.env['crm.role.matrix'].get_matrix()
        for role, user in self.roles.items():
            for document in matrix['documents']:
                for operation, right in document['cells'][self.groups[role].id].items():
                    model = self.env[document['model']].with_user(user)
                    reached = model.env['ir.rule']._compute_domain(model._name, operation)
                    with self.subTest(role=role, model=model._name, operation=operation):
                        self.assertEqual(
                            bool(right['records'] or right['companies']),
                            not Domain(reached).is_true())

    @users('sales_manager')
    def test_sales_manager_sees_the_matrix_but_opens_no_rights(self):
        matrix = self.env['crm.role.matrix'].get_matrix()
        self.assertTrue(matrix['documents'])
        self.assertFalse(matrix['may_open'])
        self.assertFalse(self.env['ir.rule'].has_access('read'))

    def test_administrator_sees_the_matrix_and_opens_the_rights(self):
        matrix = self.env['crm.role.matrix'].with_user(self.env.ref('base.user_admin')).get_matrix()
        self.assertTrue(matrix['may_open'])

    def test_matrix_is_refused_to_everybody_else(self):
        for role in set(ROLES) - {'sales_manager'}:
            with self.subTest(role=role), self.assertRaisesRegex(AccessError, "sales managers"):
                self._as(self.env['crm.role.matrix'], role).get_matrix()

    def test_matrix_takes_few_queries_however_many_roles(self):
        matrix = self._as(self.env['crm.role.matrix'], 'sales_manager')
        matrix.get_matrix()
        self.env.invalidate_all()
        # Five of them look for the addons of the suite, one for each level of dependence.
        with self.assertQueryCount(15):
            matrix.get_matrix()

    def _right(self, model, role, operation):
        """Return what the matrix says of one operation, nothing when it is refused."""
        documents = self.env['crm.role.matrix'].get_matrix()['documents']
        cells = next(document['cells'] for document in documents if document['model'] == model)
        return cells[self.groups[role].id].get(operation)


@tagged('post_install', '-at_install')
class TestRoleMatrixHttp(HttpCase, RolesCommon):

    def test_export_says_what_the_matrix_says(self):
        self._login('sales_manager')
        response = self.url_open('/crm_roles/role_matrix/xlsx')
        self.assertEqual(response.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        matrix = self.env['crm.role.matrix'].get_matrix()
        sheet, words = (list(sheet.values) for sheet in book.worksheets)
        self.assertEqual(len(sheet), len(matrix['documents']) + 1)
        self.assertEqual(len(sheet[0]), len(ROLES) + 3)
        order = next(row for row in sheet if row[2] == 'sale.order')
        self.assertEqual(order[3], "Read")
        self.assertEqual(order[5], "Read (some)\nWrite (some)\nCreate (some)")
        rights = sum(
            len(cell) for document in matrix['documents'] for cell in document['cells'].values())
        self.assertEqual(len(words), rights + 1)

    def test_export_is_refused_to_others(self):
        for role in set(ROLES) - {'sales_manager'}:
            with self.subTest(role=role):
                self._login(role)
                self.assertEqual(self.url_open('/crm_roles/role_matrix/xlsx').status_code, 403)

    def test_export_asks_strangers_to_log_in(self):
        response = self.url_open('/crm_roles/role_matrix/xlsx', allow_redirects=False)
        self.assertIn('/web/login', response.headers['Location'])

    def test_matrix_is_refused_over_rpc(self):
        self._login('call_center_lead')
        self._assert_rpc_refused('crm.role.matrix', 'get_matrix', [])
        self._login('sales_manager')
        self.assertTrue(self._call('crm.role.matrix', 'get_matrix', [])['roles'])

    def test_private_methods_are_refused_over_rpc(self):
        self._login('sales_manager')
        for method in ('_matrix_models', '_matrix_roles', '_rules'):
            with self.subTest(method=method):
                self._assert_rpc_refused('crm.role.matrix', method, [])

    def test_representative_is_refused_over_rpc_what_the_orm_refuses(self):
        self._login('service_representative')
        self.assertTrue(self._call('res.partner', 'write', [self.acorn.ids, {'phone': "1"}]))
        for model, method, args in (
            ('res.partner', 'write', [self.acorn.ids, {'user_id': self.colleague.id}]),
            ('res.partner', 'write', [self.acorn.ids, {'parent_id': self.birch.id}]),
            ('res.partner', 'web_save', [self.acorn.ids, {'user_id': self.colleague.id}, {}]),
            ('res.partner', 'create', [{'name': "x"}]),
            ('res.partner', 'unlink', [self.acorn.ids]),
            ('res.partner', 'action_archive', [self.acorn.ids]),
            ('sale.order', 'write', [self.order_acorn.ids, {'note': "x"}]),
            ('sale.order', 'action_confirm', [self.order_acorn.ids]),
            ('sale.order', 'action_cancel', [self.order_acorn.ids]),
            ('account.move', 'button_draft', [self.bill_acorn.ids]),
        ):
            with self.subTest(model=model, method=method):
                self._assert_rpc_refused(model, method, args)

    def test_supervisor_is_refused_over_rpc_what_the_orm_refuses(self):
        draft = self._create_bill(self.acorn, post=False)
        self._login('service_supervisor')
        for model, method, args in (
            ('account.move', 'action_post', [draft.ids]),
            ('account.move', 'write', [draft.ids, {'ref': "x"}]),
            ('account.move', 'create', [{'move_type': 'out_invoice'}]),
            ('account.payment', 'create', [{'amount': 1.0}]),
            ('product.pricelist', 'create', [{'name': "x"}]),
            ('crm.team', 'create', [{'name': "x"}]),
            ('product.template', 'write', [self.product.product_tmpl_id.ids, {'list_price': 1.0}]),
        ):
            with self.subTest(model=model, method=method):
                self._assert_rpc_refused(model, method, args)

    def test_order_manager_is_refused_over_rpc_what_the_orm_refuses(self):
        self._login('order_manager')
        for method, args in (
            ('action_confirm', [self.order_acorn.ids]),
            ('action_cancel', [self.order_acorn.ids]),
            ('write', [self.order_acorn.ids, {'state': 'sale'}]),
            ('web_save', [self.order_acorn.ids, {'note': "x"}, {}]),
        ):
            with self.subTest(method=method):
                self._assert_rpc_refused('sale.order', method, args)
        self._assert_rpc_refused(
            'sale.order.line', 'write', [self.order_acorn.order_line.ids, {'price_unit': 1.0}])

    def test_tour_of_an_administrator(self):
        self.start_tour('/odoo/role-matrix', 'crm_roles_role_matrix', login='admin')

    def test_tour_of_a_sales_manager(self):
        self.start_tour(
            '/odoo/role-matrix', 'crm_roles_role_matrix_sales_manager', login='sales_manager')

    def _login(self, role):
        self.authenticate(role, role + 'x' * (8 - len(role)))

    def _call(self, model, method, args):
        return self.make_jsonrpc_request(
            f'/web/dataset/call_kw/{model}/{method}',
            {'model': model, 'method': method, 'args': args, 'kwargs': {}})

    def _assert_rpc_refused(self, model, method, args):
        with self.assertRaisesRegex(JsonRpcException, 'AccessError'):
            self._call(model, method, args)
