from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from .. import books


class CrmSalesMonth(models.Model):
    """What a customer bought in a company in a month: the sums of the facts, kept beside them."""

    _name = 'crm.sales.month'
    _description = "Sales of a Month"
    _inherit = ['crm.sales.sums']
    _order = 'date desc, id desc'
    _sums_keys = books.MONTH_KEYS

    date = fields.Date("First Day", required=True, readonly=True)

    # For one customer, and for a period: both without touching the table.
    _partner_date_idx = models.Index(
        "(partner_id, date) INCLUDE"
        " (company_id, quantity, amount, cost, fact_count, date_first, date_last)")
    _date_idx = models.Index(
        "(date) INCLUDE"
        " (partner_id, company_id, quantity, amount, cost, fact_count, date_first, date_last)")

    def init(self):
        # Where there were facts before there were months.
        if table_exists(self.env.cr, 'crm_sales_fact'):
            self._rebuild()

    def _source(self):
        return SQL.identifier('crm_sales_fact')

    def _summed(self, source):
        return SQL(
            """
            SELECT fact.partner_id, fact.company_id, date_trunc('month', fact.date)::date AS date,
                   sum(fact.quantity) AS quantity, sum(fact.amount) AS amount,
                   sum(fact.cost) AS cost, count(*) AS fact_count,
                   min(fact.date) FILTER (WHERE %(bought)s) AS date_first,
                   max(fact.date) FILTER (WHERE %(bought)s) AS date_last
            FROM %(source)s GROUP BY 1, 2, 3
            """, bought=books.BOUGHT, source=source)

    def _of_key(self, of_customer):
        return SQL(
            "%s AND fact.date >= key.date AND fact.date < key.date + interval '1 month'",
            super()._of_key(of_customer))
