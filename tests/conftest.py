import pytest


def pytest_configure(config):
    if not config.getoption('--odoo-database'):
        raise pytest.UsageError(
            "These tests need a database with the addons in it: call scripts/test instead, "
            "with the same arguments.")
