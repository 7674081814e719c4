import random

from odoo.fields import Command
from odoo.tests import tagged

from ..models.sale_order_install import COLUMNS
from .common import OrderManagerCommon

ORDERS = 30


@tagged('post_install', '-at_install')
class TestInstall(OrderManagerCommon):
    """What one statement says of the orders that were there before is what Odoo computes."""

    def test_balances_are_those_computed_over_random_orders(self):
        draw = random.Random(1)
        orders = self.env['sale.order'].union(
            *(self._make_order(draw) for _number in range(ORDERS)))
        self._bill_together(draw)
        rows = {row[0]: row[1:] for row in self._balances()}
        known = orders.filtered(lambda order: order.id in rows)
        self.assertGreater(len(known), ORDERS // 2)
        for order in known:
            unpaid, received, calls, value = rows[order.id]
            with self.subTest(order.name):
                self.assertAlmostEqual(float(unpaid), order.amount_unpaid, 2)
                self.assertAlmostEqual(float(received), order.amount_received, 2)
                self.assertEqual('to_call' if calls else 'done', order.call_state)
                self.assertAlmostEqual(float(value) if calls else 0.0, order.call_value, 2)

    def test_orders_paid_online_or_called_about_are_left_to_odoo(self):
        paid, called, billed, plain = (self._create_order(80.0) for _number in range(4))
        self._pay_online(paid, 30.0)
        called.log_call(self.no_answer)
        self._pay_online(billed, 30.0)
        self._create_bill(billed)
        self.assertEqual(
            {row[0] for row in self._balances()} & {paid.id, called.id, billed.id, plain.id},
            {plain.id})

    def test_columns_are_made_and_filled_but_of_what_is_left_to_odoo(self):
        plain, called, draft = (self._create_order(80.0) for _number in range(3))
        called.log_call(self.no_answer)
        draft._action_cancel()
        orders = plain | draft
        names = ['amount_unpaid', 'amount_received', 'call_state', 'call_value', 'call_count']
        computed = orders.read(names)
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE sale_order " + ", ".join(f"DROP COLUMN {name}" for name in COLUMNS))
        left = self.env['sale.order']._fill_new_columns()
        self.env.invalidate_all()
        self.assertIn(called.id, left)
        self.assertFalse(set(orders.ids) & set(left))
        self.assertEqual(orders.read(names), computed)

    def _balances(self):
        self.env.flush_all()
        return self.env.execute_query(self.env['sale.order']._balance_query())

    def _make_order(self, draw):
        """Return an order of one to three lines that has gone some way, drawn by lot."""
        order = self._create_order(confirm=False, order_line=[
            Command.create({
                'product_id': self.drill.id, 'product_uom_qty': draw.randint(1, 5),
                'price_unit': draw.randint(1, 99999) / 100, 'tax_ids': [Command.clear()]})
            for _number in range(draw.randint(1, 3))])
        step = draw.choice(
            ['draft', 'sent', 'cancel', 'open', 'billed', 'billed', 'billed', 'part'])
        if step == 'sent':
            order.action_quotation_sent()
        elif step == 'cancel':
            order._action_cancel()
        elif step != 'draft':
            order.action_confirm()
        if step == 'part':
            self._create_down_payment(order, round(order.amount_total / 3, 2))
        if step == 'billed':
            self._settle(draw, self._create_bill(order, post=draw.random() < 0.8))
        return order

    def _settle(self, draw, bill):
        """Pay the bill, a part of it, or credit a part of it, by lot."""
        if bill.state != 'posted':
            return
        part = round(bill.amount_total * draw.random(), 2) or bill.amount_total
        if draw.random() < 0.3:
            self._credit(bill, part / len(bill.invoice_line_ids))
        elif draw.random() < 0.7:
            self._pay(bill, None if draw.random() < 0.5 else part)

    def _bill_together(self, draw):
        """Make one bill over several orders of the customer, and pay a part of it."""
        orders = self._create_order(33.33) | self._create_order(66.67) | self._create_order(0.01)
        bill = self._create_bill(orders)
        self._pay(bill, round(bill.amount_total * draw.random(), 2))
