from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_commission import CommissionCommon
from .test_personal_manager import PersonalManagerCommon


@tagged('post_install', '-at_install')
class TestPersonalManagerTours(PersonalManagerCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.name = "Saoirse Seller"

    def test_personal_manager_is_set_on_an_order_and_undone(self):
        order = self._create_order(partner_id=self.buyer.id)
        self._create_order()
        self.start_tour(
            f'/odoo/customer-orders/{order.id}', 'crm_order_manager_set_personal_manager',
            login=self.lead.login)
        self.env.invalidate_all()
        self.assertFalse(self.circle.personal_manager_id)
        self.assertEqual(
            [(len(lines), reason) for reason, lines in self._ledger().grouped('reason').items()],
            [(4, 'wrong'), (4, 'other')])

    def test_customer_is_found_taken_and_made_an_offer(self):
        self.env['sale.order.template'].create({
            'name': "Autumn offer",
            'sale_order_template_line_ids': [Command.create({'product_id': self.drill.id})]})
        self._create_order()
        self.start_tour(
            '/odoo/my-customers', 'crm_order_manager_my_customers', login=self.seller.login)
        self.env.invalidate_all()
        self._assert_managers(self.circle, self.seller)
        offer = self.env['sale.order'].search(
            [('partner_id', '=', self.customer.id), ('state', '=', 'draft')])
        self.assertRecordValues(offer, [{'user_id': self.seller.id, 'amount_untaxed': 100.0}])


@tagged('post_install', '-at_install')
class TestCommissionTour(CommissionCommon, HttpCase):

    def test_plan_pays_what_was_paid_and_is_settled(self):
        order = self._create_order(250.0)
        self._pay(self._create_bill(order), 150.0, payment_date='2026-03-05')
        self.start_tour(
            '/odoo/commission-plans', 'crm_order_manager_commission',
            login=self.sales_manager.login)
        self.env.invalidate_all()
        self.assertRecordValues(order.commission_entry_ids.sorted('amount'), [
            {'user_id': self.manager.id, 'state': 'expected', 'amount': 10.0},
            {'user_id': self.manager.id, 'state': 'settled', 'amount': 15.0}])
        self.assertEqual(
            order.commission_entry_ids.settlement_id.mapped('state'), ['confirmed'])
