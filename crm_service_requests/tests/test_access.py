from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_roles.tests.common import ROLES

from .common import RequestCommon

# Who reads (r) and works on (w) which request, without taking part in it.
RIGHTS = {
    #                          of Acorn  of Birch  for supervisors (of Acorn)
    'service_representative': ('rw', 'rw', 'r'),
    'service_supervisor': ('rw', 'rw', 'rw'),
    'account_representative': ('rw', '', 'r'),
    'sales_manager': ('rw', 'rw', 'r'),
    'order_manager': ('', '', ''),
    'call_center_lead': ('', '', ''),
    'marketing_manager': ('', '', ''),
}


@tagged('post_install', '-at_install')
class TestAccess(RequestCommon):
    """Acorn Joinery is an account of the account representative, Birch & Sons is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.of_acorn = cls._create_request()
        cls.of_birch = cls._create_request(partner_id=cls.birch.id)
        cls.for_supervisors = cls._create_request('payment')
        cls.portal = new_test_user(cls.env, 'portal_acorn', 'base.group_portal')
        cls.portal.partner_id.parent_id = cls.acorn

    def test_roles_reach_what_the_table_says(self):
        requests = (self.of_acorn, self.of_birch, self.for_supervisors)
        self.assertEqual(set(RIGHTS), set(ROLES))
        for role, rights in RIGHTS.items():
            for request, expected in zip(requests, rights, strict=True):
                record = self._as(request, role)
                with self.subTest(role=role, request=request.number):
                    self.assertEqual(record.has_access('read'), 'r' in expected)
                    self.assertEqual(record.has_access('write'), 'w' in expected)

    def test_who_takes_part_reads_and_who_is_responsible_works(self):
        for role in ('order_manager', 'marketing_manager'):
            user = self.roles[role]
            followed, responsible = self._create_request(), self._create_request(user_id=user.id)
            followed.message_subscribe(user.partner_id.ids)
            with self.subTest(role=role):
                self.assertTrue(self._as(followed, role).has_access('read'))
                self.assertFalse(self._as(followed, role).has_access('write'))
                self._as(responsible, role).action_open()
                self.assertEqual(responsible.state, 'open')

    def test_everybody_may_register_a_request_but_not_one_for_supervisors(self):
        for role in ROLES:
            requests = self.env['crm.request'].with_user(self.roles[role])
            values = {'name': "A call", 'partner_id': self.acorn.id}
            with self.subTest(role=role):
                request = requests.create(
                    {**values, 'type_id': self.types['complaint'].id})
                self.assertTrue(request.number.startswith('CMP/'))
                if role != 'service_supervisor':
                    self._assert_refused(
                        requests.create, {**values, 'type_id': self.types['payment'].id})

    def test_supervisors_hand_over_to_types_of_their_own(self):
        kinds = {}
        for role in ('service_representative', 'service_supervisor'):
            request = self._as(self._create_request(), role)
            if role == 'service_supervisor':
                request.type_id = self.types['payment']
            else:
                with self.assertRaisesRegex(UserError, "only service supervisors work"):
                    request.type_id = self.types['payment']
            intake = self.env['crm.request.intake'].with_user(self.roles[role])
            kinds[role] = self.env['crm.request.type'].search(intake._type_domain())
        self.assertEqual(
            kinds['service_supervisor'] - kinds['service_representative'],
            kinds['service_supervisor'].filtered('supervisor_only'))
        self.assertIn(self.types['payment'], kinds['service_supervisor'])

    def test_responsible_does_not_work_on_what_is_for_supervisors(self):
        user = self.roles['service_representative']
        self.for_supervisors.user_id = user
        self._assert_cannot_write(
            self._as(self.for_supervisors, 'service_representative'), name="Mine", state='open')

    def test_who_may_no_longer_write_a_request_decides_nothing_of_it(self):
        self._forbid_writing(self.of_acorn)
        request = self.of_acorn.with_user(self.roles['service_supervisor'])
        for method in (
                'action_decide_return', 'action_withdraw_return', 'action_route',
                'action_accept_warranty', 'action_refuse_warranty', 'action_withdraw_warranty',
                'action_send_debt_letter'):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(request, method)()
        with self.assertRaises(AccessError):
            request._override_warranty(True, "He is a good customer.")

    def test_only_supervisors_withdraw_what_a_supervisor_decided(self):
        request = self._create_request('warranty')
        request.warranty_overridden = True
        with self.assertRaises(AccessError):
            request.with_user(self.roles['service_representative']).action_withdraw_warranty()

    def test_request_is_not_handed_to_supervisors_and_back_by_others(self):
        request = self._as(self.of_acorn, 'service_representative')
        with self.assertRaisesRegex(UserError, "supervisor"):
            request.type_id = self.types['payment']
        request = self._as(self._create_request(), 'service_representative')
        with self.assertRaisesRegex(UserError, "supervisor"):
            request.write({
                'type_id': self.types['payment'].id, 'assigned_partner_id': self.birch.id})

    def test_only_supervisors_delete(self):
        for role in ROLES:
            request = self._as(self._create_request(), role)
            with self.subTest(role=role):
                if role == 'service_supervisor':
                    request.unlink()
                else:
                    self._assert_refused(request.unlink)

    def test_types_and_resolutions_are_kept_by_supervisors_and_sales_managers(self):
        for role in ROLES:
            kind = self._as(self.types['help'], role)
            resolution = self._as(self.answered, role)
            with self.subTest(role=role):
                if role in ('service_supervisor', 'sales_manager'):
                    kind.name = "Assistance"
                    resolution.name = "Told"
                    kind.create({'name': "Spare Parts", 'code': f'S{len(role)}', 'kind': 'help'})
                else:
                    self._assert_cannot_write(kind, name="Assistance")
                    self._assert_cannot_write(resolution, name="Told")

    def test_customer_sees_his_company_only_and_changes_nothing(self):
        self.assertTrue(self.of_acorn.with_user(self.portal).has_access('read'))
        self.assertFalse(self.of_birch.with_user(self.portal).has_access('read'))
        for operation in ('write', 'unlink'):
            self.assertFalse(self.of_acorn.with_user(self.portal).has_access(operation))
        with self.assertRaises(AccessError):
            self.env['crm.request'].with_user(self.portal).create({'name': "No"})

    def test_outside_party_sees_what_it_must_act_on(self):
        self.of_birch.assigned_partner_id = self.acorn
        self.assertTrue(self.of_birch.with_user(self.portal).has_access('read'))
        self.of_birch.assigned_partner_id = False
        self.env.flush_all()
        self.assertFalse(self.of_birch.with_user(self.portal).has_access('read'))

    def test_customer_does_not_read_what_is_for_staff(self):
        request = self.of_acorn.with_user(self.portal)
        for name in ('process_task_ids', 'process_deadline', 'activity_ids', 'rating_last_value'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                request.read([name])

    def test_companies_are_kept_apart(self):
        other = self.env['res.company'].create({'name': "Other"})
        request = self._create_request(company_id=other.id, partner_id=False)
        self.assertFalse(self._as(request, 'service_supervisor').has_access('read'))
