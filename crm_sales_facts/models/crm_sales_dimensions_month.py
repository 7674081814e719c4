from contextlib import contextmanager

from odoo import models
from odoo.fields import Domain
from odoo.models import parse_read_group_spec
from odoo.tools import SQL

from .. import periods

IN_USE = 'crm_sales_facts.months_in_use'
# So many months may be divided; with more of them, the facts are as quick.
MOST_DIVIDED = 6
# What may be asked of the customers, beside grouping by them.
OF_SETS = (None, 'count_distinct', 'array_agg_distinct')
OF_SUMS = ('sum', 'sum_currency')


class CrmSalesDimensions(models.AbstractModel):
    """What is summed by customer and month is summed from the months, not from each fact.

    The result is the same: a month that only in part meets the conditions is summed from its facts.
    """

    _inherit = 'crm.sales.dimensions'

    # What is a ratio of sums when it is grouped, and no sum.
    _sales_ratios = ()

    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None,
                    order=None):
        specs = [*groupby, *aggregates, *self._having_specs(having), *self._order_specs(order)]
        with self._months_used(domain, specs):
            return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        specs = [spec for groupby in grouping_sets for spec in groupby]
        specs += [*aggregates, *self._order_specs(order)]
        with self._months_used(domain, specs):
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == '__count' and self._months_in_use() is not None:
            return SQL("COALESCE(SUM(%s), 0)::bigint", SQL.identifier(self._table, 'fact_count'))
        return super()._read_group_select(aggregate_spec, query)

    def _having_specs(self, having):
        return [term[0] for term in having if not isinstance(term, str)]

    def _order_specs(self, order):
        return [term.split()[0] for term in (order or '').split(',') if term.strip()]

    def _months_in_use(self):
        """Return the months that are divided while others are summed, or None if none is.

        :rtype: list[date] or None
        """
        return self.env.cr.cache.get(IN_USE, {}).get(self._name)

    @contextmanager
    def _months_used(self, domain, specs):
        """Let months stand for their facts, if they are enough for what is asked for."""
        in_use = self.env.cr.cache.setdefault(IN_USE, {})
        before = in_use.get(self._name)
        in_use[self._name] = self._months_divided(domain, specs)
        try:
            yield
        finally:
            in_use[self._name] = before

    def _months_divided(self, domain, specs):
        """Return the months that meet the conditions in part, or None if months are not enough.

        :param domain: which sales
        :param list specs: by what they are grouped and what is asked of the groups
        :rtype: list[date] or None
        """
        if not all(map(self._is_of_months, specs)):
            return None
        days = self._days_of_change(domain)
        if days is None:
            return None
        divided = periods.divided(days)
        return divided if len(divided) <= MOST_DIVIDED else None

    def _is_of_months(self, spec):
        """Return whether months know what a group is made by, or what is asked of it."""
        if spec == '__count' or spec in self._sales_ratios:
            return True
        name, _path, function = parse_read_group_spec(spec)
        if name == 'date':
            return function in periods.OF_MONTHS
        if self._is_of_customers(name):
            return function in OF_SETS
        return function in OF_SUMS and f'{name}:avg' not in self._sales_ratios

    def _is_of_customers(self, name):
        """Return whether a field tells something of the customer or of the company."""
        field = self._fields.get(name)
        root = field.related.split('.')[0] if field and field.related else name
        return root in ('partner_id', 'company_id')

    def _days_of_change(self, domain):
        """Return the days on which conditions, and the rules of the user, come to say otherwise.

        :return: None if they ask for what months do not know
        :rtype: set[date] or None
        """
        domain = Domain(domain)
        if not self.env.su:
            domain &= Domain(self.env['ir.rule']._compute_domain(self._name, 'read'))
        days = set()
        for condition in domain:
            if isinstance(condition, str):
                continue
            if isinstance(condition, Domain):
                return None
            found = self._days_of_condition(*condition)
            if found is None:
                return None
            days |= found
        return days

    def _days_of_condition(self, path, operator, value):
        if not isinstance(path, str):
            return set()
        name, _dot, part = path.partition('.')
        if name != 'date':
            return set() if self._is_of_customers(name) else None
        if part:
            return set() if part in periods.OF_MONTHS else None
        turns = [
            periods.turns(condition.operator, condition.value) for condition in
            Domain(path, operator, value).optimize_full(self).iter_conditions()]
        return None if None in turns else set().union(*turns)
