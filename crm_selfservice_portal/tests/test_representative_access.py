from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestRepresentativeAccess(SelfServiceCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env['crm.representative.right']
        cls.right = cls._right(cls.ann.partner_id)
        cls.supervisor = cls._create_user('service_supervisor')
        cls.contact = cls.env['res.partner'].create({
            'name': "Cora", 'email': 'cora@example.com', 'parent_id': cls.acorn.id})

    @classmethod
    def _right(cls, partner):
        return cls.rights.search([('partner_id', '=', partner.id)])

    def _line(self, partner, user=None):
        wizard = self.env['portal.wizard'].with_user(user or self.supervisor).create(
            {'partner_ids': [Command.set(partner.ids)]})
        return wizard.user_ids

    def test_a_role_sets_its_rights_and_rights_make_a_role(self):
        self.assertEqual(self.right.role, 'full')
        for role, names in [
                ('viewer', {'view'}), ('buyer', {'buy'}), ('technical', {'technical'}),
                ('administrator', {
                    'view', 'buy', 'pay', 'request', 'technical', 'administer'})]:
            with self.subTest(role=role):
                self.right.role = role
                self.assertEqual(self.right._names(), names)
        self.right.can_pay = False
        self.assertEqual(self.right.role, 'custom')

    def test_the_form_shows_the_rights_of_a_role_at_once(self):
        with Form(self.right.with_user(self.supervisor)) as form:
            form.role = 'payer'
            self.assertTrue(form.can_pay)
            self.assertFalse(form.can_buy)
            form.can_view = True
        self.assertEqual(self.right._names(), {'pay', 'view'})
        self.assertEqual(self.right.role, 'custom')

    def test_an_administrator_sees_the_company(self):
        with self.assertRaisesRegex(ValidationError, "Ann cannot administer"):
            self.right.write({'can_administer': True, 'scope': 'own'})

    def test_access_is_given_with_rights(self):
        line = self._line(self.contact)
        self.assertEqual((line.role, line.scope), ('full', 'company'))
        line.write({'role': 'buyer', 'scope': 'own'})
        line.action_grant_access()
        right = self._right(self.contact)
        self.assertEqual((right.role, right.scope), ('buyer', 'own'))
        self.assertEqual(right.access_state, 'invited')
        line.write({'role': 'payer', 'scope': 'company'})
        line.action_set_rights()
        self.assertEqual((right.role, right.scope), ('payer', 'company'))

    def test_rights_stay_when_access_is_taken_away_and_given_again(self):
        line = self._line(self.contact)
        line.role = 'viewer'
        line.action_grant_access()
        right = self._right(self.contact)
        line.action_revoke_access()
        self.assertEqual(right.access_state, 'revoked')
        line = self._line(self.contact)
        self.assertEqual(line.role, 'viewer')
        line.action_grant_access()
        self.assertEqual(self._right(self.contact), right)
        self.assertEqual(right.role, 'viewer')

    def test_states_are_found(self):
        self.ann.with_user(self.ann)._update_last_login()
        self.ben.active = False
        states = {
            self.right: 'active', self._right(self.ben.partner_id): 'revoked',
            self._right(self.bea.partner_id): 'invited'}
        rights = self.rights.union(*states)
        for right, state in states.items():
            with self.subTest(state=state):
                self.assertEqual(right.access_state, state)
                self.assertEqual(
                    rights.search([('id', 'in', rights.ids), ('access_state', '=', state)]), right)

    def test_whoever_becomes_a_user_of_the_portal_has_rights(self):
        portal = self.env.ref('base.group_portal')
        public = self.env.ref('base.group_public')
        by_group, by_hand = (
            new_test_user(self.env, login, 'base.group_public', email=f'{login}@example.com')
            for login in ('group', 'hand'))
        by_group.group_ids = [Command.unlink(public.id)]
        portal.user_ids = [Command.link(by_group.id)]
        by_hand.group_ids = [Command.set(portal.ids)]
        self.assertEqual(self._right(by_group.partner_id).role, 'full')
        self.assertEqual(self._right(by_hand.partner_id).role, 'full')
        self.env['res.users'].sudo().signup(
            {'login': 'cora@example.com', 'password': 'cora@example.com'},
            token=self.contact._generate_signup_token())
        self.assertEqual(self._right(self.contact).role, 'full')
        loaded = self.env['res.users'].load(
            ['name', 'login', 'group_ids'], [["Load", 'load@example.com', portal.display_name]])
        user = self.env['res.users'].browse(loaded['ids'])
        self.assertEqual(self._right(user.partner_id).role, 'full')

    def test_who_moves_to_another_company_leaves_his_rights(self):
        self.right.write({'role': 'administrator', 'scope': 'group'})
        self.ann.partner_id.parent_id = self.birch
        self.assertEqual((self.right.role, self.right.scope), ('viewer', 'own'))
        self.assertEqual(self.right.commercial_partner_id, self.birch)
        self.assertFalse(self.ann._has_portal_right('buy'))

    def test_who_moves_within_his_company_keeps_his_rights(self):
        self.right.role = 'buyer'
        office = self.env['res.partner'].create({'name': "Office", 'parent_id': self.acorn.id})
        self.ann.partner_id.parent_id = office
        self.assertEqual(self.right.role, 'buyer')

    def test_contacts_of_who_is_moved_leave_their_rights(self):
        office = self.env['res.partner'].create({'name': "Office", 'parent_id': self.acorn.id})
        self.ann.partner_id.parent_id = office
        office.parent_id = self.birch
        self.assertEqual(self.right.role, 'viewer')

    def _merge(self, *partners):
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        wizard._merge([partner.id for partner in partners], partners[-1], extra_checks=False)

    def test_merged_contacts_have_the_rights_of_who_uses_the_portal(self):
        line = self._line(self.contact)
        line.action_grant_access()
        line.user_id.sudo().unlink()
        self.right.role = 'payer'
        self._merge(self.ann.partner_id, self.contact)
        self.assertEqual(self.ann.partner_id, self.contact)
        self.assertEqual(self._right(self.contact), self.right)
        self.assertEqual(self.right.role, 'payer')
        self.assertEqual(self.ann._portal_rights().names, {'pay'})

    def test_merged_with_a_contact_of_another_company_he_leaves_his_rights(self):
        self.right.role = 'administrator'
        other = self.env['res.partner'].create({'name': "Ann B", 'parent_id': self.birch.id})
        self._merge(self.ann.partner_id, other)
        self.assertEqual(self.ann.partner_id, other)
        self.assertEqual((self.right.role, self.right.scope), ('viewer', 'own'))
        self.assertEqual(self.right.commercial_partner_id, self.birch)

    def test_contacts_of_merged_companies_keep_their_rights(self):
        twin = self._create_customer("Acorn Twin")
        self._merge(self.acorn, twin)
        self.assertEqual(self.right.role, 'full')
        self.assertEqual(self.right.commercial_partner_id, twin)
        self.assertEqual(self.ann._portal_rights().customer_ids, (twin.id,))

    def test_changes_are_told_in_the_chatter(self):
        self.cr.flush()
        self.right.with_context(
            tracking_disable=False, mail_notrack=False).can_pay = False
        self.env.flush_all()
        self.cr.flush()
        self.right.invalidate_recordset()
        tracked = self.right.message_ids.sudo().tracking_value_ids
        self.assertIn('can_pay', tracked.field_id.mapped('name'))

    def test_who_sees_and_sets_rights(self):
        manager = self._create_user('sales_manager')
        service, account = (
            self.roles[role] for role in ('service_representative', 'account_representative'))
        theirs = self._right(self.bea.partner_id)
        every = self.right | theirs
        for user, read, write in [
                (service, every, self.rights), (self.supervisor, every, every),
                (manager, every, every), (account, self.right, self.right),
                (self.colleague, theirs, theirs), (self.ann, self.right, self.rights),
                (self.ben, self._right(self.ben.partner_id), self.rights)]:
            with self.subTest(user=user.login):
                found = self.rights.with_user(user).search([('id', 'in', (
                    every | self._right(self.ben.partner_id)).ids)])
                self.assertEqual(found & every, read & every)
                self.assertEqual(every.with_user(user)._filtered_access('write'), write)
        for user in (self.roles['marketing_manager'], self.roles['order_manager']):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.rights.with_user(user).search([])
        for user in (service, self.supervisor, manager, account, self.ann):
            with self.subTest(user=user.login):
                self.assertFalse(self.rights.with_user(user).has_access('unlink'))
                acts = self.env['crm.representative.act'].with_user(user)
                self.assertTrue(acts.has_access('read'))
                for operation in ('write', 'create', 'unlink'):
                    self.assertFalse(acts.has_access(operation))

    def test_a_customer_leads_to_his_representatives(self):
        acorn = self.acorn.with_user(self.supervisor)
        self.assertEqual(acorn.representative_count, 2)
        action = acorn.action_representatives()
        self.assertEqual(
            self.rights.search(action['domain']),
            self.right | self._right(self.ben.partner_id))
        self.assertEqual(
            self.ann.partner_id.with_user(self.supervisor).action_representatives()['res_id'],
            self.right.id)
        acts = self.env['crm.representative.act'].with_user(self.ann)
        act = acts._note('statement', self.acorn)
        self.assertIn(
            act, self.env['crm.representative.act'].search(
                acorn.action_representative_acts()['domain']))
