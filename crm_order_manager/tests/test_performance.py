from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import warmup
from odoo.tools import SQL

from .common import OrderManagerCommon

FEW, MANY = 5, 50


@tagged('post_install', '-at_install')
class TestPerformance(OrderManagerCommon):
    """Ten times the orders cost as many queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env['sale.order'].create([{
            'partner_id': cls.customer.id,
            'order_line': [Command.create({
                'product_id': cls.drill.id, 'product_uom_qty': 1, 'price_unit': 100.0 + number})],
        } for number in range(MANY)])
        cls.orders.action_confirm()
        for order in cls.orders[:MANY // 2]:
            cls._create_bill(order)

    @warmup
    def test_unpaid_amount_costs_as_much_for_many(self):
        self._assert_flat(lambda orders: orders._compute_amount_unpaid(), self.orders, FEW, 2)

    @warmup
    def test_list_costs_as_much_for_many(self):
        view = self.env.ref('crm_order_manager.sale_order_view_list_call')
        arch = self.env['sale.order'].get_view(view.id, 'list')
        names = list(arch['models']['sale.order'])
        specification = {
            name: {'fields': {'display_name': {}}}
            if self.env['sale.order']._fields[name].type == 'many2one'
            else {}
            for name in names
        }
        self._assert_flat(
            lambda orders: orders.with_user(self.manager).web_read(specification),
            self.orders, FEW, 2)

    def test_picking_costs_as_much_in_a_long_queue(self):
        counts = []
        with self.enter_registry_test_mode():
            for waiting in (MANY, FEW):
                self.orders[waiting:]._action_cancel()
                self.env.flush_all()
                self.env['sale.order'].with_user(self.manager).action_call_next()
                before = self.cr.sql_log_count
                self.env['sale.order'].with_user(self.manager).action_call_next()
                counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[0], counts[1] + 2)
        self.assertLessEqual(max(counts), 25)

    def test_every_stage_of_the_queue_is_read_from_an_index_in_its_order(self):
        take = self.env['sale.order'].with_user(self.manager)._call_take_query()
        self.env.flush_all()
        # So few rows would be scanned and sorted even where an index could give them.
        self.env.cr.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
            "SET LOCAL enable_sort = off")
        plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", take)))
        self.assertNotIn("Sort", plan)
