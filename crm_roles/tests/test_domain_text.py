import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_roles import domain_text, role_rights


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        for module in (domain_text, role_rights):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 5)
                self.assertFalse(result.failed)
