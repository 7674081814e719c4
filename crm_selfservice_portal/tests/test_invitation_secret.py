import json

from odoo.tests import HttpCase, tagged

from .common import SelfServiceCommon

VALUES = {'can_view': True, 'scope': 'company'}
ERRORS = ('odoo.exceptions.AccessError', 'builtins.ValueError')
# What differs from one record to the next, and tells nothing.
OWN = {'id', 'create_date', 'write_date', 'date', '__last_update', 'display_name'}


@tagged('post_install', '-at_install')
class TestInvitationSecret(SelfServiceCommon, HttpCase):
    """Whose an invited address is, no way of asking tells who invited it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env['crm.representative.right']
        cls.rights.search([('partner_id', '=', cls.ann.partner_id.id)]).role = 'administrator'
        inviting = cls.rights.with_user(cls.ann)
        # The first is nobody's, the others are of somebody else.
        cls.emails = ['cora@example.com', cls.bea.email, cls.roles['order_manager'].email]
        cls.invited = [cls._invite(inviting, email) for email in cls.emails]

    @classmethod
    def _invite(cls, inviting, email):
        right = inviting._invite("Cora", email, VALUES).sudo()
        inviting.env.flush_all()
        return right

    def setUp(self):
        super().setUp()
        self.authenticate('ann', 'ann')

    def _call(self, model, method, *args, **kwargs):
        answer = self.url_open('/web/dataset/call_kw', data=json.dumps({'params': {
            'model': model, 'method': method, 'args': args, 'kwargs': kwargs}}),
            headers={'Content-Type': 'application/json'}).json()
        return answer.get('result', answer.get('error', {}).get('data', {}).get('name'))

    def _told(self, record, email):
        """Return what each field of a record tells over the wire, with the address left out."""
        told = {}
        for name in sorted(record._fields.keys() - OWN):
            answer = self._call(record._name, 'read', [record.id], [name])
            value = answer[0].get(name) if isinstance(answer, list) and answer else answer
            told[name] = str(value).replace(email, 'EMAIL').replace(
                f'[{record.id},', '[ID,').replace(str(record.partner_id.id), 'PARTNER')
        return told

    def test_the_rights_tell_nothing(self):
        first, *others = (
            self._told(*pair) for pair in zip(self.invited, self.emails, strict=True))
        self.assertIn('True', first['can_view'])
        for other in others:
            self.assertEqual(other, first)

    def test_nothing_finds_those_whose_invitation_waits(self):
        ids = [right.id for right in self.invited]
        for field, value in [
                ('partner_id.email', False), ('partner_id.user_ids', False),
                ('partner_id.user_ids.active', True), ('is_awaiting', True),
                ('access_state', 'revoked'), ('message_ids', False), ('invited_email', 'x'),
                ('partner_id.is_invited', True), ('partner_id.signup_type', False)]:
            for operator in ('=', '!='):
                with self.subTest(field=field, operator=operator):
                    found = self._call(
                        self.rights._name, 'search', [('id', 'in', ids), (field, operator, value)])
                    self.assertIn(
                        found if isinstance(found, str) else len(found), (*ERRORS, 0, len(ids)))

    def test_the_contacts_tell_nothing(self):
        for right in self.invited:
            contact = right.partner_id
            with self.subTest(contact=contact):
                self.assertEqual(
                    self._call('res.partner', 'read', [contact.id], ['name', 'email']),
                    'odoo.exceptions.AccessError')
                self.assertEqual(self._call('res.partner', 'search', [('id', '=', contact.id)]), [])
        self.assertEqual(
            self._call('res.partner', 'search_count', [('name', '=', "Cora")]), 0)
        [acorn] = self._call('res.partner', 'read', [self.acorn.id], ['child_ids'])
        self.assertFalse({right.partner_id.id for right in self.invited} & set(acorn['child_ids']))

    def test_a_colleague_of_one_s_own_can_still_be_read(self):
        [ben] = self._call('res.partner', 'read', [self.ben.partner_id.id], ['name', 'email'])
        self.assertEqual((ben['name'], ben['email']), ("Ben", 'ben@example.com'))
