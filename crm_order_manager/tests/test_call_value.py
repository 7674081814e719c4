import re
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestCallValue(OrderManagerCommon):
    """The odds are learnt from calls; every share is worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company

    def _called(self, days_ago, hour, paid, amount=100.0):
        """Return an order called about so many days ago, and paid since or not."""
        order = self._create_order(amount)
        moment = fields.Datetime.now().replace(hour=hour, minute=0, second=0)
        moment -= timedelta(days=days_ago)
        order.date_order = moment - timedelta(days=1)
        self.env['crm.call'].create({
            'partner_id': self.customer.id, 'outcome_id': self.promised.id, 'date_start': moment,
            'res_model': 'sale.order', 'res_id': order.id, 'company_id': self.company.id})
        if paid:
            bill = self._create_bill(order, post=False)
            bill.invoice_date = order.date_order.date()
            bill.action_post()
            self._pay(bill, payment_date=moment.date() + timedelta(days=2))
        return order

    def _learn(self):
        self.env['crm.call.odds']._learn()
        return {
            (line.factor, line.bucket): line
            for line in self.env['crm.call.odds']
            .sudo()
            .search([('company_id', '=', self.company.id)])
        }

    def test_shares_are_counted_and_smoothed(self):
        for paid in (True, True, True, False):
            self._called(20, 9, paid)
        self._called(20, 17, False)
        odds = self._learn()
        self.assertEqual((odds['all', 0].calls, odds['all', 0].paid), (5, 3))
        # (3 + 20 x 0.3) / (5 + 20)
        self.assertAlmostEqual(odds['all', 0].probability, 0.36)
        # (3 + 20 x 0.36) / (4 + 20) in the morning, (0 + 20 x 0.36) / (1 + 20) in the evening
        self.assertAlmostEqual(odds['hour', 9].probability, 0.425)
        self.assertAlmostEqual(odds['hour', 17].probability, 7.2 / 21, places=6)

    def test_call_whose_end_is_not_known_yet_does_not_count(self):
        self._called(3, 9, False)
        self.assertFalse(self._learn())

    def test_payment_long_after_the_call_is_not_its_merit(self):
        order = self._called(40, 9, False)
        self._pay(self._create_bill(order))
        odds = self._learn()
        self.assertEqual((odds['all', 0].calls, odds['all', 0].paid), (1, 0))

    def test_value_is_the_chance_times_what_is_unpaid(self):
        for paid in (True, True, False):
            self._called(20, 9, paid, amount=100.0)
        self._learn()
        order = self._create_order(100.0)
        self.env.add_to_compute(order._fields['call_value'], order)
        base, shifts = self.env['crm.call.odds']._shifts(self.company.id)
        expected = 100.0 * (base + shifts['attempt', 1] + shifts['age', 0] + shifts['amount', 50])
        self.assertAlmostEqual(order.call_value, expected, places=2)

    def test_parts_of_the_explanation_add_up(self):
        for paid in (True, True, False, False, False):
            self._called(20, 9, paid)
        self._learn()
        text = self._create_order(100.0)._explain_call_value()
        parts = [float(number) for number in re.findall(r'([+-]?\d+\.\d) %', text)]
        self.assertAlmostEqual(sum(parts[:-1]), parts[-1], delta=0.3)

    def test_nothing_is_worth_a_call_when_it_is_paid(self):
        order = self._create_order(100.0)
        self.assertEqual(order.call_value, 30.0)  # without any history: 30 %
        self._pay(self._create_bill(order))
        self.assertEqual(order.call_value, 0.0)

    def test_nightly_action_values_the_queue_anew(self):
        order = self._create_order(100.0)
        for paid in (True, True, True):
            self._called(20, 9, paid)
        with self.enter_registry_test_mode():
            self.env.ref('crm_order_manager.ir_cron_learn_call_odds').sudo().method_direct_trigger()
        self.assertGreater(order.call_value, 30.0)

    def test_learning_costs_as_many_queries_for_many_calls(self):
        counts = []
        for more in (2, 12):
            for _number in range(more):
                self._called(20, 9, True)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env['crm.call.odds']._learn()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)
