from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_selfservice_portal.models import crm_representative_invitation

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestColleagues(SelfServiceCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env['crm.representative.right']
        cls.acts = cls.env['crm.representative.act']
        cls.anns, cls.bens, cls.beas = (
            cls._right(user.partner_id) for user in (cls.ann, cls.ben, cls.bea))
        cls.anns.role = 'administrator'

    @classmethod
    def _right(cls, partner):
        return cls.rights.search([('partner_id', '=', partner.id)])

    def _values(self, *names, scope='company'):
        return {
            **{f'can_{name}': name in names for name in (
                'view', 'buy', 'pay', 'request', 'technical', 'administer')},
            'scope': scope}

    def _change(self, right, *names, user=None, **values):
        right.with_user(user or self.ann)._change(self._values(*names, **values))

    def _invite(self, email='cora@example.com', names=('view',), user=None, **values):
        return self.rights.with_user(user or self.ann)._invite(
            "Cora", email, self._values(*names, **values)).sudo()

    def test_an_administrator_sets_the_rights_of_a_colleague(self):
        self._change(self.bens, 'pay', scope='own')
        self.assertEqual((self.bens.role, self.bens.scope), ('payer', 'own'))
        act = self.acts.search([('act', '=', 'rights')])
        self.assertEqual(act.user_id, self.ann)
        self.assertEqual(act.note, "Payer: Own Documents")

    def test_nobody_else_does(self):
        with self.assertRaises(AccessError):
            self._change(self.anns, 'view', user=self.ben)
        with self.assertRaises(AccessError):
            self._change(self.beas, 'view')
        with self.assertRaises(AccessError):
            self._invite(user=self.ben)

    def test_nobody_gives_what_he_has_not(self):
        self.anns.can_pay = False
        self.bens.role = 'viewer'
        for names, scope in [(['pay'], 'own'), (['view'], 'group')]:
            with self.subTest(names=names, scope=scope):
                for right in (self.bens, self.anns):
                    with self.assertRaises(AccessError):
                        self._change(right, *names, scope=scope)
                with self.assertRaises(AccessError):
                    self._invite(names=names, scope=scope)
        self.assertEqual(self.bens.role, 'viewer')

    def test_nobody_changes_who_may_do_more(self):
        self.anns.can_pay = False
        with self.assertRaisesRegex(AccessError, "Ben may do more than you"):
            self._change(self.bens, 'view')
        with self.assertRaises(AccessError):
            self.bens.with_user(self.ann)._revoke()
        self.bens.write({'role': 'viewer', 'scope': 'group'})
        with self.assertRaises(AccessError):
            self._change(self.bens, 'view')

    def test_the_last_administrator_stays_one(self):
        with self.assertRaisesRegex(UserError, "You are the last administrator of Acorn"):
            self._change(self.anns, 'view')
        self.bens.role = 'administrator'
        self.ben.active = False
        self.anns.role = 'administrator'
        with self.assertRaises(UserError):
            self._change(self.anns, 'view')
        self.ben.active = True
        self._change(self.anns, 'view')
        self.assertEqual(self.anns.role, 'viewer')

    def test_nobody_takes_away_his_own_access(self):
        with self.assertRaisesRegex(UserError, "your own access"):
            self.anns.with_user(self.ann)._revoke()

    def test_a_revoked_colleague_is_invited_again_with_his_rights(self):
        self.bens.role = 'buyer'
        self.bens.with_user(self.ann)._revoke()
        self.assertFalse(self.ben.active)
        self.assertEqual(self.bens.role, 'buyer')
        self.bens.with_user(self.ann)._invite_again()
        self.assertTrue(self.ben.active)
        self.assertTrue(self.ben._is_portal())
        self.assertEqual(
            self.acts.search([('partner_id', '=', self.ann.partner_id.id)]).mapped('act'),
            ['invite', 'revoke'])

    def test_a_colleague_is_invited(self):
        before = self.env['mail.mail'].search([])
        right = self._invite(names=['view', 'request'], scope='own')
        mail = self.env['mail.mail'].search([]) - before
        contact = right.partner_id
        self.assertEqual(contact.commercial_partner_id, self.acorn)
        self.assertEqual(contact.email, 'cora@example.com')
        self.assertTrue(contact.user_ids._is_portal())
        self.assertEqual(right._names(), {'view', 'request'})
        self.assertEqual((right.scope, right.invited_by_id), ('own', self.ann))
        self.assertEqual(right._shown_state(), 'invited')
        self.assertEqual(len(mail), 1)
        self.assertIn('cora@example.com', mail.email_to or mail.recipient_ids.email)

    def test_a_contact_of_the_company_is_taken(self):
        contact = self.env['res.partner'].create({
            'name': "Cora Cole", 'email': 'Cora@Example.com', 'parent_id': self.acorn.id})
        self.assertEqual(self._invite().partner_id, contact)
        self.assertEqual(contact.name, "Cora Cole")

    def test_a_colleague_who_has_access_keeps_his_rights(self):
        with self.assertRaisesRegex(UserError, "Ben has access or was invited"):
            self._invite(self.ben.email)
        self.assertEqual(self.bens.role, 'full')

    def test_an_address_of_somebody_else_is_invited_by_nobody(self):
        stranger = self.env['res.partner'].create({
            'name': "Cy", 'email': 'cy@example.com', 'parent_id': self.birch.id})
        staff = self.roles['service_representative']
        staff.write({'login': 'staff@example.com', 'email': 'other@example.com'})
        for email in (stranger.email, self.bea.email, staff.login, staff.email):
            with self.subTest(email=email):
                before = self.env['mail.mail'].search([])
                right = self._invite(email)
                mails = self.env['mail.mail'].search([]) - before
                contact = right.partner_id
                self.assertFalse(contact.user_ids)
                self.assertFalse(contact.email)
                self.assertNotIn(email, str(mails.mapped('email_to')))
                self.assertNotIn(email, mails.recipient_ids.mapped('email'))
                self.assertEqual(right._shown_state(), 'invited')
                self.assertEqual(right._shown_email(), email)
                self.assertIn(email, right.message_ids[0].body)
                self.assertEqual(
                    right.message_ids[0].partner_ids,
                    self.ann._portal_contact().partner_id)

    def test_what_is_done_to_such_an_invitation_looks_alike(self):
        right = self._invite(self.bea.email)
        self._change(right, 'view', 'request')
        right.with_user(self.ann)._revoke()
        self.assertEqual(right._shown_state(), 'revoked')
        right.with_user(self.ann)._invite_again()
        self.assertEqual(right._shown_state(), 'invited')
        self.assertFalse(right.partner_id.user_ids)
        with self.assertRaises(AccessError):
            right.with_user(self.ann).read(['is_awaiting'])

    def test_employees_decide_about_such_an_invitation(self):
        right = self._invite(self.bea.email)
        waiting = self.rights.search(
            [('is_awaiting', '=', True), ('access_state', '=', 'revoked')])
        self.assertEqual(waiting, right)
        line = right._access_line('cora.real@example.com')
        line.action_grant_access()
        self.assertEqual(right.access_state, 'invited')
        self.assertEqual(right._shown_email(), 'cora.real@example.com')

    def test_an_address_is_invited_once_whosever_it_is(self):
        for email in ('cora@example.com', self.bea.email, self.roles['order_manager'].email):
            with self.subTest(email=email):
                self._invite(email)
                with self.assertRaisesRegex(UserError, "Cora has access or was invited"):
                    self._invite(email)

    def test_a_contact_who_was_invited_is_read_once_he_has_come(self):
        right = self._invite()
        contact, user = right.partner_id, right.partner_id.user_ids
        mine = contact.with_user(self.ann)
        self.assertTrue(contact.is_invited)
        self.assertFalse(mine.has_access('read'))
        self.assertNotIn(contact, self.acorn.with_user(self.ann)._statement_recipients().sudo())
        self.assertTrue(contact.with_user(user).has_access('read'))
        self.env['res.users'].with_user(user)._update_last_login()
        self.assertFalse(contact.is_invited)
        self.assertTrue(mine.has_access('read'))
        self.assertIn(contact, self.acorn.with_user(self.ann)._statement_recipients().sudo())

    def test_invitations_are_few(self):
        self.patch(crm_representative_invitation, 'INVITATIONS_PER_HOUR', 2)
        self.assertTrue(self._invite('c1@example.com'))
        self.assertTrue(self._invite('c2@example.com'))
        with self.assertRaisesRegex(UserError, "Many colleagues were invited"):
            self._invite('c3@example.com')
        with self.assertRaisesRegex(UserError, "Many colleagues were invited"):
            self.bens.with_user(self.ann)._invite_again()
        self.assertFalse(self.env['res.partner'].search([('email', '=', 'c3@example.com')]))

    def test_a_group_administrator_looks_after_the_whole_group(self):
        family = self._create_customer("Family")
        (self.acorn + self.birch).parent_id = family
        self.assertNotIn(self.beas, self.rights.with_user(self.ann).search([]))
        self.anns.scope = 'group'
        self.assertIn(self.beas, self.rights.with_user(self.ann).search([]))
        self._change(self.beas, 'view')
        self.assertEqual(self.beas.role, 'viewer')
