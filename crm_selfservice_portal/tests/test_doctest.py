import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_selfservice_portal import carts, correction, forecast, periods, quantities
from odoo.addons.crm_selfservice_portal.models import crm_order_correction_decide


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        for module in (
                carts, correction, crm_order_correction_decide, forecast, periods, quantities):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
