from odoo import api, fields, models
from odoo.tools import SQL

from .. import periods
from .crm_sales_dimensions import FACTS

GROWTH = {'growth': 'amount_before', 'growth_year': 'amount_year_ago'}


class CrmSalesComparison(models.Model):
    """What was sold in a period, in the one before, and in the same one of the year before.

    The period is in the context, as `sales_start` and `sales_end`; without it, this year.
    """

    _name = 'crm.sales.comparison'
    _description = "Sales Compared"
    _inherit = ['crm.sales.dimensions']
    _auto = False
    _order = 'id desc'
    _rec_name = 'product_id'
    _depends = {**FACTS, 'res.partner': ['user_id']}
    _sales_ratios = tuple(f'{name}:avg' for name in GROWTH)

    quantity = fields.Float(readonly=True, digits='Product Unit')
    quantity_before = fields.Float(readonly=True, digits='Product Unit')
    quantity_year_ago = fields.Float(readonly=True, digits='Product Unit')
    amount = fields.Monetary(readonly=True)
    amount_before = fields.Monetary("Period Before", readonly=True)
    amount_year_ago = fields.Monetary("Year Before", readonly=True)
    growth = fields.Float("Growth (%)", readonly=True, digits=(16, 1), aggregator='avg')
    growth_year = fields.Float(
        "Growth on the Year Before (%)", readonly=True, digits=(16, 1), aggregator='avg')
    margin = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin')
    margin_before = fields.Monetary(
        "Margin of the Period Before", readonly=True, groups='crm_sales_facts.group_margin')
    margin_year_ago = fields.Monetary(
        "Margin of the Year Before", readonly=True, groups='crm_sales_facts.group_margin')

    @api.model
    def _period(self):
        """Return the first and the last day of the period.

        :rtype: tuple[date, date]
        """
        today = fields.Date.context_today(self)
        start, end = periods.named('this_year', today)
        context = self.env.context
        return (fields.Date.to_date(context.get('sales_start')) or start,
                fields.Date.to_date(context.get('sales_end')) or end)

    @api.model
    def _spans(self):
        """Return the first and the last day of what is compared, by the suffix of its fields."""
        start, end = self._period()
        return {
            '': (start, end),
            '_before': periods.before(start, end),
            '_year_ago': periods.year_ago(start, end),
        }

    def _days_of_change(self, domain):
        days = super()._days_of_change(domain)
        if days is None:
            return None
        return days.union(*(
            periods.turns('>=', start) | periods.turns('<=', end)
            for start, end in self._spans().values()))

    @property
    def _table_query(self):
        within = {
            suffix: SQL("fact.date BETWEEN %s AND %s", *span)
            for suffix, span in self._spans().items()}
        measures = SQL(", ").join(
            SQL("CASE WHEN %s THEN %s END AS %s", condition, value,
                SQL.identifier(name + suffix))
            for suffix, condition in within.items()
            for name, value in (('quantity', SQL("quantity")), ('amount', SQL("amount")),
                                ('margin', SQL("amount - cost"))))
        return SQL(
            """
            SELECT id, partner_id, product_id, company_id, fact_count, %s,
                   NULL::numeric AS growth, NULL::numeric AS growth_year
            FROM (%s) AS fact WHERE %s
            """, measures, self._facts_query(), SQL(" OR ").join(within.values()))

    def _read_group_select(self, aggregate_spec, query):
        name = aggregate_spec.removesuffix(':avg')
        if name not in GROWTH:
            return super()._read_group_select(aggregate_spec, query)
        before = self._field_to_sql(self._table, GROWTH[name], query)
        return SQL(
            "100 * (COALESCE(SUM(%s), 0) - SUM(%s)) / NULLIF(ABS(SUM(%s)), 0)",
            self._field_to_sql(self._table, 'amount', query), before, before)
