"""A plug-in of pytest that takes guards away, one at a time, until a test fails.

Each test runs as it is; then once for each guard it asked that no test has missed so far.
"""

import copy
import json
import os
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path

import guards
import pytest
import rights
from _pytest.runner import runtestprotocol

OPTIONS = json.loads(os.environ['CRM_MUTATION'])
switch = guards.Switch()
guards.install(switch)


def clock():
    """Return seconds, also while a test holds the time."""
    return os.times().elapsed


class Run:
    """What has been tried so far."""

    def __init__(self, session):
        self.session, self.mutants, self.seen = session, [], None
        self.out = Path(OPTIONS['out'])
        # What an earlier run missed need not be missed again.
        self.state = json.loads(self.out.read_text()) if self.out.exists() else {}
        self.addons = [path.parent.name for path in guards.ROOT.glob('crm_*/__manifest__.py')]
        self.start = clock()

    def wanted(self, mutant):
        kinds, only = OPTIONS['kinds'], OPTIONS['only']
        return (not kinds or mutant.kind in kinds) and any(part in mutant.name for part in only)

    def prepare(self, item):
        """Look for what can be taken away, once a test has an environment."""
        from odoo.tests import TransactionCase  # noqa: PLC0415
        if self.seen or not issubclass(item.cls, TransactionCase):
            return
        env = item.cls.env
        self.seen = rights.Seen(env)
        self.mutants += [found for found in rights.rights(env, self.addons) if self.wanted(found)]

    def candidates(self, item, seconds):
        """Return what this test might miss: what it asked, and what it is about."""
        path = Path(item.path).relative_to(guards.ROOT).as_posix()
        asked = self.seen.found if self.seen else set()
        found = [
            mutant for mutant in self.mutants
            if path in mutant.tests or (mutant.about in asked and seconds <= OPTIONS['longest'])]
        if path in rights.ROUTES and item.cls.__name__ == 'TestPortalRoutes':
            found += [flag for flag in rights.flags(item.cls.rules, self.addons)
                      if self.wanted(flag) and flag.kept_by in item.name]
        if item.name == guards.METHODS:
            public = {name for methods in item.cls.methods.values() for _addon, name in methods}
            found += [guard for guard in switch.guards
                      if guard.method in public and self.wanted(guard)]
        elif seconds <= OPTIONS['longest']:
            found += [
                guard for number, guard in enumerate(switch.guards)
                if number in switch.asked and self.wanted(guard)]
        return [mutant for mutant in found if self.alive(mutant)]

    def alive(self, mutant):
        state = self.state.setdefault(mutant.name, {'tries': 0, 'killed': None})
        return not state['killed'] and state['tries'] < OPTIONS['tries']

    def protocol(self, item, following):
        """Run a test, and again without each of the guards it asked."""
        again = copy.copy(item)
        switch.asked.clear()
        if self.seen:
            self.seen.found.clear()
        begun = clock()
        if not passes(item, again):
            print(f'does not pass as it is: {item.nodeid}', flush=True)
            self.session._setupstate.teardown_exact(following)
            return
        seconds = clock() - begun
        self.prepare(item)
        found = self.candidates(item, seconds)
        pair = [item, again]
        for mutant in found:
            if item.name == guards.METHODS or not isinstance(mutant, guards.Guard):
                self.attempt([mutant], pair)
        for same in item.name != guards.METHODS and guards.ALIKE or ():
            self.halve([mutant for mutant in found if mutant.kind in same], pair)
        self.session._setupstate.teardown_exact(following)

    def halve(self, mutants, pair):
        """Take all away at once: only when that is missed, look for which one it is.

        Where one hides another, which then is not asked, the other is taken away by itself.
        """
        if not mutants:
            return
        passed, middle = self.attempt(mutants, pair), len(mutants) // 2
        hidden = [mutant for mutant in mutants if not switch.was_asked(mutant)]
        if not passed and middle:
            self.halve(mutants[:middle], pair)
            self.halve(mutants[middle:], pair)
        elif len(hidden) < len(mutants):
            self.halve(hidden, pair)

    def attempt(self, mutants, pair):
        """Run a test without some guards: what it misses counts when it is one.

        :param list pair: the test twice, since pytest runs each of them in the place of the other
        :return: whether the test passes
        :rtype: bool
        """
        pair.reverse()
        item = pair[0]
        switch.asked.clear()
        with removed(mutants, item):
            passed = passes(*pair)
        for mutant in mutants:
            self.state[mutant.name]['tries'] += (
                len(mutants) == 1 or passed and switch.was_asked(mutant))
        if not passed and len(mutants) == 1:
            self.state[mutants[0].name]['killed'] = item.nodeid
        return passed

    def write(self):
        if self.seen:
            # All of the code has been read: what else an earlier run knew is there no more.
            known = {guard.name for guard in switch.guards}
            self.state = {
                name: state for name, state in self.state.items()
                if name in known or name.partition(':')[0] not in set().union(*guards.ALIKE)}
        for mutant in [*filter(self.wanted, switch.guards), *self.mutants]:
            self.state.setdefault(mutant.name, {'tries': 0, 'killed': None})
        self.out.write_text(json.dumps(self.state, indent=1, sort_keys=True))


@contextmanager
def removed(mutants, item):
    """Take guards of the code away, or one other, of which no cache may know."""
    case = item.cls
    if isinstance(mutants[0], rights.RouteFlag):
        with mutants[0].removed(case):
            yield
        return
    case.registry.clear_all_caches()
    if isinstance(mutants[0], guards.Guard):
        switch.off = {switch.guards.index(mutant) for mutant in mutants}
        with mutants[0].alone(case) if item.name == guards.METHODS else nullcontext():
            yield
        switch.off = set()
    else:
        with mutants[0].removed(case):
            yield
    case.registry.clear_all_caches()


def passes(item, following):
    item._initrequest()
    # The first part of a test that fails is enough.
    item.cls.subTest = lambda *arguments, **named: nullcontext()
    reports = runtestprotocol(item, log=False, nextitem=following)
    if OPTIONS['why']:
        for report in reports:
            print(report.outcome, str(report.longrepr)[-600:] if report.failed else '')
    return all(report.passed for report in reports)


def is_quick(item):
    """Return whether a test keeps to one transaction, and needs no browser."""
    from odoo.tests import TransactionCase  # noqa: PLC0415
    names = item.function.__code__.co_names
    return (
        issubclass(item.cls, TransactionCase)
        and not {'start_tour', 'browser_js', 'start_browser'} & set(names))


def pytest_collection_modifyitems(items):
    index, count = OPTIONS['shard']
    files = list(dict.fromkeys(item.path for item in items))
    mine = set(files[index::count])
    items[:] = [item for item in items if item.path in mine and is_quick(item)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    run, before = Run(session), None
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        if item.path != before:
            print(f'{clock() - run.start:.0f} s {item.path.name}', flush=True)
            run.write()
        before = item.path
        run.protocol(item, following)
        if clock() - run.start > OPTIONS['seconds']:
            session._setupstate.teardown_exact(None)
            break
    run.write()
    sys.stdout.flush()
    return True
