import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_sales_facts import periods


@tagged('post_install', '-at_install')
class TestPeriods(BaseCase):

    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(periods).failed, 0)
