from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from .. import books

FACTS = {'crm.sales.fact': books.KEYS + books.MEASURES,
         'crm.sales.fact.delta': books.KEYS + books.MEASURES}


class CrmSalesDimensions(models.AbstractModel):
    """By what sales are told apart, and who may see which part of them."""

    _name = 'crm.sales.dimensions'
    _description = "Dimensions of Sales"

    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    product_id = fields.Many2one('product.product', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    category_id = fields.Many2one(related='product_id.categ_id', string="Product Category")
    family_id = fields.Many2one(
        related='partner_id.family_id', string="Group of Companies",
        help="The company above all companies the customer belongs to, or else the customer.")
    tag_ids = fields.Many2many(related='partner_id.category_id', string="Tags")
    industry_id = fields.Many2one(related='partner_id.industry_id')
    country_id = fields.Many2one(related='partner_id.country_id')
    state_id = fields.Many2one(related='partner_id.state_id', string="Region")
    user_id = fields.Many2one(related='partner_id.user_id')
    team_id = fields.Many2one(related='partner_id.user_id.sale_team_id', string="Sales Team")

    def _facts_query(self):
        """Return the query of all facts, those that are not folded yet included.

        The cost is only in it where the user may see it. Where months are enough for what is asked
        for, they stand for their facts, but for those of the months that are divided.

        :rtype: SQL
        """
        divided = self._months_in_use()
        if divided is None:
            return SQL(" UNION ALL ").join([
                self._rows_of('crm_sales_fact', 0), self._rows_of('crm_sales_fact_delta', 1)])
        return SQL(" UNION ALL ").join([
            SQL("%s WHERE fact.date != ALL(%s::date[])", self._rows_of('crm_sales_month', 0),
                divided),
            *(SQL("%s WHERE fact.date >= %s AND fact.date < %s",
                  self._rows_of('crm_sales_fact', 1), month, month + relativedelta(months=1))
              for month in divided),
            self._rows_of('crm_sales_fact_delta', 1)])

    def _rows_of(self, table, kind):
        """Return the query of all that is in a table of facts, deltas or months.

        :param str table: its name
        :param int kind: 0 or 1, so that no two rows have the same id
        :rtype: SQL
        """
        of_months = table == 'crm_sales_month'
        return SQL(
            "SELECT fact.id::bigint * 2 + %(kind)s AS id, %(columns)s, %(product)s AS product_id,"
            " %(cost)s AS cost, %(count)s AS fact_count FROM %(table)s AS fact",
            kind=kind, columns=books.columns(books.MONTH_KEYS + ('quantity', 'amount')),
            product=SQL("NULL::int") if of_months else SQL("fact.product_id"),
            cost=self._visible_cost(), count=SQL("fact.fact_count") if of_months else SQL("1"),
            table=SQL.identifier(table))

    def _visible_cost(self):
        """Return the cost of a `fact`, or nothing where the user may not see it.

        :rtype: SQL
        """
        scope = 'all' if self.env.su else self.env.user._margin_scope()
        if scope == 'all':
            return SQL("fact.cost")
        if not scope:
            return SQL("NULL::numeric")
        return SQL(
            "CASE WHEN fact.partner_id IN (SELECT id FROM res_partner WHERE user_id = %s)"
            " THEN fact.cost END", self.env.uid)

    def _ratio(self, part, whole, query, factor=1):
        """Return the sum of a field per sum of another one.

        :param str part: name of a field
        :param str whole: name of a field
        :param Query query: what is grouped
        :rtype: SQL
        """
        return SQL(
            "%s * SUM(%s) / NULLIF(SUM(%s), 0)", factor,
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query))
