from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import OrderManagerCommon


@tagged('post_install', '-at_install')
class TestCallDesk(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['sale.order'].sudo().search([('call_state', '!=', 'done')]).write(
            {'state': 'draft'}
        )
        cls.order = cls._create_order(250.0)
        cls.order.date_order = '2026-01-05 10:00:00'
        cls.own = cls.order.with_user(cls.manager)

    def _queue(self, user=None):
        return self.env['sale.order'].with_user(user or self.manager).get_call_desk_queue()

    def test_list_stands_as_orders_are_given_out(self):
        self._create_order(900.0)
        with self.enter_registry_test_mode():
            taken = self.env['sale.order'].with_user(self.colleague)
            first = self._queue(self.colleague)['rows'][0]['id']
            self.assertEqual(taken.take_call_desk_order(), {'id': first})

    def test_every_row_says_why_it_waits(self):
        self.assertIn("Never called", self._queue()['rows'][0]['why'])
        self.own.log_call(self.no_answer)
        self.assertIn("call number 2", self.own.get_call_desk_order()['why'])
        self.own.log_call(self.callback, callback_at=self._tomorrow())
        self.assertIn("You promised", self.own.get_call_desk_order()['why'])
        colleagues = self.order.with_user(self.colleague).get_call_desk_order()
        self.assertIn(f"{self.manager.name} promised", colleagues['why'])

    def test_order_is_shown_with_what_was_paid_billed_and_tried(self):
        bill = self._create_bill(self.order)
        self._pay(bill, 100.0)
        self._pay_online(self.order, 150.0, 'error')
        shown = self.own.get_call_desk_order()
        self.assertIn("150.00", shown['unpaid'])
        self.assertEqual([line['name'] for line in shown['lines']], [self.drill.display_name])
        self.assertEqual([shown_bill['name'] for shown_bill in shown['bills']], [bill.name])
        self.assertEqual(
            [(attempt['failed'], attempt['message']) for attempt in shown['attempts']],
            [(True, "The card was refused.")])

    def test_customer_is_edited_only_by_who_may(self):
        names = {field['name'] for field in self.own.get_call_desk_order()['customer']['fields']}
        self.assertLessEqual({'phone', 'email', 'comment'}, names)

    def test_properties_of_the_customer_are_shown_once_there_are_any(self):
        definition = self.env['properties.base.definition']._get_definition_for_property_field(
            'res.partner', 'properties')
        for properties in ([], [{'name': 'machines', 'type': 'char', 'string': "Machines"}]):
            definition.properties_definition = properties
            with self.subTest(properties=properties):
                shown = self.own.get_call_desk_order()['customer']['has_properties']
                self.assertEqual(shown, bool(properties))

    def test_day_counts_own_calls_only(self):
        self.own.log_call(self.no_answer)
        self.own.log_call(self.promised, duration=3.0)
        self.order.with_user(self.colleague).log_call(self.promised, duration=9.0)
        self.assertEqual(self._queue()['day'], {'calls': 2, 'reached': 1, 'minutes': 3, 'paid': 0})
        self._pay(self._create_bill(self.order))
        self.assertEqual(self._queue()['day']['paid'], 1)

    def test_empty_desk(self):
        self.order._action_cancel()
        queue = self._queue()
        self.assertEqual((queue['rows'], queue['total']), ([], 0))
        with self.enter_registry_test_mode():
            self.assertIs(
                self.env['sale.order'].with_user(self.manager).take_call_desk_order(), False)

    def test_others_take_nothing_at_the_desk(self):
        for role in ('service_representative', 'marketing_manager'):
            user = self._create_user(role)
            with self.subTest(role=role), self.enter_registry_test_mode():
                with self.assertRaises(AccessError):
                    self.env['sale.order'].with_user(user).take_call_desk_order()

    @warmup
    def test_long_list_costs_as_much_as_a_short_one(self):
        counts = []
        for more in (4, 20):
            for _number in range(more):
                self._create_order(50.0)
            self.env.flush_all()
            self._queue()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._queue()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
