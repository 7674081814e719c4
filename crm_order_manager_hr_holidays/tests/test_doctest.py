from doctest import DocTestSuite

from odoo.addons.crm_order_manager_hr_holidays.models import time_off


def load_tests(loader, tests, pattern):
    tests.addTests(DocTestSuite(time_off))
    return tests
