from doctest import DocTestSuite

from odoo.addons.crm_calls.models import call_text


def load_tests(loader, tests, pattern):
    tests.addTests(DocTestSuite(call_text))
    return tests
