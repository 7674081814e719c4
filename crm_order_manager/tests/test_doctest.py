import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_order_manager.models import assignment, circle, commission, odds, unpaid


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        for module in (assignment, circle, commission, odds, unpaid):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
