from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import ReturnStockCommon


@tagged('post_install', '-at_install')
class TestReturnTransfer(ReturnStockCommon):

    def test_only_what_was_delivered_goes_back_counted_from_the_delivery(self):
        request = self._create_return((self.purchase, 6, 'opened'))
        self.assertRecordValues(request.return_line_ids, [{
            'bought': 6.0, 'returnable': 6.0, 'date_delivery': datetime(2026, 3, 10, 9)}])
        request.action_decide_return()
        self.assertEqual(request.return_state, 'accepted')
        self.assertIn("Delivered 10 days before.", request.return_answer)
        more = self._create_return((self.purchase, 1, 'opened'))
        more.action_decide_return()
        self.assertIn("Only 0 of 6", more.return_answer)

    def test_unit_of_the_delivery_may_be_another(self):
        dozen = self.env.ref('uom.product_uom_dozen')
        order = self._create_order(self.acorn)
        order.order_line.write({'product_uom_id': dozen.id, 'product_uom_qty': 2})
        order.action_confirm()
        self._deliver(order.picking_ids, order.picking_ids.move_ids.product_uom_qty)
        request = self._create_return((order.order_line, 1, 'unopened'))
        self.assertEqual(request.return_line_ids.bought, 2.0)
        request.action_decide_return()
        request.action_make_transfers()
        move = request.picking_ids.move_ids
        self.assertEqual(
            move.product_uom._compute_quantity(move.product_uom_qty, self.product.uom_id), 12.0)

    def test_representative_announces_what_is_accepted_once(self):
        request = self._create_return((self.purchase, 4, 'unopened'))
        request = self._as(request, 'service_representative')
        with self.assertRaisesRegex(UserError, "nothing of it is accepted"):
            request.action_make_transfers()
        request.action_decide_return()
        request.action_make_transfers()
        transfer = request.sudo().picking_ids
        self.assertRecordValues(transfer, [{
            'return_id': self.delivery.id, 'crm_request_id': request.id,
            'picking_type_code': 'incoming'}])
        self.assertRecordValues(transfer.move_ids, [{
            'product_uom_qty': 4.0, 'sale_line_id': self.purchase.id, 'to_refund': True}])
        self.assertEqual(request.return_transfer_state, 'waiting')
        with self.assertRaisesRegex(UserError, transfer.name):
            request.action_make_transfers()
        with self.assertRaisesRegex(UserError, "Cancel that first"):
            request.action_withdraw_return()
        transfer.action_cancel()
        self.assertEqual(request.return_transfer_state, 'cancelled')
        request.action_make_transfers()
        self.assertEqual(len(request.sudo().picking_ids), 2)

    def test_who_only_reads_a_return_announces_nothing(self):
        request = self._create_return((self.purchase, 4, 'unopened'))
        request.action_decide_return()
        request.message_subscribe(self.roles['order_manager'].partner_id.ids)
        reader = self._as(request, 'order_manager')
        self.assertEqual(reader.return_state, 'accepted')
        self._assert_refused(reader.action_make_transfers)
        self.assertFalse(request.picking_ids)

    def test_each_delivery_comes_back_by_a_transfer_of_its_own(self):
        self._deliver(self.purchase.order_id.picking_ids - self.delivery, 4)
        request = self._create_return((self.purchase, 7, 'unopened'))
        request.action_decide_return()
        request.action_make_transfers()
        self.assertEqual(
            request.picking_ids.move_ids.sorted('product_uom_qty').mapped('product_uom_qty'),
            [3.0, 4.0])
        self.assertEqual(len(request.picking_ids.return_id), 2)

    def test_what_was_not_delivered_has_no_transfer(self):
        bill = self._create_bill(self.acorn, invoice_date='2026-03-10', invoice_line_ids=[
            (0, 0, {'product_id': self.product.id, 'price_unit': 50.0, 'tax_ids': [(5,)]})])
        request = self._create_request('return', return_line_ids=[
            (0, 0, {'move_line_id': bill.invoice_line_ids.id})])
        request.action_decide_return()
        with self.assertRaisesRegex(UserError, "delivered by a transfer"):
            request.action_make_transfers()

    def test_credit_note_waits_for_the_arrival_when_the_policy_says_so(self):
        self.policy.refund_on = 'receipt'
        self._bill(self.purchase)
        request = self._create_return(
            (self.purchase, 4, 'unopened'), user_id=self.roles['service_supervisor'].id)
        request.action_decide_return()
        with self.assertRaisesRegex(UserError, "Wait for the transfer"):
            request.action_convert()
        request.action_make_transfers()
        with self.assertRaisesRegex(UserError, "Wait for the transfer"):
            request.action_convert()
        warehouse = new_test_user(self.env, 'warehouse', 'stock.group_stock_user')
        self._deliver(request.picking_ids.with_user(warehouse), 4)
        self.assertEqual(request.return_transfer_state, 'arrived')
        self.assertEqual(
            request.activity_ids.mapped('user_id'), self.roles['service_supervisor'])
        self.assertEqual(self.purchase.qty_delivered, 2.0)
        action = self._as(request, 'service_supervisor').action_convert()
        request.env[action['res_model']].browse(action['res_id']).action_convert()
        self.assertEqual(request.invoice_ids.amount_untaxed, 400.0)

    def test_rest_that_comes_later_belongs_to_the_request(self):
        request = self._create_return((self.purchase, 4, 'unopened'))
        request.action_decide_return()
        request.action_make_transfers()
        self._deliver(request.picking_ids, 3)
        self.assertEqual(len(request.picking_ids), 2)
        self.assertEqual(request.return_transfer_state, 'waiting')
        self._deliver(request.picking_ids.filtered(lambda picking: picking.state != 'done'), 1)
        self.assertEqual(request.return_transfer_state, 'arrived')

    def test_return_without_a_request_counts_as_returned(self):
        dialog = self.env['stock.return.picking'].create({'picking_id': self.delivery.id})
        dialog.product_return_moves.quantity = 2
        self._deliver(dialog._create_return(), 2)
        request = self._create_return((self.purchase, 4, 'unopened'))
        self.assertRecordValues(request.return_line_ids, [{
            'bought': 6.0, 'returned': 2.0, 'returnable': 4.0}])
        request.action_decide_return()
        request.action_make_transfers()
        self.assertEqual(request.picking_ids.move_ids.product_uom_qty, 4.0)
