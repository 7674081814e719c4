from doctest import DocTestSuite

from odoo.addons.crm_order_manager.models import assignment, circle, commission, odds, unpaid


def load_tests(loader, tests, pattern):
    tests.addTests(DocTestSuite(assignment))
    tests.addTests(DocTestSuite(circle))
    tests.addTests(DocTestSuite(commission))
    tests.addTests(DocTestSuite(odds))
    tests.addTests(DocTestSuite(unpaid))
    return tests
