from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .tracking_common import TrackingCommon


@tagged('post_install', '-at_install')
class TestDeliveryTime(TrackingCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.times = cls.env['crm.delivery.time']
        cls.saws = cls.env['product.category'].create({'name': "Saws"})
        cls.saw.categ_id = cls.saws

    def _learn(self):
        self.times._cron_learn()
        return self.times.search([('company_id', '=', self.company.id)])

    def _words(self, order):
        return " ".join(order._delivery_steps()[-1].texts)

    def test_nineteen_deliveries_tell_nothing_and_twenty_do(self):
        self._past(19, 4)
        self.assertFalse(self._learn())
        self.assertNotIn("Usually", self._words(self._order()))
        self._past(1, 4)
        self.assertRecordValues(self._learn().filtered('categ_id').filtered('partner_id'), [{
            'categ_id': self.tools.id, 'partner_id': self.acorn.id, 'case_count': 20,
            'days_low': 4.0, 'days_median': 4.0, 'days_high': 4.0}])
        self.assertIn("Usually", self._words(self._order()))

    def test_quantiles_are_those_of_the_deliveries(self):
        for days in range(1, 22):
            self._past(1, days)
        time = self._learn().filtered(lambda time: time.categ_id and not time.partner_id)
        self.assertAlmostEqual(time.days_low, 3, 2)
        self.assertAlmostEqual(time.days_median, 11, 2)
        self.assertAlmostEqual(time.days_high, 19, 2)
        order = self._order()
        self.assertIn(
            "Usually between 3 and 19 days after the order (of 21 deliveries).",
            self._words(order))

    def test_what_is_known_of_the_category_to_the_customer_comes_first(self):
        self._past(20, 2, partner=self.birch)
        self._past(20, 8)
        self._learn()
        for partner, days in ((self.acorn, 8), (self.birch, 2)):
            usual = self.times._usual(self._order(partner=partner).order_line)
            self.assertAlmostEqual(next(iter(usual.values())).median, days, 2)
        cedar = self._create_customer("Cedar")
        usual = next(iter(self.times._usual(self._order(partner=cedar).order_line).values()))
        self.assertEqual(usual.cases, 40)

    def test_order_arrives_with_its_slowest_line(self):
        self._past(20, 2)
        slow = self._past(20, 9, partner=self.birch, order_line=[
            (0, 0, {'product_id': self.saw.id, 'product_uom_qty': 5})])
        self.assertEqual(slow.order_line.product_id, self.saw)
        self._learn()
        order = self._order(order_line=[
            (0, 0, {'product_id': product.id, 'product_uom_qty': 1})
            for product in (self.bench, self.saw)])
        forecast = order._forecasts()[order]
        self.assertAlmostEqual(
            forecast.likely, order.date_order + timedelta(days=9), delta=timedelta(minutes=1))

    def test_order_that_takes_longer_than_usual_has_no_forecast(self):
        self._past(20, 3)
        self._learn()
        self.assertFalse(self._order(days_ago=5)._forecasts())
        self.assertTrue(self._order(days_ago=1)._forecasts())

    def test_learning_again_changes_nothing_and_forgets_what_is_old(self):
        self._past(20, 3)
        known = self._learn().mapped('case_count')
        self.assertEqual(self._learn().mapped('case_count'), known)
        self.env['sale.order.line'].search([('date_delivered', '!=', False)]).date_delivered = (
            fields.Datetime.now() - timedelta(days=366))
        self.assertFalse(self._learn())

    def test_forecasts_of_many_cost_as_much(self):
        self._past(20, 3)
        self._learn()
        orders = self.env['sale.order'].union(*(self._order() for _number in range(30)))
        self._assert_flat(lambda some: some._forecasts(), orders, few=3)

    def test_customers_do_not_read_what_was_learnt_of_others(self):
        self._past(20, 3)
        self._learn()
        with self.assertRaises(AccessError):
            self.times.with_user(self.ann).search([])
        with self.assertRaises(AccessError):
            self.times.with_user(self.roles['order_manager']).search([])
