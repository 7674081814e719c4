from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_selfservice_portal.tests.tracking_common import TrackingCommon


@tagged('post_install', '-at_install')
class TestOrderTransfers(TrackingCommon, HttpCase):

    @classmethod
    def _order(cls, days_ago=0, **values):
        """Return an order with its transfer."""
        order = super()._order(confirm=False, **values)
        with freeze_time(fields.Datetime.now() - timedelta(days=days_ago)):
            order.action_confirm()
            cls.env.flush_all()
        return order

    def _deliver(self, order, quantity=5, moment='2026-03-10 09:00:00'):
        """Validate the open transfer of an order; the rest follows in another one."""
        picking = order.picking_ids.filtered(lambda picking: picking.state != 'done')
        with freeze_time(moment):
            picking.move_ids.write({'quantity': quantity, 'picked': True})
            picking.with_context(skip_backorder=True).button_validate()
            self.env.flush_all()
        return picking

    def _send_back(self, picking, quantity):
        dialog = self.env['stock.return.picking'].create({'picking_id': picking.id})
        dialog.product_return_moves.quantity = quantity
        back = dialog._create_return()
        back.move_ids.write({'quantity': quantity, 'picked': True})
        back.button_validate()

    # When it was delivered

    def test_line_is_delivered_with_its_last_transfer(self):
        order = self._order()
        self._deliver(order, 2)
        self.assertFalse(order.order_line.date_delivered)
        self._deliver(order, 3, '2026-03-12 15:00:00')
        self.assertEqual(order.order_line.date_delivered, datetime(2026, 3, 12, 15))

    def test_what_comes_back_was_delivered_all_the_same(self):
        order = self._order(commitment_date='2026-03-11 12:00:00')
        picking = self._deliver(order)
        self._send_back(picking, 5)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(order.order_line.date_delivered, datetime(2026, 3, 10, 9))
        self.assertEqual([step.key for step in order._delivery_steps()], ['delivered'])

    def test_rest_that_is_given_up_is_not_awaited(self):
        order = self._order()
        self._deliver(order, 2)
        order.picking_ids.filtered(lambda picking: picking.state != 'done').action_cancel()
        self.assertEqual(order.order_line.date_delivered, datetime(2026, 3, 10, 9))

    def test_orders_that_are_there_are_filled_as_they_are_computed(self):
        whole, part, back, fresh = (self._order() for _number in range(4))
        self._deliver(whole, moment='2026-03-10 09:00:00')
        self._deliver(part, 2)
        self._send_back(self._deliver(back), 5)
        lines = (whole | part | back | fresh).order_line
        expected = lines.mapped('date_delivered')
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order_line SET date_delivered = NULL")
        self.env.invalidate_all()
        lines._fill_date_delivered()
        self.assertEqual(lines.mapped('date_delivered'), expected)
        self.assertEqual(
            expected, [datetime(2026, 3, 10, 9), False, datetime(2026, 3, 10, 9), False])

    def test_two_steps_in_the_warehouse_are_one_delivery(self):
        warehouse = self.env['stock.warehouse'].search(
            [('company_id', '=', self.company.id)], limit=1)
        warehouse.sudo().delivery_steps = 'pick_ship'
        order = self._order()
        self._deliver(order, 2, '2026-03-09 09:00:00')
        self.assertFalse(order.order_line.date_delivered)
        self.assertEqual({step.key for step in order._delivery_steps()}, {'to_come'})
        shipping = order.picking_ids.filtered(
            lambda picking: picking.location_dest_id.usage == 'customer')
        with freeze_time('2026-03-10 09:00:00'):
            shipping.move_ids.picked = True
            shipping.with_context(skip_backorder=True).button_validate()
            self.env.flush_all()
        self.assertFalse(order.order_line.date_delivered, "three are not picked yet")
        self.assertIn('delivered', [step.key for step in order._delivery_steps()])

    # Steps

    def test_each_transfer_is_a_step_with_its_day_and_slip(self):
        order = self._order()
        first = self._deliver(order, 2)
        done, rest = order._delivery_steps()
        self.assertEqual((done.key, str(done.day)), ('delivered', '2026-03-10'))
        self.assertEqual(done.texts, ("2 Units Planing Bench",))
        self.assertEqual(done.links[0][0], f'/my/picking/pdf/{first.id}')
        self.assertEqual((rest.key, rest.state), ('to_come', 'next'))
        self.assertIn(f"The rest of {first.name}.", rest.texts)
        self.assertIn("Ready to leave.", rest.texts)
        self.assertIn("3 Units Planing Bench", rest.texts)
        self.assertFalse(rest.links)

    def test_cancelled_transfers_are_no_steps(self):
        order = self._order()
        order.picking_ids.action_cancel()
        self.assertEqual([step.key for step in order._delivery_steps()], ['to_come'])
        self.assertIn("5 of 5 Units to come: Planing Bench", order._delivery_steps()[0].texts)

    def test_forecast_is_what_is_planned_while_that_lies_ahead(self):
        order = self._order()
        self.assertFalse(order._forecasts())
        planned = fields.Datetime.now().replace(microsecond=0) + timedelta(days=6)
        order.picking_ids.scheduled_date = planned
        forecast = order._forecasts()[order]
        self.assertEqual((forecast.likely, forecast.planned), (planned, True))
        self.assertIn("Expected on", " ".join(order._delivery_steps()[0].texts))
        self.assertNotIn("Ready to leave.", order._delivery_steps()[0].texts)

    def test_what_is_planned_for_later_than_promised_says_that_it_will_be_late(self):
        order = self._order(commitment_date=fields.Datetime.now() + timedelta(days=3))
        self.assertEqual(order._delivery_steps()[0].state, 'next')
        order.picking_ids.scheduled_date = fields.Datetime.now() + timedelta(days=8)
        step = order._delivery_steps()[0]
        self.assertEqual(step.state, 'late')
        self.assertIn("It will be late: it was promised for", step.texts[0])

    # Told that it will be late

    def _tell(self, order, moment):
        with freeze_time(moment):
            return self.env['crm.order.delay'].sudo()._tell(
                order.sudo(), fields.Datetime.now())

    def test_what_is_ready_in_time_is_not_told_as_late(self):
        self.company.resource_calendar_id = False
        order = self._order(commitment_date=fields.Datetime.now() + timedelta(days=3))
        near = order.commitment_date - timedelta(hours=2)
        order.picking_ids.scheduled_date = near
        self.assertEqual(order.picking_ids.state, 'assigned')
        self.assertFalse(self._tell(order, near))
        order.picking_ids.do_unreserve()
        self.assertTrue(self._tell(order, near))

    def test_transfer_planned_for_later_than_promised_is_told_early(self):
        order = self._order(commitment_date=fields.Datetime.now() + timedelta(days=3))
        now = fields.Datetime.now()
        self.assertFalse(self._tell(order, now))
        planned = (now + timedelta(days=8)).replace(microsecond=0)
        order.picking_ids.scheduled_date = planned
        self.assertEqual(self._tell(order, now).date_expected, planned)

    # Who sees transfers

    def _slip(self, user, picking):
        self.authenticate(user.login, user.login)
        return self.url_open(f'/my/picking/pdf/{picking.id}').status_code

    @mute_logger('odoo.http')
    def test_delivery_slip_is_for_who_sees_the_order(self):
        order = self._order(partner=self.ann.partner_id)
        picking = self._deliver(order, 2)
        self.assertEqual(self._slip(self.ann, picking), 200)
        self.assertEqual(self._slip(self.ben, picking), 200)
        self.assertEqual(self._slip(self.bea, picking), 404)
        self.assertEqual(self.url_open('/my/picking/pdf/99999999').status_code, 404)
        right = self.env['crm.representative.right'].search(
            [('partner_id', 'in', (self.ann | self.ben).partner_id.ids)])
        right.write({'can_view': False, 'can_buy': False, 'can_pay': False})
        self.assertEqual(self._slip(self.ann, picking), 404, "his own, but he sees no orders")

    def test_employees_read_transfers_as_before(self):
        picking = self._order().picking_ids
        other = picking.copy()
        warehouse = self._create_user('service_representative', 'packer')
        warehouse.group_ids = [Command.link(self.env.ref('stock.group_stock_user').id)]
        found = self.env['stock.picking'].with_user(warehouse).search(
            [('id', 'in', (picking | other).ids)])
        self.assertEqual(found, picking | other)

    def test_page_of_an_order_shows_its_transfers(self):
        order = self._order(partner=self.ann.partner_id)
        picking = self._deliver(order, 2)
        self.authenticate('ben', 'ben')
        page = self.url_open(f'/my/orders/{order.id}').text
        for words in (f'/my/picking/pdf/{picking.id}', f"The rest of {picking.name}."):
            self.assertIn(words, page)
        order.sudo()._portal_ensure_token()
        self.env.flush_all()
        self.authenticate(None, None)
        page = self.url_open(f'/my/orders/{order.id}?access_token={order.sudo().access_token}').text
        self.assertIn(
            f'/my/picking/pdf/{picking.id}?access_token={order.sudo().access_token}', page)
