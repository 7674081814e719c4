from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_order_manager.tests.common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestPersonalManagerRequest(OrderManagerCommon):
    """Who looks after a customer knows what the customer asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env['res.partner'].create({
            'name': "Nora Quinn", 'parent_id': cls.customer.id})
        cls.request = cls.env['crm.request'].sudo().create({
            'name': "Where is my drill?", 'partner_id': cls.contact.id,
            'type_id': cls.env.ref('crm_service_requests.crm_request_type_information').id})
        cls.payment = cls.env['crm.request'].sudo().create({
            'name': "Card expired", 'partner_id': cls.contact.id,
            'type_id': cls.env.ref('crm_service_requests.crm_request_type_payment').id})
        cls.env.flush_all()

    def _look_after(self, user):
        self.customer.sudo()._set_personal_manager(user, 'other')
        self.env.flush_all()
        self.env.invalidate_all()

    def test_personal_manager_works_on_the_requests_of_his_customers(self):
        for user in (self.manager, self._create_user('account_representative')):
            with self.subTest(user.login):
                mine = self.env['crm.request'].with_user(user)
                both = (self.request | self.payment).ids
                self.assertFalse(mine.search([('id', 'in', both)]))
                self._look_after(user)
                self.assertEqual(mine.search([('id', 'in', both)]).ids, both)
                self.request.with_user(user).name = "Where is my new drill?"
                with self.assertRaises(AccessError):
                    self.payment.with_user(user).name = "It works again"
        with self.assertRaises(AccessError):
            self.request.with_user(self.manager).read(['name'])

    def test_personal_manager_comes_before_the_salesperson(self):
        self.customer.user_id = self.lead
        self.assertEqual(
            self.request._personal_managers(), {self.request: self.lead})
        self._look_after(self.manager)
        self.assertEqual(
            (self.request | self.payment)._personal_managers(),
            {self.request: self.manager, self.payment: self.manager})
        self.manager.active = False
        self.assertEqual(self.request._personal_managers(), {self.request: self.lead})

    def test_order_managers_see_that_somebody_waits_for_an_answer(self):
        order = self._create_order()
        self.assertEqual(order.with_user(self.manager).customer_request_count, 2)
        self.request.action_cancel()
        order.invalidate_recordset()
        self.assertEqual(order.with_user(self.manager).customer_request_count, 1)

    def test_lists_ask_once_for_all_orders(self):
        orders = self.env['sale.order'].union(*(self._create_order() for _number in range(20)))
        self.env.flush_all()
        for few in (orders[:2], orders):
            self.env.invalidate_all()
            few.mapped('partner_id.commercial_partner_id')
            with self.subTest(len(few)), self.assertQueryCount(1):
                few.mapped('customer_request_count')
