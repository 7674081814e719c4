from odoo import fields, models
from odoo.tools import SQL

from .crm_sales_dimensions import FACTS


class CrmSalesProduct(models.Model):
    """What a customer buys: since when, how much, at what price, how often and when next."""

    _name = 'crm.sales.product'
    _description = "Products of a Customer"
    _inherit = ['crm.sales.dimensions']
    _auto = False
    _order = 'amount desc, id'
    _rec_name = 'product_id'
    _depends = {**FACTS, 'res.partner': ['user_id']}

    date_first = fields.Date("First Bought", readonly=True)
    date_last = fields.Date("Last Bought", readonly=True)
    day_count = fields.Integer("Times", readonly=True, help="Days with a bill.")
    rhythm = fields.Integer(
        "Every … Days", readonly=True, aggregator='avg',
        help="Days from one purchase to the next, on average.")
    date_next = fields.Date(
        "Expected", readonly=True, help="The last purchase and one time the rhythm.")
    quantity = fields.Float(readonly=True, digits='Product Unit')
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    price_average = fields.Float(
        "Average Price", readonly=True, digits='Product Price', aggregator='avg')
    price_first = fields.Float(readonly=True, digits='Product Price', aggregator=None)
    price_last = fields.Float(readonly=True, digits='Product Price', aggregator=None)
    margin = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin')

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT *, date_last + rhythm AS date_next FROM (
                SELECT min(id) AS id, partner_id, product_id, company_id,
                       min(date) FILTER (WHERE quantity > 0) AS date_first,
                       max(date) FILTER (WHERE quantity > 0) AS date_last,
                       count(*) FILTER (WHERE quantity > 0) AS day_count,
                       round((max(date) FILTER (WHERE quantity > 0)
                              - min(date) FILTER (WHERE quantity > 0))::numeric
                             / NULLIF(count(*) FILTER (WHERE quantity > 0) - 1, 0))::int AS rhythm,
                       sum(quantity) AS quantity, sum(amount) AS amount,
                       sum(amount) / NULLIF(sum(quantity), 0) AS price_average,
                       (array_agg(amount / quantity ORDER BY date)
                            FILTER (WHERE quantity > 0))[1] AS price_first,
                       (array_agg(amount / quantity ORDER BY date DESC)
                            FILTER (WHERE quantity > 0))[1] AS price_last,
                       sum(margin) AS margin
                FROM (
                    SELECT min(id) AS id, partner_id, product_id, company_id, date,
                           sum(quantity) AS quantity, sum(amount) AS amount,
                           sum(amount - cost) AS margin
                    FROM (%s) AS fact WHERE product_id IS NOT NULL
                    GROUP BY partner_id, product_id, company_id, date
                    HAVING sum(quantity) != 0 OR sum(amount) != 0
                ) AS day
                GROUP BY partner_id, product_id, company_id
            ) AS bought
            """, self._facts_query())

    def _months_divided(self, domain, specs):
        # A month knows no products.
        return None

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == 'price_average:avg':
            return self._ratio('amount', 'quantity', query)
        return super()._read_group_select(aggregate_spec, query)

    def action_prices(self):
        """Open every price the customer has paid for the product."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_sales_facts.crm_sales_price_action')
        name = self.env._(
            "%(product)s for %(customer)s", product=self.product_id.display_name,
            customer=self.partner_id.display_name)
        return {
            **action,
            'name': name,
            'display_name': name,
            'domain': [('partner_id', '=', self.partner_id.id),
                       ('product_id', '=', self.product_id.id), ('kind', '=', 'sale')],
        }
