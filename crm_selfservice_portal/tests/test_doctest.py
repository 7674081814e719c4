import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_selfservice_portal import forecast, periods, quantities


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        for module in (forecast, periods, quantities):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
