import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_selfservice_portal import periods


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        result = doctest.testmod(periods)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)
