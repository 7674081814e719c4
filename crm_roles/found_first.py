"""Rules about who looks after a customer, asked so that the database may take an index.

Joined to each document, or in a set beside other conditions, the customers make it go through all
documents. Their ids as an array let it find those of few customers by an index of the documents,
and put them together with those that other conditions find by theirs (``BitmapOr``).
"""

import re
from dataclasses import dataclass

from odoo.fields import Domain
from odoo.models import Index
from odoo.tools import SQL

AND, OR = '&', '|'
# The first column of an index, and what it is kept for.
COLUMN = re.compile(r'\((\w+)\b[^(]*?\)(?:\s+WHERE\s+(.*))?$')


@dataclass(frozen=True)
class FoundFirst:
    """The documents of the customers that satisfy a domain, who are looked up first."""

    field_name: str
    domain: Domain

    def __call__(self, model, alias, query):
        customers = model.env[model._fields[self.field_name].comodel_name]
        found = customers.with_context(active_test=False)._search(self.domain, bypass_access=True)
        if found.is_empty():
            return SQL("FALSE")
        return SQL(
            "%s = ANY(ARRAY(%s))", model._field_to_sql(alias, self.field_name, query),
            found.select())

    def holds(self, document):
        """Return whether a document is one of such a customer.

        :rtype: bool
        """
        return bool(document[self.field_name].filtered_domain(self.domain))


def found_first(domain, model):
    """Return a domain that says the same, and finds the customers that somebody looks after first.

    Where one of several ways to a document has no index all documents are gone through anyway, and
    nothing is changed.

    :param Domain domain: optimized for the model, so that each condition names one field
    :param model: what the domain is about
    :rtype: Domain
    """
    joined_by = getattr(domain, 'OPERATOR', None)
    if joined_by == AND:
        return Domain.AND(found_first(child, model) for child in domain.children)
    if joined_by == OR:
        ways = [found_first(child, model) for child in domain.children]
        return Domain.OR(ways) if all(_has_index(way, model) for way in ways) else domain
    if getattr(domain, 'operator', None) in ('any', 'any!') and isinstance(domain.value, Domain):
        return _condition_found_first(domain, model)
    return domain


def _condition_found_first(condition, model):
    field = model._fields[condition.field_expr]
    if field.type != 'many2one':
        return condition
    comodel = model.env[field.comodel_name]
    inner = found_first(condition.value, comodel)
    if field.comodel_name == 'res.partner' and _has_index(inner, comodel) and (
            field.name in _indexed_columns(model)):
        first = FoundFirst(field.name, inner)
        return Domain.custom(to_sql=first, predicate=first.holds)
    return Domain(field.name, condition.operator, inner)


def _has_index(domain, model):
    """Return whether what a domain is about is found by indexes of people.

    :rtype: bool
    """
    joined_by = getattr(domain, 'OPERATOR', None)
    if joined_by in (AND, OR):
        enough = any if joined_by == AND else all
        return enough(_has_index(child, model) for child in domain.children)
    if getattr(domain, 'operator', None) != 'in':
        return isinstance(getattr(domain, '_sql', None), FoundFirst)
    field = model._fields[domain.field_expr]
    columns = _indexed_columns(model)
    return field.comodel_name == 'res.users' and field.name in columns and (
        columns[field.name] or False not in domain.value)


def _indexed_columns(model):
    """Return the columns that an index of the table begins with, and whether it has those who are
    empty, too.

    :rtype: dict[str, bool]
    """
    columns = {
        field.name: field.index != 'btree_not_null'
        for field in model._fields.values()
        if field.store and field.index in (True, 'btree', 'btree_not_null')}
    for index in model._table_objects.values():
        found = isinstance(index, Index) and COLUMN.search(index.get_definition(model.pool))
        if found and found[2] in (None, f'{found[1]} IS NOT NULL'):
            columns[found[1]] = columns.get(found[1], False) or not found[2]
    return columns
