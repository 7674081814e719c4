from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_order_manager.tests.common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestFailedPaymentRequest(OrderManagerCommon):
    """A payment that failed is a request for a supervisor, until the money is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(250.0)
        cls.supervisor = cls._create_user('service_supervisor')
        cls.kind = cls.env.ref('crm_service_requests.crm_request_type_payment')

    def _requests(self, document=None):
        document = document or self.order
        name = 'failed_order_id' if document._name == 'sale.order' else 'failed_bill_id'
        return self.env['crm.request'].sudo().search([(name, '=', document.id)])

    def _fail(self, amount=250.0, state='error', words="Card expired"):
        transaction = self._pay_online(self.order, amount, 'pending')
        if state == 'error':
            transaction._set_error(words)
        else:
            transaction._set_canceled(words)
        return transaction

    def test_failed_payment_becomes_a_request_with_what_the_provider_says(self):
        self._fail()
        self.env.flush_all()
        self.env.invalidate_all()
        request = self._requests()
        self.assertRecordValues(request, [{
            'type_id': self.kind.id, 'state': 'new', 'channel': 'rule', 'priority': '1',
            'partner_id': self.customer.id, 'origin_ref': self.order}])
        self.assertIn("Card expired", request.description)
        self.assertIn(self.order.name, request.name)
        self.assertNotIn(self.customer, request.message_partner_ids)

    def test_unauthorised_payment_becomes_a_request(self):
        self._fail(state='cancel', words="Not authorised")
        self.assertIn("Not authorised", self._requests().description)

    def test_order_has_one_pending_request(self):
        self._fail()
        self._fail(240.0, words="No funds")
        request = self._requests()
        self.assertEqual(len(request), 1)
        self.assertIn("No funds", request.message_ids[0].body)

    def test_database_refuses_a_second_pending_request(self):
        self._fail()
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), \
                self.env.cr.savepoint():
            self.env['crm.request'].sudo().create({
                'name': "Again", 'type_id': self.kind.id, 'failed_order_id': self.order.id})
            self.env.flush_all()

    def test_failure_after_the_request_was_closed_makes_a_new_one(self):
        self._fail()
        self._requests().action_cancel()
        self._fail(240.0)
        self.assertEqual(sorted(self._requests().mapped('state')), ['cancelled', 'new'])

    def test_bill_of_no_order_is_asked_for_itself(self):
        bill = self.init_invoice('out_invoice', partner=self.customer, amounts=[80.0], post=True)
        transaction = self._create_transaction(
            'direct', amount=80.0, invoice_ids=[(6, 0, bill.ids)], state='pending',
            partner_id=self.customer.id, reference='bill')
        transaction._set_error("Card expired")
        request = self._requests(bill)
        self.assertEqual(request.debt_invoice_ids, bill)
        self._pay(bill)
        self.assertRecordValues(request, [{'state': 'closed', 'closed_by': 'rule'}])

    def test_request_is_closed_when_the_next_attempt_succeeds(self):
        self._fail()
        self._pay_online(self.order, 250.0)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('crm_service_requests.ir_cron_follow_debts').method_direct_trigger()
        self.assertRecordValues(self._requests(), [{'state': 'closed', 'closed_by': 'rule'}])

    def test_request_is_closed_when_the_money_comes_by_bank(self):
        self._fail()
        self._pay(self._create_bill(self.order))
        self.assertEqual(self._requests().state, 'closed')

    def test_partly_paid_order_keeps_its_request(self):
        self._fail()
        self._pay(self._create_bill(self.order), 100.0)
        self.assertEqual(self._requests().state, 'new')

    def test_cancelled_order_needs_no_payment(self):
        self._fail()
        self.order._action_cancel()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('crm_service_requests.ir_cron_follow_debts').method_direct_trigger()
        self.assertEqual(self._requests().state, 'closed')

    def test_supervisor_is_told_once(self):
        self.order.team_id.write({'warn_failed_payment': True, 'user_id': self.supervisor.id})
        self._fail()
        request = self._requests()
        self.assertEqual(request.user_id, self.supervisor)
        self.assertEqual(self.order.activity_ids.user_id, self.supervisor)
        self.assertFalse(request.activity_ids)
        self.assertFalse(self.env['mail.notification'].search([
            ('mail_message_id.model', '=', 'crm.request'),
            ('mail_message_id.res_id', '=', request.id)]))
        self._pay(self._create_bill(self.order))
        self.assertFalse(self.order.activity_ids)

    def test_whoever_else_was_told_leaves_it_to_a_supervisor(self):
        leader = self._create_user('call_center_lead', 'leader')
        self.order.team_id.write({'warn_failed_payment': True, 'user_id': leader.id})
        self._fail()
        self.assertEqual(self.order.activity_ids.user_id, leader)
        self.assertNotEqual(self._requests().user_id, leader)

    def test_only_supervisors_work_on_it(self):
        self._fail()
        request = self._requests()
        representative = self._create_user('service_representative')
        self.assertTrue(request.with_user(representative).name)
        with self.assertRaises(AccessError):
            request.with_user(representative).action_open()
        request.with_user(self.supervisor).action_open()
        self.assertEqual(request.user_id, self.supervisor)
