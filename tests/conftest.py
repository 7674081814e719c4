"""How the tests are run: with a database, and by several processes that share the work."""

import os
from collections import defaultdict
from itertools import groupby
from pathlib import Path
from random import Random

import pytest

# Where processes that run the same tests say which files they have taken; see scripts/test.
CLAIMS = os.environ.get('CRM_TEST_CLAIMS')
# Of what to draw another order of the tests.
SEED = os.environ.get('TEST_SEED')


def pytest_configure(config):
    if not config.getoption('--odoo-database'):
        raise pytest.UsageError(
            "These tests need a database with the addons in it: call scripts/test instead, "
            "with the same arguments.")


def pytest_collection_modifyitems(items):
    """Begin with the tests of the suite as a whole: they take longest."""
    if SEED:
        shuffle(items, Random(SEED))
    items.sort(key=lambda item: not item.nodeid.startswith('tests/'))


def shuffle(items, draw):
    """Put files in another order, the classes of each, and the tests of each class."""
    places = defaultdict(draw.random)

    def place(item):
        parts = item.nodeid.split('::')
        return [places[tuple(parts[:count])] for count in range(1, len(parts) + 1)]

    items.sort(key=place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run those files that no other process has taken."""
    if not CLAIMS or session.config.option.collectonly or session.testsfailed:
        return None
    items = claimed(session.items)
    item = next(items, None)
    while item:
        following = next(items, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def claimed(items):
    """Yield the tests of the files that this process takes, one file after the other."""
    for file, tests in groupby(items, key=lambda item: item.path):
        claim = Path(CLAIMS) / str(file).replace(os.sep, '_')
        try:
            claim.touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from tests
