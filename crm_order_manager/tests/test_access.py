from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestAccess(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(100.0)

    def test_order_manager_reads_what_he_calls_about(self):
        order = self.order.with_user(self.manager)
        self.assertEqual(order.amount_unpaid, 100.0)
        self.assertEqual(order.order_line.product_id, self.drill)
        self.assertEqual(order.partner_phone, self.customer.phone)

    def test_order_manager_changes_nothing_of_the_order_itself(self):
        order = self.order.with_user(self.manager)
        changes = (
            {'partner_id': self.partner_a.id},
            {'client_order_ref': "Mine"},
            {'state': 'draft'},
            {'order_line': [Command.update(order.order_line.id, {'price_unit': 1.0})]},
        )
        for values in changes:
            with self.subTest(values=values), self.assertRaises(AccessError):
                order.write(values)
        with self.assertRaises(AccessError):
            order.order_line.price_unit = 1.0
        with self.assertRaises(AccessError):
            order.action_cancel()
        with self.assertRaises(AccessError):
            order.copy()
        with self.assertRaises(AccessError):
            order.unlink()

    def test_order_manager_writes_a_note(self):
        self.order.with_user(self.manager).message_post(body="Asked for the bill again.")
        self.assertIn("Asked for the bill again.", self.order.message_ids[0].body)

    def test_form_shows_an_order_manager_what_he_may_not_change_as_fixed(self):
        fixed = self._readonly_fields(self.manager)
        self.assertLessEqual(
            {'partner_id', 'order_line', 'order_manager_id', 'payment_term_id'}, fixed
        )

    def test_form_lets_a_lead_choose_the_manager(self):
        self.assertNotIn('order_manager_id', self._readonly_fields(self.lead))

    def _readonly_fields(self, user):
        arch = (
            self.env['sale.order']
            .with_user(user)
            .get_views([(False, 'form')])['views']['form']['arch']
        )
        return set(etree.fromstring(arch).xpath("//field[@readonly='1' or @readonly='True']/@name"))

    def test_seller_does_not_choose_the_order_manager(self):
        seller = self._create_user('account_representative')
        order = self._create_order(100.0, user_id=seller.id)
        with self.assertRaises(AccessError):
            order.with_user(seller).order_manager_id = self.manager

    def test_seller_logs_a_call_about_his_order(self):
        seller = self._create_user('account_representative')
        order = self._create_order(100.0, user_id=seller.id)
        order.with_user(seller).log_call(self.promised)
        self.assertRecordValues(order, [{'call_count': 1, 'order_manager_id': False}])

    def test_representative_reads_orders_but_holds_none(self):
        representative = self._create_user('service_representative')
        order = self.order.with_user(representative)
        self.assertEqual(order.amount_unpaid, 100.0)
        with self.assertRaises(AccessError):
            order.action_hold()

    def test_marketing_manager_logs_no_call(self):
        marketer = self._create_user('marketing_manager')
        with self.assertRaises(AccessError):
            self.order.with_user(marketer).log_call(self.promised)
