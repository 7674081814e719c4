from doctest import DocTestSuite

from odoo.addons.crm_order_manager.models import assignment, circle, unpaid


def load_tests(loader, tests, pattern):
    tests.addTests(DocTestSuite(assignment))
    tests.addTests(DocTestSuite(circle))
    tests.addTests(DocTestSuite(unpaid))
    return tests
