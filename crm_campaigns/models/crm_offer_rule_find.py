from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_offer import OPEN_STATES
from .crm_offer_rule import FIRST_PURCHASE


class CrmOfferRule(models.Model):
    """Who is offered something: one statement for each rule, which does nothing twice."""

    _inherit = 'crm.offer.rule'

    def _make_offers(self):
        """Make the offers that the rule asks for today and that were not made before.

        :return: the new offers
        :rtype: crm.offer
        """
        self.ensure_one()
        # sudo: crm.offer.rule - all customers of the company, whoever has it looked for
        rule = self.sudo().with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids)
        self.env.flush_all()
        today = fields.Date.context_today(rule)
        rows = self.env.execute_query(SQL(
            """
            INSERT INTO crm_offer (
                rule_id, kind, company_id, partner_id, evidence_product_id, evidence_date,
                evidence_partner_id, evidence_label, discount, state, date, date_end,
                amount_sales, amount_saving, create_uid, create_date, write_uid, write_date)
            SELECT %(rule)s, %(kind)s, %(company)s, found.partner_id, found.product_id, found.date,
                   found.other_id, %(label)s, %(discount)s, 'new', %(today)s, %(end)s,
                   0, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM (%(found)s) AS found
            WHERE found.partner_id IN (%(customers)s) AND %(without)s
              AND NOT EXISTS (
                SELECT FROM crm_offer made
                WHERE made.rule_id = %(rule)s AND made.partner_id = found.partner_id
                  AND made.state IN %(open)s)
            ORDER BY found.partner_id
            ON CONFLICT DO NOTHING
            RETURNING id
            """,
            rule=rule.id, kind=rule.kind, company=rule.company_id.id,
            label=rule._evidence_label() or None,
            discount=rule.discount, today=today, end=today + relativedelta(days=rule.valid_days),
            uid=self.env.uid, now=self.env.cr.now(), found=rule._found(today), open=OPEN_STATES,
            customers=rule._customers_query(), without=rule._without()))
        rule.run_on = today
        self.env['crm.offer'].invalidate_model()
        self.invalidate_recordset(['offer_ids', 'offer_count'])
        return self.env['crm.offer'].browse(row[0] for row in rows)

    def _found(self, today):
        """Return the query of whom it applies to, and of what is known of him.

        :param date today: the day for which it is asked
        :return: a query with `partner_id`, `product_id`, `date` and `other_id`
        :rtype: SQL
        """
        return {
            'bought': self._found_bought, 'date': self._found_date,
            'relation': self._found_relation, 'audience': self._found_audience,
        }[self.kind](today)

    def _found_bought(self, today):
        return SQL(
            """
            SELECT DISTINCT ON (partner_id) partner_id, product_id, date, NULL::integer AS other_id
            FROM (%s) AS bought ORDER BY partner_id, date DESC, product_id
            """, self._recent_purchases(today))

    def _found_relation(self, today):
        return SQL(
            """
            SELECT DISTINCT ON (other.commercial_partner_id) other.commercial_partner_id
                   AS partner_id, bought.product_id, bought.date, bought.partner_id AS other_id
            FROM (%(bought)s) AS bought
            JOIN res_partner buyer ON buyer.commercial_partner_id = bought.partner_id
            JOIN (
                SELECT partner_id, other_id, kind, company_id FROM crm_partner_relation
                UNION ALL SELECT other_id, partner_id, kind, company_id FROM crm_partner_relation
            ) AS relation ON relation.partner_id = buyer.id
            JOIN res_partner other ON other.id = relation.other_id
            WHERE other.commercial_partner_id != bought.partner_id
              AND %(kind)s AND COALESCE(relation.company_id, %(company)s) = %(company)s
              AND NOT EXISTS (
                SELECT FROM crm_offer made WHERE made.rule_id = %(rule)s
                AND made.partner_id = other.commercial_partner_id
                AND made.evidence_partner_id = bought.partner_id)
            ORDER BY other.commercial_partner_id, bought.date DESC, bought.product_id
            """,
            bought=self._recent_purchases(today), company=self.company_id.id, rule=self.id,
            kind=SQL("relation.kind = %s", self.relation_kind) if self.relation_kind
            else SQL("TRUE"))

    def _found_audience(self, _today):
        query = self.audience_id._query()
        return SQL(
            "SELECT id AS partner_id, NULL::integer AS product_id, NULL::date AS date,"
            " NULL::integer AS other_id FROM (%s) AS chosen",
            query.select(SQL.identifier(query.table, 'id')))

    def _found_date(self, today):
        """Return the query of whose day comes round within the next days."""
        return SQL(
            """
            SELECT partner_id, NULL::integer AS product_id, coming.date, NULL::integer AS other_id
            FROM (%(days)s) AS known
            CROSS JOIN LATERAL (
                SELECT (known.date + make_interval(
                    years => year - extract(year FROM known.date)::integer))::date AS date
                FROM generate_series(%(year)s, %(year)s + 1) AS year
            ) AS coming
            WHERE coming.date > known.date AND coming.date BETWEEN %(today)s AND %(until)s
            """,
            days=self._days_query(), year=today.year, today=today,
            until=today + relativedelta(days=self.days_before))

    def _days_query(self):
        if self.date_source == FIRST_PURCHASE:
            return SQL(
                "SELECT partner_id, min(date) AS date FROM (%s) AS bought GROUP BY partner_id",
                self._purchases(Domain('company_id', '=', self.company_id.id)))
        return SQL(
            "SELECT id AS partner_id, left(properties ->> %(name)s, 10)::date AS date"
            " FROM res_partner WHERE properties ->> %(name)s ~ '^\\d{4}-\\d{2}-\\d{2}'",
            name=self.date_source)

    def _recent_purchases(self, today):
        last = today - relativedelta(months=self.months)
        return self._purchases(
            self._products_domain(self.product_ids, self.category_ids)
            & Domain('company_id', '=', self.company_id.id)
            & Domain('date', '>=', last - relativedelta(days=self.window_days))
            & Domain('date', '<=', last))

    def _purchases(self, domain):
        """Return the query of what was bought by customer, product and day.

        What was credited in full on the same day was not bought.

        :param Domain domain: of sales facts
        :rtype: SQL
        """
        queries = [
            self.env[model]._search(domain)
            for model in ('crm.sales.fact', 'crm.sales.fact.delta')]
        names = ('partner_id', 'product_id', 'date', 'quantity', 'amount')
        return SQL(
            """
            SELECT partner_id, product_id, date FROM (%s) AS sold
            GROUP BY partner_id, product_id, date
            HAVING sum(amount) > 0 OR sum(amount) = 0 AND sum(quantity) > 0
            """,
            SQL(" UNION ALL ").join(
                query.select(*(SQL.identifier(query.table, name) for name in names))
                for query in queries))

    def _products_domain(self, products, categories):
        found = self.env['product.product'].with_context(active_test=False)._search(
            Domain('id', 'in', products.ids) | Domain('categ_id', 'child_of', categories.ids))
        return Domain('product_id', 'in', found)

    def _without(self):
        """Return the condition that a customer has never bought what he is not to have."""
        if not (self.without_product_ids or self.without_category_ids):
            return SQL("TRUE")
        had = self._purchases(
            self._products_domain(self.without_product_ids, self.without_category_ids)
            & Domain('company_id', '=', self.company_id.id))
        return SQL(
            "found.partner_id NOT IN (SELECT partner_id FROM (%s) AS had"
            " WHERE partner_id IS NOT NULL)", had)

    def _customers_query(self):
        """Return the query of the customers to whom something may be offered."""
        audience = self.audience_id
        query = audience._query() if audience else audience._universe()
        query.order = None
        return query.select(SQL.identifier(query.table, 'id'))

    def _evidence_label(self):
        """Return how the day, or the audience, is called."""
        if self.kind == 'date':
            return dict(self._selection_date_source()).get(self.date_source)
        return self.audience_id.name if self.kind == 'audience' else ''
