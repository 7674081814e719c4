"""Work out what a set of groups may do, from access lines and record rules.

A model is open to those to whom one of its access lines gives it; then every global rule
narrows it, and of the rules of the groups one must hold:

>>> READ = frozenset({'read'})
>>> rights = Rights(
...     lines=[Line(1, 'doc', 10, READ)],
...     rules=[
...         Rule(5, 'doc', frozenset({10}), READ, "[('user_id', '=', user.id)]"),
...         Rule(6, 'doc', frozenset({11}), READ, "[(1, '=', 1)]"),
...         Rule(7, 'doc', frozenset(), READ, "[('company_id', 'in', company_ids)]"),
...     ])
>>> rights.access('doc', {12}, 'read') is None
True
>>> access = rights.access('doc', {10}, 'read')
>>> access.domain
Leaf(path='user_id', operator='=', value='user.id')
>>> rights.access("doc", {10, 11}, "read").domain == Every()
True

That a document belongs to a company of the user narrows it for everybody alike, so it is kept
apart:

>>> access.companies
Leaf(path='company_id', operator='in', value='company_ids')
>>> access.line_ids, access.rule_ids
([1], [5, 7])

Roles are of employees, so that what a rule says of who uses the portal does not concern them:

>>> Rule(8, 'doc', frozenset(), READ, "[(0, '=', 1)] if user.share else []").domain == Every()
True
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from .domain_text import FALSE, Every, Some, for_employees, names, parse, prefixed, simplify

COMPANY_NAMES = {'company_id', 'company_ids'}


@dataclass(frozen=True)
class Line:
    """An access line; without a group it is everybody's."""

    id: int
    model: str
    group: int | None
    operations: frozenset

    def concerns(self, groups, operation):
        return operation in self.operations and (not self.group or self.group in groups)


@dataclass(frozen=True)
class Rule:
    """A record rule; without groups it is global."""

    id: int
    model: str
    groups: frozenset
    operations: frozenset
    source: str

    @cached_property
    def domain(self):
        return parse(for_employees(self.source))

    def concerns(self, groups, operation):
        return operation in self.operations and (not self.groups or bool(self.groups & groups))

    @property
    def is_company_rule(self):
        return not self.groups and bool(names(self.domain) & COMPANY_NAMES)


@dataclass(frozen=True)
class Access:
    """What one operation on one model reaches, and where that comes from."""

    domain: object
    companies: object
    line_ids: list
    rule_ids: list


class Rights:
    """The access lines and record rules of some models.

    :param parents: by model, the fields through which it is also the record of another model,
        with that model; its rules hold too
    """

    def __init__(self, lines, rules, parents=None):
        self.lines = self._by_model(lines)
        self.rules = self._by_model(rules)
        self.parents = parents or {}

    @staticmethod
    def _by_model(items):
        result = defaultdict(list)
        for item in items:
            result[item.model].append(item)
        return result

    def access(self, model, groups, operation):
        """Return what `groups` reach by an operation, or nothing when it is refused."""
        line_ids = [
            line.id for line in self.lines[model] if line.concerns(groups, operation)]
        rules = self._rules(model, groups, operation)
        domain = simplify(Every(tuple(
            part for rule, part in rules if not (rule and rule.is_company_rule))))
        if not line_ids or domain == FALSE:
            return None
        return Access(
            domain=domain,
            companies=simplify(Every(tuple(
                part for rule, part in rules if rule and rule.is_company_rule))),
            line_ids=line_ids,
            rule_ids=self._rule_ids(model, groups, operation),
        )

    def _rules(self, model, groups, operation):
        """Return the domains that must all hold, each with the global rule it is of."""
        concerned = [rule for rule in self.rules[model] if rule.concerns(groups, operation)]
        result = [(rule, rule.domain) for rule in concerned if not rule.groups]
        if own := tuple(rule.domain for rule in concerned if rule.groups):
            result.append((None, Some(own)))
        for field, parent in self.parents.get(model, {}).items():
            result += [
                (rule, prefixed(domain, field))
                for rule, domain in self._rules(parent, groups, operation)]
        return result

    def _rule_ids(self, model, groups, operation):
        return [
            rule.id for name in (model, *self.parents.get(model, {}).values())
            for rule in self.rules[name] if rule.concerns(groups, operation)]
