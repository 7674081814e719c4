import doctest

from odoo.tests import BaseCase

from odoo.addons.crm_service_requests import web_files, web_values
from odoo.addons.crm_service_requests.controllers import portal_list
from odoo.addons.crm_service_requests.models import (
    free_slots,
    inbound_mail,
    likeness,
    origin_card,
    return_decision,
    warranty_cover,
)
from odoo.addons.crm_service_requests.wizard import crm_request_intake

MODULES = [
    crm_request_intake,
    free_slots,
    inbound_mail,
    likeness,
    origin_card,
    portal_list,
    return_decision,
    warranty_cover,
    web_files,
    web_values,
]


class TestDoctest(BaseCase):

    def test_examples_in_the_documentation_hold(self):
        for module in MODULES:
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
