from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_order_manager.tests.common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestPaymentLinkSms(OrderManagerCommon):

    def _texts(self, order):
        return self.env['sms.sms'].search([
            ('mail_message_id.model', '=', 'sale.order'),
            ('mail_message_id.res_id', '=', order.id)])

    def test_order_manager_texts_the_link(self):
        order = self._create_order(250.0)
        order.with_user(self.manager).action_send_payment_link_sms()
        text = self._texts(order)
        self.assertEqual(text.number, '+353215550100')
        self.assertEqual(text.state, 'outgoing')
        self.assertIn(f'/my/orders/{order.id}?access_token=', text.body)
        self.assertIn(order.name, text.body)
        self.assertEqual(order.message_ids[0].message_type, 'sms')

    def test_text_counts_as_something_done(self):
        order = self._create_order(250.0)
        order.with_user(self.manager).action_hold()
        order.with_user(self.manager).action_send_payment_link_sms()
        order.with_user(self.manager).action_release()
        self.assertEqual(order.order_manager_id, self.manager)

    def test_customer_without_a_number_is_named(self):
        order = self._create_order(250.0)
        self.customer.phone = False
        with self.assertRaisesRegex(UserError, "Quinn Carpentry has no phone number"):
            order.action_send_payment_link_sms()

    def test_paid_and_cancelled_orders_are_refused(self):
        order = self._create_order(250.0)
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "nothing to pay"):
            order.action_send_payment_link_sms()

    def test_who_may_not_read_the_order_texts_nothing(self):
        stranger = new_test_user(self.env, 'stranger', 'crm_roles.group_marketing_manager')
        with self.assertRaises(AccessError):
            self._create_order(250.0).with_user(stranger).action_send_payment_link_sms()
