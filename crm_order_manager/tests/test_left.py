from odoo.tests import tagged

from .test_assignment import AssignmentCommon


@tagged('post_install', '-at_install')
class TestManagerLeaves(AssignmentCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls._create_orders(3, order_manager_id=cls.manager.id)
        cls.orders.action_confirm()

    def _handovers(self):
        return self.env['mail.activity'].sudo().search([
            ('activity_type_id', '=',
             self.env.ref('crm_order_manager.mail_activity_type_handover').id),
            ('user_id', '=', self.lead.id)])

    def test_lead_is_asked_to_hand_on_the_orders_of_who_has_left(self):
        self.manager.sudo().active = False
        self.assertEqual(self._handovers().res_id, self.manager.partner_id.id)
        self.assertIn("3 open orders", self._handovers().summary)
        found = self.env['sale.order'].search(
            [('order_manager_id.active', '=', False), ('id', 'in', self.orders.ids)])
        self.assertEqual(found, self.orders)

    def test_lead_is_asked_when_the_role_is_taken_away(self):
        self.manager.sudo().group_ids = self.env.ref('base.group_user')
        self.assertEqual(len(self._handovers()), 1)

    def test_lead_is_not_asked_when_the_role_stays(self):
        self.manager.sudo().group_ids += self.env.ref('crm_roles.group_marketing_manager')
        self.assertFalse(self._handovers())

    def test_lead_is_not_asked_about_who_had_nothing_open(self):
        self.colleague.sudo().active = False
        self.assertFalse(self._handovers())
