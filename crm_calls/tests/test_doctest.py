import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_calls.models import call_hours, call_text, telephony


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        for module in (call_hours, call_text, telephony):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
