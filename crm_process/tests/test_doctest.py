import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_process.models import durations, run_replay, working_time


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        for module in (durations, run_replay, working_time):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
