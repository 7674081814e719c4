from contextlib import contextmanager

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_sales_facts import books, periods

# What sums of customers know, and what of it only adds up: nothing sold is then a sum of 0.
OF_SUMS = ('last_date', 'first_date', 'amount', 'quantity', 'margin')
ADDED = ('amount', 'quantity', 'margin')
# The customers of whom something is not folded yet.
WAITING = SQL("SELECT partner_id FROM crm_sales_fact_delta WHERE partner_id IS NOT NULL")
LOOKED_UP = 'crm_campaigns.sales_waiting'
SHOWN = ('partner_id', 'date', 'product_id', 'quantity', 'amount', 'margin', 'bought')


class CrmAudienceCriterion(models.Model):
    """What the sales facts say of customers: from the sums kept beside them where these know it.

    Sums and facts know what was folded. What waits to be folded is added; where adding is not
    enough, the customers it is about are looked up in what is there of them day by day.
    """

    _inherit = 'crm.audience.criterion'

    def _values_query(self, dates=None, measure=None):
        asked, named = dates or self._dates(), measure or self.measure
        if named == 'margin':
            self._check_may_see_margin()
        if self._is_in_totals(asked, named):
            [totals] = self._kept_rows(asked, named)
            # One company has one total of a customer.
            column = {'last_date': 'date', 'first_date': 'date'}.get(named, named)
            return SQL(
                "SELECT partner_id, %s AS value FROM (%s) AS total WHERE partner_id IS NOT NULL",
                SQL.identifier(column), totals)
        if self.source == 'bill' and named in ADDED and not self._is_of_lines():
            first, *others = self._sold_parts(asked, named)
            return self._added_query(first, others, named) if others else self._valued(
                first, named)
        return super()._values_query(dates, measure)

    def _added_query(self, most, others, measure):
        """Return the query of the values of most rows and of those of other queries, added up.

        Of rows that are put together before they are summed the database does not know how many
        customers they are of: it takes them for few, and looks each of them up.
        """
        return SQL(
            """
            SELECT partner_id, COALESCE(most.value, 0) + COALESCE(others.value, 0) AS value
            FROM (%s) AS most FULL JOIN (%s) AS others USING (partner_id)
            """,
            self._valued(most, measure),
            self._valued(SQL(" UNION ALL ").join(others), measure))

    def _is_in_totals(self, dates, measure):
        return (
            self.source == 'bill' and not any(dates) and self._is_of_sums(measure)
            and len(self.env.companies) == 1 and not self._is_waiting())

    def _is_of_sums(self, measure):
        """Return whether the sums of customers know what is asked of bills, and by whom."""
        if measure not in OF_SUMS or self._has_products() or self._is_of_lines():
            return False
        # What the rules of the user ask for may be days or products.
        return self.env['crm.sales.report']._days_of_change([]) == set()

    @api.model
    @contextmanager
    def _looked_up_once(self):
        """Look up but once whether something waits, while conditions are put together."""
        cache = self.env.cr.cache
        if LOOKED_UP in cache:
            yield
            return
        cache[LOOKED_UP] = self._is_waiting()
        try:
            yield
        finally:
            del cache[LOOKED_UP]

    @api.model
    def _is_waiting(self):
        """Return whether there are changes of sales that were not folded yet."""
        known = self.env.cr.cache.get(LOOKED_UP)
        # sudo: crm.sales.fact.delta - whether there is any says nothing of it
        return known if known is not None else bool(
            self.env['crm.sales.fact.delta'].sudo().search_count([], limit=1))

    def _sold_rows(self, dates, measure):
        return SQL(" UNION ALL ").join(self._sold_parts(dates, measure))

    def _sold_parts(self, dates, measure):
        """Return the queries that say together what was sold, first that of most of it.

        :param tuple dates: the first and the last day that count
        :param str measure: what is measured
        :rtype: list[SQL]
        """
        if not self._is_waiting():
            return self._kept_rows(dates, measure)
        if measure in ADDED and self.threshold == 'value':
            return [*self._kept_rows(dates, measure),
                    self._fact_rows('crm.sales.fact.delta', dates)]
        return [*self._kept_rows(dates, measure, SQL("NOT IN")),
                self._booked_rows(self._waiting_facts(dates))]

    def _kept_rows(self, dates, measure, waiting=None):
        """Return the queries of sums, or else of facts, that say together what was sold.

        :param SQL waiting: how customers of whom something waits are left out, if they are
        :rtype: list[SQL]
        """
        if not self._is_of_sums(measure):
            return [self._fact_rows('crm.sales.fact', dates, waiting)]
        if not any(dates):
            return [self._sum_rows('crm.sales.total', Domain.TRUE, measure, waiting)]
        months, edges = periods.parts(*dates)
        return [
            self._sum_rows('crm.sales.month', self._domain_of_dates('date', months), measure,
                           waiting),
            *(self._fact_rows('crm.sales.fact', edge, waiting) for edge in edges)]

    def _sum_rows(self, model, domain, measure, waiting):
        query = self._kept_query(model, domain, waiting)
        date = SQL.identifier(
            query.table, 'date_last' if measure == 'last_date' else 'date_first')
        return self._shown(query, date, SQL("NULL::int"), SQL("%s IS NOT NULL", date))

    def _fact_rows(self, model, dates, waiting=None):
        domain = self._domain_of_products('product_id') & self._domain_of_dates('date', dates)
        query = self._kept_query(model, domain, waiting)
        amount, quantity = (
            SQL.identifier(query.table, name) for name in ('amount', 'quantity'))
        return self._shown(
            query, SQL.identifier(query.table, 'date'), SQL.identifier(query.table, 'product_id'),
            SQL("(%s > 0 OR %s = 0 AND %s > 0)", amount, amount, quantity))

    def _shown(self, query, date, product, bought):
        """Return the query of rows as the measures take them."""
        table = query.table
        amount, company = SQL.identifier(table, 'amount'), SQL.identifier(table, 'company_id')
        margin = SQL("%s - %s", amount, SQL.identifier(table, 'cost'))
        values = (
            SQL.identifier(table, 'partner_id'), date, product, SQL.identifier(table, 'quantity'),
            self._shown_amount(amount, company), self._shown_amount(margin, company), bought)
        return query.select(*(
            SQL("%s AS %s", value, SQL.identifier(name))
            for name, value in zip(SHOWN, values, strict=True)))

    def _shown_amount(self, amount, company):
        """Return an amount of a company in the currency shown."""
        if self.env.companies.currency_id <= self.currency_id:
            # Nothing is computed: the database reads but what is asked for.
            return amount
        return SQL("(%s) * %s", amount, self._rate(company))

    def _kept_query(self, model, domain, waiting):
        """Return the query of rows of a table of facts or sums, as far as the user sees sales.

        :rtype: odoo.tools.query.Query
        :raise AccessError: when the user sees no sales at all
        """
        self.env['crm.sales.report'].check_access('read')
        rules = self.env['ir.rule']._compute_domain('crm.sales.report', 'read')
        # sudo: crm.sales.fact, crm.sales.month - read with the rules of the analysis of sales
        query = self.env[model].sudo()._search(Domain(rules or Domain.TRUE) & domain)
        if waiting:
            query.add_where(SQL(
                "%s %s (%s)", SQL.identifier(query.table, 'partner_id'), waiting, WAITING))
        return query

    def _waiting_facts(self, dates):
        """Return the facts of customers of whom something waits, and what waits."""
        domain = self._domain_of_products('product_id') & self._domain_of_dates('date', dates)
        queries = [
            self._kept_query('crm.sales.fact', domain, SQL("IN")),
            self._kept_query('crm.sales.fact.delta', domain, None)]
        return SQL(" UNION ALL ").join(
            query.select(*(SQL.identifier(query.table, name)
                           for name in books.KEYS + books.MEASURES))
            for query in queries)

    def _booked_rows(self, query):
        # What cancels out on a day is forgotten when facts are folded, so it never counts.
        return SQL(
            """
            SELECT partner_id, date, product_id, sum(quantity) AS quantity,
                   sum(amount) * %(rate)s AS amount, sum(amount - cost) * %(rate)s AS margin,
                   sum(amount) > 0 OR sum(amount) = 0 AND sum(quantity) > 0 AS bought
            FROM (%(query)s) AS booked
            GROUP BY partner_id, date, product_id, company_id
            HAVING sum(quantity) != 0 OR sum(amount) != 0 OR sum(cost) != 0
            """,
            query=query, rate=self._rate(SQL.identifier('company_id')))
