import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_service_requests.models import inbound_mail


class TestMailDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        result = doctest.testmod(inbound_mail)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)
