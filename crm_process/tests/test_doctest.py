from doctest import testmod

from odoo.tests import BaseCase

from odoo.addons.crm_process.models import working_time


class TestDoctest(BaseCase):

    def test_examples_hold(self):
        self.assertEqual(testmod(working_time).failed, 0)
