from odoo.tests import HttpCase, new_test_user, tagged

from .common import ProcessCommon


@tagged('post_install', '-at_install')
class TestTours(ProcessCommon, HttpCase):

    def test_process_is_tried_activated_and_explained(self):
        manager = new_test_user(self.env, 'manager', 'crm_roles.group_sales_manager')
        lead = self._create_lead(name="Planing Machine")
        process = self._create_process(
            activate=False, name="Sale of Machines",
            domain="[('name', '=', 'Planing Machine')]")
        self.start_tour('/odoo/processes', 'crm_process_definition', login=manager.login)
        self.assertEqual(process.state, 'active')
        self.assertEqual(self._task(lead).step_id.name, "Quote")
