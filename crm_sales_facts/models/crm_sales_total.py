from odoo import models
from odoo.tools import SQL
from odoo.tools.sql import table_exists


class CrmSalesTotal(models.Model):
    """What a customer bought in a company altogether: the sums of his months."""

    _name = 'crm.sales.total'
    _description = "Sales Altogether"
    _inherit = ['crm.sales.sums']
    _order = 'date_last desc, id desc'

    _partner_idx = models.Index(
        "(partner_id) INCLUDE"
        " (company_id, quantity, amount, cost, fact_count, date_first, date_last)")

    def init(self):
        # Where there were months before there were totals.
        if table_exists(self.env.cr, 'crm_sales_month'):
            self._rebuild()

    def _source(self):
        return SQL.identifier('crm_sales_month')

    def _summed(self, source):
        return SQL(
            """
            SELECT fact.partner_id, fact.company_id, sum(fact.quantity) AS quantity,
                   sum(fact.amount) AS amount, sum(fact.cost) AS cost,
                   sum(fact.fact_count) AS fact_count, min(fact.date_first) AS date_first,
                   max(fact.date_last) AS date_last
            FROM %s GROUP BY 1, 2
            """, source)
