from datetime import UTC, datetime, time

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_sales_facts import books

from .crm_audience_criterion import DATES

# What is made of the rows of a source, for one customer.
VALUES = {
    'last_date': SQL("max(date) FILTER (WHERE bought)"),
    'first_date': SQL("min(date) FILTER (WHERE bought)"),
    'count': SQL("count(DISTINCT document_id)"),
    'amount': SQL("sum(amount)"),
    'average': SQL("sum(amount) / NULLIF(count(DISTINCT document_id), 0)"),
    'quantity': SQL("sum(quantity)"),
    'margin': SQL("sum(margin)"),
    'gap': SQL("""
        (max(date) FILTER (WHERE bought) - min(date) FILTER (WHERE bought))::numeric
        / NULLIF(count(DISTINCT date) FILTER (WHERE bought) - 1, 0)"""),
}
# What only the documents themselves know, and the sums of facts do not.
DOCUMENT_MEASURES = ('count', 'average')
OPERATORS = {name: SQL(name) for name in ('<', '<=', '>', '>=')}
UNTIL = {'<': '>', '<=': '>=', '>': '<', '>=': '<='}


class CrmAudienceCriterion(models.Model):
    """What a criterion asks the database: one query each, joined by the audience."""

    _inherit = 'crm.audience.criterion'

    def _condition(self, partner):
        """Return when a customer meets the criterion.

        :param partner: the id of the customer as SQL, or a number when only he is asked about
        :rtype: SQL
        :raise AccessError: when the user may not see what it asks for
        """
        self.ensure_one()
        if self.is_yes_or_no:
            condition = self._in(partner, getattr(self, f'_{self.source}_query')())
        elif self._holds_for_nothing():
            condition = SQL("NOT %s", self._in(partner, self._query(hold=False)))
        else:
            condition = self._in(partner, self._query())
        return SQL("NOT %s", condition) if self.negate else condition

    def _in(self, partner, query):
        if isinstance(partner, int):
            # The database looks at the rows of this customer alone.
            return SQL("EXISTS (SELECT FROM (%s) AS met(id) WHERE id = %s)", query, partner)
        return SQL("(%s IN (%s))", partner, query)

    def _query(self, hold=True):
        """Return the query of the customers for whom the criterion holds, or does not hold.

        :rtype: SQL
        """
        if self.threshold in ('top', 'bottom'):
            return self._ranked_query()
        if self.threshold == 'own':
            return self._own_query()
        return SQL(
            "SELECT partner_id FROM (%s) AS grouped WHERE %s(value %s %s)",
            self._values_query(), SQL() if hold else SQL("NOT "), OPERATORS[self.operator],
            self._limit())

    def _limit(self):
        return SQL("%s::date", self._limit_date()) if self.measure in DATES else SQL(
            "%s", self.value)

    def _values_query(self, dates=None, measure=None):
        """Return the query of the value of each customer of whom the source knows something.

        :param tuple dates: the first and the last day that count, else those of the criterion
        :param str measure: what is measured, else what the criterion says
        :return: a query with the columns `partner_id` and `value`
        :rtype: SQL
        """
        measure = measure or self.measure
        return self._valued(self._rows_query(dates or self._dates(), measure), measure)

    def _valued(self, rows, measure):
        """Return the query of the value that the rows of a source make for each customer."""
        return SQL(
            "SELECT partner_id, %s AS value FROM (%s) AS known WHERE partner_id IS NOT NULL"
            " GROUP BY partner_id", self._value(measure), rows)

    def _value(self, measure):
        if measure == 'share':
            return SQL(
                "100.0 * count(DISTINCT product_id) FILTER (WHERE bought) / GREATEST(%s, 1)",
                SQL("(SELECT count(*) FROM (%s) AS asked)", self._product_query()))
        return VALUES[measure]

    def _ranked_query(self):
        """Return the query of a share of the customers, by their values; equals stand together."""
        customers = self.audience_id._universe()
        return SQL(
            """
            SELECT partner_id FROM (
                SELECT partner_id, rank() OVER (ORDER BY value %(direction)s) AS place,
                       count(*) OVER () AS total
                FROM (%(values)s) AS valued
                WHERE value IS NOT NULL AND partner_id IN (%(customers)s)
            ) AS ranked
            WHERE place <= ceil(total * %(percent)s / 100.0)
            """,
            direction=SQL("DESC" if self.threshold == 'top' else "ASC"),
            values=self._values_query(), percent=self.value, customers=customers.select(
                SQL.identifier(customers.table, 'id')))

    def _own_query(self):
        """Return the query of the customers who differ so much from what they usually do."""
        if self.measure == 'last_date':
            return SQL(
                """
                SELECT partner_id FROM (%(gaps)s) AS usual JOIN (%(lasts)s) AS recent
                USING (partner_id)
                WHERE (%(today)s::date - recent.value) %(operator)s usual.value * %(percent)s / 100
                """,
                gaps=self._usual_query(),
                lasts=self._values_query((None, None)),
                today=fields.Date.context_today(self),
                operator=OPERATORS[UNTIL[self.operator]], percent=self.value)
        start, end = self._own_period()
        return SQL(
            """
            SELECT partner_id FROM (%(usual)s) AS usual
            LEFT JOIN (%(values)s) AS recent USING (partner_id)
            WHERE COALESCE(recent.value, 0) %(operator)s usual.value * %(percent)s / 100
            """,
            usual=self._usual_query(), values=self._values_query((start, end)),
            operator=OPERATORS[self.operator], percent=self.value)

    def _own_period(self):
        start, end = self._dates()
        return start, end or fields.Date.context_today(self)

    def _usual_query(self):
        """Return the query of what a customer does on the average in as many days.

        Of the last date, that is the days between two purchases. Who began within the period has
        nothing usual yet.
        """
        if self.measure == 'last_date':
            return self._values_query((None, None), 'gap')
        start, end = self._own_period()
        return SQL(
            """
            SELECT partner_id,
                   total.value::numeric * %(days)s / (%(end)s::date - began.value + 1) AS value
            FROM (%(totals)s) AS total JOIN (%(firsts)s) AS began USING (partner_id)
            WHERE began.value < %(start)s::date
            """,
            totals=self._values_query((None, end)),
            firsts=self._values_query((None, end), 'first_date'),
            start=start, end=end, days=(end - start).days + 1)

    # What each source knows, as rows with partner_id, date, bought, and what is measured

    def _rows_query(self, dates, measure):
        return getattr(self, f'_{self.source}_rows')(dates, measure)

    def _bill_rows(self, dates, measure):
        if measure in DOCUMENT_MEASURES:
            return self._bill_line_rows(dates)
        if self._is_of_lines():
            lines = self._bill_lines(dates)
            return self._booked_rows(books.booked(SQL(
                "line.id IN (%s)", lines.select(SQL.identifier(lines.table, 'id')))))
        return self._sold_rows(dates, measure)

    def _is_of_lines(self):
        """Return whether something is asked of bills that their facts do not know."""
        return bool(self.campaign_ids or self.team_ids)

    def _bill_lines(self, dates):
        """Return the query of the lines of bills that count, as far as the user sees them."""
        domain = Domain([
            ('display_type', '=', 'product'), ('parent_state', '=', 'posted'),
            ('move_id.move_type', 'in', books.SALE_TYPES)])
        domain &= self._domain_of_lines('move_id')
        domain &= self._domain_of_dates('move_id.invoice_date', dates)
        return self.env['account.move.line']._search(domain)

    def _bill_line_rows(self, dates):
        query = self._bill_lines(dates)
        move = query.left_join(query.table, 'move_id', 'account_move', 'id', 'move_id')
        # Not the one the bill was written for: contacts come to other companies, as in the facts.
        partner = query.left_join(move, 'partner_id', 'res_partner', 'id', 'partner_id')
        return query.select(
            SQL("%s AS partner_id", SQL.identifier(partner, 'commercial_partner_id')),
            SQL("%s AS date", SQL.identifier(move, 'invoice_date')),
            SQL("CASE WHEN %s != 'out_refund' THEN %s END AS document_id",
                SQL.identifier(move, 'move_type'), SQL.identifier(move, 'id')),
            SQL("-%s * %s AS amount", SQL.identifier(query.table, 'balance'),
                self._rate(SQL.identifier(query.table, 'company_id'))))

    def _order_rows(self, dates, measure):
        lines = self.env['sale.order.line']
        domain = Domain([('order_id.state', '=', 'sale'), ('display_type', '=', False)])
        domain &= self._domain_of_lines('order_id')
        domain &= self._domain_of_times('order_id.date_order', dates)
        query = lines._search(domain)
        order = query.left_join(query.table, 'order_id', 'sale_order', 'id', 'order_id')
        partner = query.left_join(order, 'partner_id', 'res_partner', 'id', 'partner_id')
        factor = self._unit_factor(query, query.table)
        quantity = SQL("%s * %s", SQL.identifier(query.table, 'product_uom_qty'), factor)
        rate = SQL(
            "%s / COALESCE(NULLIF(%s, 0), 1)", self._rate(SQL.identifier(order, 'company_id')),
            SQL.identifier(order, 'currency_rate'))
        return query.select(
            SQL("%s AS partner_id", SQL.identifier(partner, 'commercial_partner_id')),
            SQL("%s AS date", self._day_of(SQL.identifier(order, 'date_order'))),
            SQL("%s AS product_id", SQL.identifier(query.table, 'product_id')),
            SQL("%s AS document_id", SQL.identifier(order, 'id')),
            SQL("%s AS quantity", quantity),
            SQL("%s * %s AS amount", SQL.identifier(query.table, 'price_subtotal'), rate),
            SQL("%s * %s AS margin", SQL.identifier(query.table, 'margin'), rate),
            SQL("%s > 0 AS bought", SQL.identifier(query.table, 'product_uom_qty')))

    def _request_rows(self, dates, measure):
        domain = self._domain_of_times('date_received', dates)
        if self.type_ids:
            domain &= Domain('type_id', 'in', self.type_ids.ids)
        query = self.env['crm.request']._search(domain)
        return self._event_rows(
            query, SQL.identifier(query.table, 'commercial_partner_id'), 'date_received')

    def _call_rows(self, dates, measure):
        domain = self._domain_of_times('date_start', dates)
        if self.outcome_ids:
            domain &= Domain('outcome_id', 'in', self.outcome_ids.ids)
        query = self.env['crm.call']._search(domain)
        return self._contact_event_rows(query, query.table, 'date_start')

    def _visit_rows(self, dates, measure):
        # sudo: res.users.log - who of the customers comes to the portal, as users show it too
        query = self.env['res.users.log'].sudo()._search(
            self._domain_of_times('create_date', dates))
        user = query.left_join(query.table, 'create_uid', 'res_users', 'id', 'create_uid')
        return self._contact_event_rows(query, user, 'create_date')

    def _touch_rows(self, dates, measure):
        domain = self._domain_of_times('date', dates) & Domain('state', '=', 'done')
        if self.campaign_ids:
            domain &= Domain('campaign_id', 'in', self.campaign_ids.ids)
        query = self.env['crm.campaign.touch']._search(domain)
        return self._contact_event_rows(query, query.table, 'date')

    def _contact_event_rows(self, query, alias, moment):
        """Return the rows of events of the contact that the table `alias` names."""
        partner = query.left_join(alias, 'partner_id', 'res_partner', 'id', 'partner_id')
        return self._event_rows(query, SQL.identifier(partner, 'commercial_partner_id'), moment)

    def _event_rows(self, query, partner, moment):
        return query.select(
            SQL("%s AS partner_id", partner),
            SQL("%s AS date", self._day_of(SQL.identifier(query.table, moment))),
            SQL("%s AS document_id", SQL.identifier(query.table, 'id')), SQL("TRUE AS bought"))

    def _customer_query(self):
        query = self.env['res.partner'].with_context(active_test=False)._search(
            self._partner_domain())
        return query.select(SQL.identifier(query.table, 'id'))

    def _campaign_query(self):
        domain = Domain('campaign_id', 'in', self.campaign_ids.ids)
        if self.member_state:
            domain &= Domain('state', '=', self.member_state)
        query = self.env['crm.campaign.member']._search(domain)
        partner = query.left_join(query.table, 'partner_id', 'res_partner', 'id', 'partner_id')
        return query.select(SQL.identifier(partner, 'commercial_partner_id'))

    # What the sources share

    def _product_query(self):
        """Return the query of the products it is about.

        :rtype: SQL
        """
        query = self._products()
        return query.select(SQL.identifier(query.table, 'id'))

    def _products(self):
        domain = Domain('id', 'in', self.product_ids.ids)
        if self.category_ids:
            domain |= Domain('categ_id', 'child_of', self.category_ids.ids)
        if self.tag_ids:
            domain |= Domain('all_product_tag_ids', 'in', self.tag_ids.ids)
        # sudo: product.product - what was bought counts, whoever may sell it now
        return self.env['product.product'].sudo().with_context(active_test=False)._search(domain)

    def _domain_of_products(self, path):
        return Domain(path, 'in', self._products()) if self._has_products() else Domain.TRUE

    def _domain_of_lines(self, document):
        """Return which lines count by their products, and by what their documents name.

        :param str document: the field that leads from a line to its document
        :rtype: Domain
        """
        domain = self._domain_of_products('product_id')
        if self.campaign_ids:
            domain &= Domain(f'{document}.campaign_id', 'in', self.campaign_ids.ids)
        if self.team_ids:
            domain &= Domain(f'{document}.team_id', 'in', self.team_ids.ids)
        return domain

    def _domain_of_dates(self, path, dates):
        start, end = dates
        domain = Domain(path, '>=', start) if start else Domain.TRUE
        return domain & Domain(path, '<=', end) if end else domain

    def _domain_of_times(self, path, dates):
        start, end = dates
        domain = Domain(path, '>=', self._midnight(start)) if start else Domain.TRUE
        if not end:
            return domain
        return domain & Domain(path, '<', self._midnight(end + relativedelta(days=1)))

    def _midnight(self, day):
        """Return when a day begins for the user, in UTC."""
        moment = self.env.tz.localize(datetime.combine(day, time.min))
        return moment.astimezone(UTC).replace(tzinfo=None)

    def _day_of(self, moment):
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self.env.tz.zone)

    def _unit_factor(self, query, line):
        """Return by what a quantity of a line is multiplied to be in the unit of the product."""
        product = query.left_join(line, 'product_id', 'product_product', 'id', 'product_id')
        template = query.left_join(
            product, 'product_tmpl_id', 'product_template', 'id', 'product_tmpl_id')
        own = query.left_join(line, 'product_uom_id', 'uom_uom', 'id', 'product_uom_id')
        base = query.left_join(template, 'uom_id', 'uom_uom', 'id', 'uom_id')
        return SQL(
            "COALESCE(%s, 1) / COALESCE(NULLIF(%s, 0), 1)",
            SQL.identifier(own, 'factor'), SQL.identifier(base, 'factor'))

    def _rate(self, company):
        """Return by what an amount of a company is multiplied to be in the currency shown.

        :param SQL company: the id of the company
        :rtype: SQL
        """
        target = self.currency_id
        foreign = self.env.companies.filtered(lambda company: company.currency_id != target)
        if not foreign:
            return SQL("1")
        rates = SQL(" ").join(
            SQL("WHEN %s THEN %s", other.id, other.currency_id._get_conversion_rate(
                other.currency_id, target, other))
            for other in foreign)
        return SQL("(CASE %s %s ELSE 1 END)", company, rates)

    def _may_see_margin(self):
        return self.env.su or self.env.user._margin_scope() == 'all'

    def _check_may_see_margin(self):
        if not self._may_see_margin():
            raise AccessError(self.env._(
                "%(audience)s asks for the margin of customers, which is for sales managers. "
                "Ask one of them, or leave that criterion out.",
                audience=self.audience_id.name or self.env._("The audience")))
