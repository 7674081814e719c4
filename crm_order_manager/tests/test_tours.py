from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestTours(OrderManagerCommon, HttpCase):

    def test_order_is_called_about_until_it_is_paid(self):
        self.env['sale.order'].sudo().search([('call_state', '!=', 'done')]).write(
            {'state': 'draft'}
        )
        order = self._create_order(250.0)
        self._create_bill(order)
        self.start_tour(
            '/odoo/orders-to-call', 'crm_order_manager_call_until_paid', login=self.manager.login
        )
        self.assertRecordValues(
            order,
            [
                {
                    'amount_unpaid': 0.0,
                    'call_state': 'done',
                    'call_count': 1,
                    'order_manager_id': self.manager.id,
                }
            ],
        )
        self.assertEqual(order.last_call_id.note, "Pays today")
        self.assertEqual(len(order.last_call_id.answer_ids.choice_id), 2)

    def test_order_only_looked_at_is_given_back(self):
        order = self._queue_of_one()
        self.start_tour(
            '/odoo/orders-to-call', 'crm_order_manager_look_only', login=self.manager.login
        )
        self._assert_given_back(order)

    def test_order_is_given_back_when_the_page_is_closed(self):
        order = self._queue_of_one()
        self.start_tour(
            '/odoo/orders-to-call', 'crm_order_manager_close_page', login=self.manager.login
        )
        self._assert_given_back(order)

    def test_desk_is_worked_without_leaving_it(self):
        order = self._queue_of_one()
        order.date_order = '2026-01-05 10:00:00'
        self._create_order(40.0)
        self.env['properties.base.definition']._get_definition_for_property_field(
            'res.partner', 'properties').properties_definition = [
                {'name': 'machines', 'type': 'char', 'string': "Machines"}]
        self.start_tour('/odoo/call-desk', 'crm_order_manager_call_desk', login=self.manager.login)
        self.env.invalidate_all()
        self.assertRecordValues(order.last_call_id, [{
            'user_id': self.manager.id, 'note': "Asked for time", 'outcome_id': self.promised.id}])
        self.assertEqual(len(order.last_call_id.answer_ids.choice_id), 2)
        self.assertEqual(self.customer.phone, "+353 21 555 0177")
        self.assertEqual(self.customer.properties['machines'], "Band saw")

    def test_closed_page_gives_back_only_what_is_own(self):
        order = self._create_order(250.0)
        order.with_user(self.colleague).action_hold()
        self.authenticate(self.manager.login, self.manager.login)
        for res_model, res_id, status in (
            ('sale.order', order.id, 204), ('sale.order', 987654321, 204),
            ('res.partner', self.customer.id, 404), ('no.model', 1, 404), ('sale.order', 'x', 404),
        ):
            with self.subTest(res_model=res_model, res_id=res_id):
                response = self.url_open('/crm_calls/release', data={
                    'csrf_token': self._csrf_token(), 'res_model': res_model, 'res_id': res_id})
                self.assertEqual(response.status_code, status)
        self.assertEqual(order.call_user_id, self.colleague)

    def _csrf_token(self):
        return Request.csrf_token(self)

    def _queue_of_one(self):
        """Return the only order that waits for a call."""
        self.env['sale.order'].sudo().search([('call_state', '!=', 'done')]).write(
            {'state': 'draft'}
        )
        return self._create_order(250.0)

    def _assert_given_back(self, order):
        self.env.invalidate_all()
        self.assertRecordValues(order, [{'call_user_id': False, 'order_manager_id': False}])
        self.assertEqual(
            order.manager_change_ids.sorted('id').mapped('reason'), ['taken', 'untouched'])
