"""The declarative demo data of every addon loads, also over itself."""

from common import ADDONS, SuiteCase

from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph


class TestDemo(SuiteCase):

    def load_demo(self):
        graph = ModuleGraph(self.env.cr, mode='load')
        graph.extend(self.env['ir.module.module']._installed())
        env = self.env(context={**self.env.context, 'mail_auto_subscribe_no_notify': True})
        for package in graph:
            if package.name in ADDONS:
                load_data(env, {}, 'init', 'demo', package)

    def test_demo_data_loads_twice_and_is_there_once(self):
        self.load_demo()
        self.load_demo()
        users = self._own_records('res.users')
        self.assertEqual(len(users.filtered(lambda user: user._is_internal())), 12)
        self.assertEqual(len(users.filtered(lambda user: user._is_portal())), 6)
        customers = self._own_records('res.partner').filtered('country_id').commercial_partner_id
        self.assertEqual(len(customers), 64)
        self.assertEqual(len(customers.country_id), 5)
        self.assertEqual(len(self._own_records('product.product')), 30)
