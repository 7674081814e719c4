from odoo import fields, models
from odoo.tools import SQL

from .crm_sales_dimensions import FACTS


class CrmSalesReport(models.Model):
    """What was sold by customer, product and day, up to this moment."""

    _name = 'crm.sales.report'
    _description = "Sales and Profit"
    _inherit = ['crm.sales.dimensions']
    _auto = False
    _order = 'date desc, id desc'
    _rec_name = 'product_id'
    _depends = {**FACTS, 'res.partner': ['user_id']}
    _sales_ratios = ('price_average:avg', 'margin_percent:avg')

    date = fields.Date(readonly=True)
    quantity = fields.Float(readonly=True, digits='Product Unit')
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    price_average = fields.Float(
        "Average Price", readonly=True, digits='Product Price', aggregator='avg')
    cost = fields.Monetary(
        readonly=True, groups='crm_sales_facts.group_margin',
        help="What the goods have cost when they were billed.")
    margin = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin')
    margin_percent = fields.Float(
        "Margin (%)", readonly=True, digits=(16, 1), aggregator='avg',
        groups='crm_sales_facts.group_margin')

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT *, amount / NULLIF(quantity, 0) AS price_average, amount - cost AS margin,
                   100 * (amount - cost) / NULLIF(amount, 0) AS margin_percent
            FROM (%s) AS fact
            """, self._facts_query())

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == 'price_average:avg':
            return self._ratio('amount', 'quantity', query)
        if aggregate_spec == 'margin_percent:avg':
            return self._ratio('margin', 'amount', query, 100)
        return super()._read_group_select(aggregate_spec, query)
