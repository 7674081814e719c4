from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_selfservice_portal.tests.common_correction import NOW, CorrectionCommon


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestOrderCorrectionTransfers(CorrectionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.bench | cls.vice).is_storable = True

    @classmethod
    def _create_order(cls, *lines, **values):
        order = super()._create_order(*lines, confirm=False, **values)
        order.action_confirm()
        order.commitment_date = '2026-05-11 10:00:00'
        return order

    def _as(self, user, order=None):
        return super()._as(user, order).with_context(skip_procurement=False)

    def _moved(self, order=None):
        """Return what is still to be moved, by product."""
        moves = (order or self.order).picking_ids.move_ids.filtered(
            lambda move: move.state not in ('done', 'cancel'))
        return {move.product_id: move.product_uom_qty for move in moves}

    def _deliver(self, quantity):
        """Deliver so many benches; the rest is for later."""
        picking = self.order.picking_ids
        bench = picking.move_ids.filtered(lambda move: move.product_id == self.bench)
        bench.write({'quantity': quantity, 'picked': True})
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def test_quantities_reach_the_transfer(self):
        self.assertEqual(self._moved(), {self.bench: 10, self.vice: 4})
        self._ask(quantities={self.benches: 8, self.vices: 0})
        self.assertEqual(self._moved(), {self.bench: 8})
        self._ask(quantities={self.benches: 12})
        self.assertEqual(self._moved(), {self.bench: 12})

    def test_cancelled_order_cancels_its_transfer(self):
        self._ask(cancel=True)
        self.assertEqual(self.order.picking_ids.mapped('state'), ['cancel'])

    def test_address_and_date_reach_what_has_not_left(self):
        left = self._deliver(3)
        rest = self.order.picking_ids - left
        planned, gone = rest.scheduled_date, left.scheduled_date
        self._ask(address=self.yard, date=fields.Datetime.to_datetime('2026-05-20 10:00:00'))
        self.assertEqual((left.partner_id, rest.partner_id), (self.acorn, self.yard))
        self.assertEqual(rest.scheduled_date, planned + timedelta(days=9))
        self.assertEqual(left.scheduled_date, gone)
        self.assertEqual(rest.move_ids.partner_id, self.yard)
        self.assertFalse(self.env['mail.activity'].search([
            ('res_model', '=', 'stock.picking'), ('res_id', 'in', self.order.picking_ids.ids)]))

    def test_delivered_part_is_the_floor(self):
        self._deliver(3)
        self.assertEqual(self.benches.qty_delivered, 3)
        order = self._as(self.ann)
        self.assertFalse(order._correction_closed())
        self.assertTrue(order._correction_obstacles(self._wish(quantities={self.benches: 2})))
        self.assertTrue(order._correction_obstacles(self._wish(cancel=True)))
        self._ask(quantities={self.benches: 4})
        self.assertEqual(self._moved(), {self.bench: 1, self.vice: 4})

    def test_what_is_being_picked_is_refused(self):
        for begin in (
                lambda picking: picking.move_ids[:1].write({'quantity': 1, 'picked': True}),
                lambda picking: picking.write({'printed': True})):
            order = self._create_order()
            self.assertFalse(self._as(self.ann, order)._correction_closed())
            begin(order.picking_ids)
            self.assertIn("being packed", self._as(self.ann, order)._correction_closed())

    def test_what_was_taken_from_its_shelf_is_refused(self):
        self.order.warehouse_id.delivery_steps = 'pick_ship'
        order = self._create_order()
        picking = order.picking_ids.filtered(lambda picking: picking.state != 'waiting')[:1]
        self.env['stock.quant']._update_available_quantity(
            self.bench, picking.location_id, 10)
        picking.move_ids.write({'quantity': 1, 'picked': True})
        picking.with_context(skip_backorder=True).button_validate()
        order.picking_ids.move_ids.filtered(lambda move: move.state != 'done').picked = False
        self.assertIn("being packed", self._as(self.ann, order)._correction_closed())

    def test_correction_that_waited_too_long_is_refused_by_the_warehouse(self):
        self.company.correction_mode = 'approval'
        correction = self._ask(quantities={self.benches: 8})
        self.order.picking_ids.printed = True
        self.assertIn("being packed", correction._obstacle())
