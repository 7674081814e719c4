from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tests.common import warmup

from .tracking_common import TrackingCommon


@tagged('post_install', '-at_install')
class TestOrderTracking(TrackingCommon, HttpCase):

    # When something was delivered

    def test_day_of_the_delivery_is_kept_and_forgotten_when_it_was_none(self):
        order = self._order()
        with freeze_time('2026-03-02 10:00:00'):
            order.order_line.qty_delivered = 5
            self.env.flush_all()
        with freeze_time('2026-03-09 10:00:00'):
            order.order_line.qty_delivered = 6
            self.env.flush_all()
        self.assertEqual(order.order_line.date_delivered, datetime(2026, 3, 2, 10))
        order.order_line.qty_delivered = 4
        self.assertFalse(order.order_line.date_delivered)

    def test_quotation_and_zero_quantity_are_never_delivered(self):
        order = self._order(confirm=False)
        order.order_line.qty_delivered = 5
        self.assertFalse(order.order_line.date_delivered)
        order = self._order()
        order.order_line.write({'product_uom_qty': 0, 'qty_delivered': 0})
        self.assertFalse(order.order_line.date_delivered)
        self.assertEqual(self._steps(order)[:2], [('received', 'done'), ('confirmed', 'done')])
        self.assertNotIn('to_come', dict(self._steps(order)))

    def test_promise_in_sql_is_the_promise_in_python(self):
        orders = self.env['sale.order'].union(
            self._order(lead=3.1), self._order(), self._order(lead=0.37, days_ago=2),
            self._order(commitment_date='2026-03-02 10:00:00', lead=5))
        deliveries = orders._deliveries()
        for order in orders:
            with self.subTest(lead=order.order_line.customer_lead):
                self.assertEqual(
                    deliveries[order.id][2] or False, order._next_promise())
                self.assertEqual(order._next_promise(), order.order_line._promise())

    # Steps

    def test_steps_follow_the_order_from_receipt_to_payment(self):
        order = self._order()
        self.assertEqual(self._steps(order), [
            ('received', 'done'), ('confirmed', 'done'), ('to_come', 'next'), ('billed', 'next'),
            ('payment', 'next')])
        order.order_line.qty_delivered = 5
        bill = order._create_invoices()
        bill.invoice_date_due = fields.Date.context_today(order) + timedelta(days=9)
        bill.action_post()
        steps = {step.key: step for step in order._portal_steps()}
        self.assertEqual(
            [(step.key, step.state) for step in steps.values()],
            [('received', 'done'), ('confirmed', 'done'), ('delivered', 'done'),
             ('billed', 'done'), ('payment', 'next')])
        self.assertEqual(steps['payment'].day, bill.invoice_date_due)
        self._pay(bill, fields.Date.context_today(order))
        paid = order._portal_steps()[-1]
        self.assertEqual(
            (paid.key, paid.state, paid.day),
            ('paid', 'done', fields.Date.context_today(order)))

    def test_what_is_late_says_so_in_words(self):
        promised = fields.Datetime.now() - timedelta(days=2)
        order = self._order(days_ago=9, commitment_date=promised)
        order.order_line.qty_delivered = 2
        step = order._delivery_steps()[-1]
        self.assertEqual((step.key, step.state), ('to_come', 'late'))
        self.assertIn("Late: it was promised for", step.texts[0])
        self.assertIn("3 of 5 Units to come: Planing Bench", step.texts)
        order.order_line.qty_delivered = 5
        bill = order._create_invoices()
        bill.write({'invoice_date': '2026-01-05', 'invoice_date_due': '2026-01-20'})
        bill.action_post()
        payment = order._portal_steps()[-1]
        self.assertEqual((payment.state, payment.texts), (
            'late', ("Late: it was due on 01/20/2026.",)))

    def test_each_day_of_delivery_is_a_step(self):
        order = self._order(order_line=[
            (0, 0, {'product_id': product.id, 'product_uom_qty': 1, 'price_unit': 5})
            for product in (self.bench, self.saw)])
        for day, line in enumerate(order.order_line, 2):
            with freeze_time(f'2026-03-0{day} 10:00:00'):
                line.qty_delivered = 1
                self.env.flush_all()
        delivered = [step for step in order._portal_steps() if step.key == 'delivered']
        self.assertEqual(
            [(str(step.day), step.texts) for step in delivered],
            [('2026-03-02', ("Planing Bench",)), ('2026-03-03', ("Band Saw",))])

    def test_services_quotations_and_cancelled_orders_have_no_delivery(self):
        self.assertEqual(self._order(confirm=False)._portal_steps(), [])
        order = self._order()
        service = self.env['product.product'].create({'name': "Sharpening", 'type': 'service'})
        order.order_line.product_id = service
        self.assertNotIn('to_come', dict(self._steps(order)))
        order._action_cancel()
        self.assertEqual(order._portal_steps(), [])

    def test_many_lines_are_named_in_few_words(self):
        order = self._order(order_line=[
            (0, 0, {'product_id': self.bench.id, 'product_uom_qty': 1}) for _number in range(5)])
        self.assertEqual(order._delivery_steps()[-1].texts[-1], "and 2 more")

    # Statuses

    def test_lists_tell_each_order_in_a_word(self):
        orders = {
            'quotation': self._order(confirm=False), 'preparation': self._order(),
            'late': self._order(days_ago=4, lead=2), 'partial': self._order(),
            'delivered': self._order(), 'billed': self._order(), 'paid': self._order(),
            'cancelled': self._order()}
        orders['partial'].order_line.qty_delivered = 1
        for key in ('delivered', 'billed', 'paid'):
            orders[key].order_line.qty_delivered = 5
        for key in ('billed', 'paid'):
            orders[key]._create_invoices().action_post()
        self._pay(orders['paid'].invoice_ids, fields.Date.context_today(self.env.user))
        orders['cancelled']._action_cancel()
        every = self.env['sale.order'].union(*orders.values())
        statuses = every._portal_statuses()
        self.assertEqual(
            {key: statuses[order.id].key for key, order in orders.items()},
            {key: key for key in orders})

    @warmup
    def test_statuses_of_many_cost_as_much(self):
        orders = self.env['sale.order'].union(*(self._order() for _number in range(30)))
        self._assert_flat(lambda some: some._portal_statuses(), orders, few=3)

    # The page

    def test_page_of_an_order_shows_its_steps_to_who_may_see_it(self):
        promised = fields.Datetime.now() - timedelta(days=2)
        order = self._order(days_ago=9, commitment_date=promised)
        for user in (self.ann, self.ben):
            page = self._page(user, f'/my/orders/{order.id}').text
            for words in ("Where your order is", "Late: it was promised for", "Planing Bench",
                          'data-step="payment"'):
                self.assertIn(words, page)
        foreign = self._page(self.bea, f'/my/orders/{order.id}')
        missing = self.url_open(f'/my/orders/{order.id + 100000}')
        for page in (foreign, missing):
            self.assertNotIn("Where your order is", page.text)
        self.assertEqual((foreign.status_code, foreign.url), (missing.status_code, missing.url))

    def test_buyer_without_a_look_at_bills_learns_nothing_of_them(self):
        order = self._order()
        right = self.env['crm.representative.right'].search(
            [('partner_id', '=', self.ann.partner_id.id)])
        right.write({'can_view': False, 'can_pay': False})
        page = self._page(self.ann, f'/my/orders/{order.id}').text
        self.assertIn('data-step="to_come"', page)
        self.assertNotIn('data-step="payment"', page)
        self.assertNotIn('data-step="billed"', page)
        order.order_line.qty_delivered = 5
        order._create_invoices().action_post()
        self.assertEqual(
            order.with_user(self.ann)._portal_statuses()[order.id].key, 'delivered')

    def test_account_page_tells_how_far_each_order_is(self):
        order = self._order(days_ago=4, lead=2)
        page = self._page(self.ann, '/my/account-status').text
        self.assertIn(order.name, page)
        self.assertIn("Late", page)

    def test_list_of_orders_tells_how_far_each_is(self):
        self._order(days_ago=4, lead=2)
        delivered = self._order()
        delivered.order_line.qty_delivered = 5
        page = self._page(self.ann, '/my/orders').text
        self.assertEqual(page.count('<td name="order_status"'), 2)
        for word in ("Late", "Delivered"):
            self.assertIn(f'>{word}</span>', page)
        self.assertNotIn("Shipping Status", page)
