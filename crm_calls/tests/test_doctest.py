from doctest import DocTestSuite

from odoo.addons.crm_calls.models import call_hours, call_text, telephony


def load_tests(loader, tests, pattern):
    for module in (call_hours, call_text, telephony):
        tests.addTests(DocTestSuite(module))
    return tests
