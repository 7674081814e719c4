from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_sales_facts.tests.common import OUTSIDERS, MarginAccessCommon

# Those who read all orders, but see no margin.
READERS = ('service_supervisor', 'call_center_lead', 'order_manager')


@tagged('post_install', '-at_install')
class TestProcessValue(MarginAccessCommon):
    """What an order earns reaches nobody by way of the process it goes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.env['crm.process'].create({
            'name': "Order", 'model_name': 'sale.order',
            'start_domain': "[('state', '=', 'draft')]", 'end_domain': "[('state', '=', 'sale')]",
            'step_ids': [Command.create(
                {'name': "Confirm", 'domain': "[('state', '=', 'draft')]", 'norm_hours': 1})]})
        cls.process.action_activate()
        # The first is sold for more, the second earns more.
        cls.dear, cls.cheap, cls.done = (
            cls._create_order(*line) for line in ((100.0, 60.0), (50.0, 5.0), (70.0, 60.0)))
        cls.env.cr.flush()
        cls.done.with_context(skip_procurement=True).action_confirm()
        cls.env.cr.flush()
        cls.env['crm.process.task'].search(
            [('process_id', '=', cls.process.id), ('date_end', '=', False)],
        ).date_late = fields.Datetime.now() - timedelta(hours=1)
        cls.env.flush_all()

    @classmethod
    def _create_order(cls, price, cost):
        return cls.env['sale.order'].create({
            'partner_id': cls.customer.id, 'user_id': cls.rep.id,
            'order_line': [Command.create({
                'product_id': cls.drill.id, 'price_unit': price, 'purchase_price': cost})]})

    def _cockpit(self, user):
        """Return the values on a user's cockpit by order, those with most at stake first."""
        self.env.invalidate_all()
        lines = self.env['crm.process.cockpit'].with_user(user).search(
            [('process_id', '=', self.process.id)])
        return [(line.res_id, line.value, line.stake) for line in lines]

    def _lines(self, first, second):
        return [(order.id, value, value) for order, value in (first, second)]

    def test_runs_and_processes_tell_their_value_to_sales_managers_only(self):
        for role in OUTSIDERS:
            for model in ('crm.process.run', 'crm.process'):
                with self.subTest(role=role, model=model):
                    self._assert_hidden(self.env[model].with_user(self.people[role]), 'value')
        manager = self.people['sales_manager']
        run = self.env['crm.process.run'].with_user(manager).search(
            [('res_id', '=', self.done.id), ('process_id', '=', self.process.id)])
        self.assertEqual((run.value, self.process.with_user(manager).value), (10.0, 10.0))

    def test_run_keeps_the_margin_whoever_ends_it(self):
        self.assertEqual(self.cheap.with_user(self.rep)._process_values(), {self.cheap.id: 45.0})

    def test_cockpit_of_sales_managers_tells_the_margin(self):
        self.assertEqual(
            self._cockpit(self.people['sales_manager']),
            self._lines((self.cheap, 45.0), (self.dear, 40.0)))

    def test_cockpit_of_others_tells_the_untaxed_amount(self):
        for role in (*READERS, 'account_representative'):
            with self.subTest(role=role):
                self.assertEqual(
                    self._cockpit(self.people[role]),
                    self._lines((self.dear, 100.0), (self.cheap, 50.0)))

    def test_cockpit_tells_others_no_margin_by_any_way(self):
        for role in (*READERS, 'account_representative'):
            lines = self.env['crm.process.cockpit'].with_user(self.people[role])
            ours = [('process_id', '=', self.process.id)]
            for name in ('value', 'stake'):
                with self.subTest(role=role, field=name):
                    self.assertFalse(lines.search([*ours, (name, 'in', [40.0, 45.0])]))
                    self.assertEqual(
                        lines.search([*ours, (name, '>', 60.0)]).mapped('res_id'), self.dear.ids)
                    self.assertEqual(
                        lines.search(ours, order=f'{name} desc').mapped('res_id'),
                        (self.dear | self.cheap).ids)
                    self.assertEqual(
                        lines._read_group(ours, ['res_id'], [f'{name}:sum'], order='res_id'),
                        [(self.dear.id, 100.0), (self.cheap.id, 50.0)])
                    self.assertEqual(
                        sorted(row[0] for row in lines.search(ours).export_data([name])['datas']),
                        [50.0, 100.0])

    def test_representatives_get_the_margin_of_own_customers_when_the_settings_say_so(self):
        self._set_own(True)
        self.assertEqual(
            self._cockpit(self.rep), self._lines((self.cheap, 45.0), (self.dear, 40.0)))
        self.rep.group_ids += self.env.ref('crm_roles.group_service_supervisor')
        self.customer.user_id = False
        self.env.flush_all()
        self.assertEqual(
            self._cockpit(self.rep), self._lines((self.dear, 100.0), (self.cheap, 50.0)))

    def test_forms_open_for_everybody(self):
        for user in self.people.values():
            for model in ('crm.process', 'crm.process.run', 'crm.process.cockpit'):
                views = self.env[model].with_user(user).get_views(
                    [(False, 'list'), (False, 'form')])
                with self.subTest(user=user.login, model=model):
                    shown = 'name="value"' in views['views']['list']['arch']
                    self.assertEqual(
                        shown, user == self.people['sales_manager'] or 'cockpit' in model)
