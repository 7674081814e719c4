from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCommon


@tagged('post_install', '-at_install')
class TestAccess(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.caller = cls._create_user('order_manager', 'caller')
        cls.call = cls._create_call(user_id=cls.caller.id, outcome_id=cls.promised.id)

    def test_callers_log_and_correct_their_own_calls(self):
        for role in ('order_manager', 'service_representative', 'account_representative'):
            with self.subTest(role=role):
                user = self._create_user(role)
                call = self.env['crm.call'].with_user(user).create({'partner_id': self.customer.id})
                self.assertEqual(call.user_id, user)
                call.note = "Asked for the bill."
                with self.assertRaises(AccessError):
                    call.unlink()

    def test_callers_do_not_change_the_calls_of_others(self):
        for role in ('order_manager', 'service_representative', 'account_representative'):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.call.with_user(user).note = "Not mine."

    def test_callers_log_nothing_in_the_name_of_others(self):
        user = self._create_user('order_manager')
        with self.assertRaises(AccessError):
            self.env['crm.call'].with_user(user).create(
                {'partner_id': self.customer.id, 'user_id': self.caller.id})

    def test_call_centre_and_service_read_all_calls(self):
        for role in ('order_manager', 'service_representative', 'marketing_manager'):
            with self.subTest(role=role):
                self.assertEqual(
                    self.call.with_user(self._create_user(role)).outcome_id, self.promised
                )

    def test_account_representative_reads_the_calls_with_his_accounts_only(self):
        user = self._create_user('account_representative')
        Call = self.env['crm.call'].with_user(user)
        self.assertNotIn(self.call, Call.search([]))
        self.customer.user_id = user
        self.assertIn(self.call, Call.search([]))

    def test_lead_supervisor_and_sales_manager_correct_all_calls(self):
        for role in ('call_center_lead', 'service_supervisor', 'sales_manager'):
            with self.subTest(role=role):
                self.call.with_user(self._create_user(role)).note = role

    def test_only_lead_and_sales_manager_delete_calls(self):
        for role, allowed in (
            ('service_supervisor', False), ('order_manager', False),
            ('call_center_lead', True), ('sales_manager', True),
        ):
            call = self._create_call().with_user(self._create_user(role))
            with self.subTest(role=role):
                self.assertIs(call.has_access('unlink'), allowed)

    def test_only_the_sales_manager_changes_outcomes(self):
        for role in (
            'order_manager',
            'call_center_lead',
            'service_supervisor',
            'account_representative',
        ):
            outcome = self.promised.with_user(self._create_user(role))
            with self.subTest(role=role):
                self.assertEqual(outcome.kind, 'progress')
                with self.assertRaises(AccessError):
                    outcome.retry_hours = 1
        self.promised.with_user(self._create_user('sales_manager')).retry_hours = 1

    def test_other_employees_see_no_calls(self):
        employee = self._create_new_internal_user(login='employee')
        with self.assertRaises(AccessError):
            self.call.with_user(employee).read(['note'])

    def test_calls_of_another_company_stay_there(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        self.env.user.company_ids = [Command.link(other.id)]
        call = self._create_call(company_id=other.id)
        self.assertNotIn(call, self.env['crm.call'].with_user(self.caller).search([]))
