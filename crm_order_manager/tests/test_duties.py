from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_personal_manager import PersonalManagerCommon


@tagged('post_install', '-at_install')
class TestDuties(PersonalManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_type = cls.env.ref('mail.mail_activity_data_call')
        cls.plan, cls.other_plan = cls.env['mail.activity.plan'].create([
            {'name': "After the Purchase", 'res_model': 'res.partner', 'template_ids': [
                Command.create({
                    'activity_type_id': cls.call_type.id, 'summary': "Any doubts?",
                    'delay_count': 7, 'delay_from': 'after_plan_date'}),
                Command.create({
                    'activity_type_id': cls.call_type.id, 'summary': "Offer the training",
                    'delay_count': 3, 'delay_unit': 'weeks', 'delay_from': 'after_plan_date'}),
            ]},
            {'name': "Other", 'res_model': 'res.partner', 'template_ids': [
                Command.create({'activity_type_id': cls.call_type.id, 'summary': "Sharpen it"})]},
        ])
        cls.tools = cls.env['product.category'].create({
            'name': "Tools", 'duty_plan_id': cls.plan.id})
        cls.drills = cls.env['product.category'].create({
            'name': "Drills", 'parent_id': cls.tools.id})
        cls.drill.categ_id = cls.drills
        cls.env['sale.order'].search([]).duties_checked = True

    def _paid_order(self, **values):
        order = self._create_order(**values)
        self._pay(self._create_bill(order))
        self.assertFalse(order.amount_unpaid)
        return order

    def _run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('crm_order_manager.ir_cron_start_duties').sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_personal_manager_gets_the_plan_when_it_is_paid(self):
        self._put(self.customer, self.seller)
        order = self._create_order(partner_id=self.buyer.id)
        self._run_cron()
        self.assertFalse(self.customer.activity_ids)
        self._pay(self._create_bill(order))
        self._run_cron()
        self.assertRecordValues(self.customer.activity_ids.sorted('date_deadline'), [
            {'summary': "Any doubts?", 'user_id': self.seller.id,
             'date_deadline': date.today() + timedelta(7)},
            {'summary': "Offer the training", 'user_id': self.seller.id,
             'date_deadline': date.today() + timedelta(21)},
        ])
        self.assertIn(order.name, self.customer.activity_ids[0].note)

    def test_an_order_asks_only_once(self):
        self._put(self.customer, self.seller)
        self._paid_order()
        self._run_cron()
        self.customer.activity_ids.action_feedback(feedback="All is well")
        self._run_cron()
        self.assertFalse(self.customer.activity_ids)

    def test_the_same_duty_is_not_planned_twice_at_a_time(self):
        self._put(self.customer, self.seller)
        self._paid_order()
        self._paid_order(partner_id=self.buyer.id)
        self._run_cron()
        self.assertEqual(len(self.customer.activity_ids), 2)

    def test_next_order_asks_again_once_it_is_done(self):
        self._put(self.customer, self.seller)
        self._paid_order()
        self._run_cron()
        self.customer.activity_ids.action_feedback()
        self._paid_order()
        self._run_cron()
        self.assertEqual(len(self.customer.activity_ids), 2)

    def test_order_waits_for_a_personal_manager(self):
        order = self._paid_order()
        self._run_cron()
        self.assertFalse(order.duties_checked)
        self._put(self.customer, self.manager)
        self._run_cron()
        self.assertEqual(self.customer.activity_ids.user_id, self.manager)

    def test_nearest_category_decides(self):
        self.drills.duty_plan_id = self.other_plan
        self.assertEqual(self.drills._duty_plan(), self.other_plan)
        self.assertEqual(self.tools._duty_plan(), self.plan)
        self.other_plan.active = False
        self.assertFalse(self.drills._duty_plan())
        self.tools.duty_plan_id = False
        self.drills.duty_plan_id = False
        self.assertFalse(self.drills._duty_plan())

    def test_person_named_in_the_plan_gets_it(self):
        self.plan.template_ids[0].write({
            'responsible_type': 'other', 'responsible_id': self.lead.id})
        self._put(self.customer, self.seller)
        self._paid_order()
        self._run_cron()
        self.assertEqual(self.customer.activity_ids.user_id, self.lead + self.seller)

    def test_old_cancelled_and_free_orders_ask_nothing(self):
        self._put(self.customer, self.seller)
        old = self._paid_order()
        old.date_order = fields.Datetime.now() - timedelta(200)
        self._create_order().action_cancel()
        self._create_order(0.0)
        self._run_cron()
        self.assertFalse(self.customer.activity_ids)

    def test_products_without_a_plan_ask_nothing(self):
        self.tools.duty_plan_id = False
        self._put(self.customer, self.seller)
        order = self._paid_order()
        self._run_cron()
        self.assertFalse(self.customer.activity_ids)
        self.assertTrue(order.duties_checked)

    def test_nobody_gets_a_mail_for_it(self):
        self._put(self.customer, self.seller)
        self._paid_order()
        before = self.env['mail.mail'].sudo().search_count([])
        self._run_cron()
        self.assertEqual(self.env['mail.mail'].sudo().search_count([]), before)

    def test_sales_managers_set_the_plans(self):
        boss = self._create_user('sales_manager')
        plan = self.env['mail.activity.plan'].with_user(boss).create({
            'name': "New", 'res_model': 'res.partner', 'template_ids': [
                Command.create({'activity_type_id': self.call_type.id, 'summary': "Ask"})]})
        self.drills.with_user(boss).duty_plan_id = plan
        for user in (self.lead, self.seller):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.drills.with_user(user).duty_plan_id = self.other_plan
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.plan.with_user(user).name = "Mine"
