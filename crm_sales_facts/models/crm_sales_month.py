from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from .. import books

COLUMNS = books.columns(books.MONTH_KEYS + books.MONTH_MEASURES)


class CrmSalesMonth(models.Model):
    """What a customer bought in a company in a month: the sums of the facts, kept beside them."""

    _name = 'crm.sales.month'
    _description = "Sales of a Month"
    _order = 'date desc, id desc'
    _rec_name = 'partner_id'
    _log_access = False

    partner_id = fields.Many2one('res.partner', "Customer", readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    date = fields.Date("First Day", required=True, readonly=True)
    quantity = fields.Float(digits=0, readonly=True, min_display_digits='Product Unit')
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    cost = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin_all')
    fact_count = fields.Integer("Facts", readonly=True)

    # For one customer, and for a period: both without touching the table.
    _partner_date_idx = models.Index(
        "(partner_id, date) INCLUDE (company_id, quantity, amount, cost, fact_count)")
    _date_idx = models.Index(
        "(date) INCLUDE (partner_id, company_id, quantity, amount, cost, fact_count)")

    def init(self):
        # Where there were facts before there were months.
        if table_exists(self.env.cr, 'crm_sales_fact'):
            self._rebuild()

    @api.model
    def _rebuild(self):
        """Make the months say what the facts say; only what differs is written."""
        self._insert(self._differences_query())

    @api.model
    def _insert(self, query):
        self.env.cr.execute(SQL("INSERT INTO crm_sales_month (%s) %s", COLUMNS, query))
        self.invalidate_model()

    @api.model
    def _differences(self, limit=None):
        """Return where the months and the facts do not say the same.

        :param int limit: so many at most
        :return: one dict per customer, company and month, with how much the month lacks
        :rtype: list[dict]
        """
        return self.env.execute_query_dict(SQL(
            "%s %s", self._differences_query(), SQL("LIMIT %s", limit) if limit else SQL()))

    def _differences_query(self):
        return SQL(
            """
            SELECT %(columns)s FROM (%(months)s) AS compared
            WHERE quantity != 0 OR amount != 0 OR cost != 0 OR fact_count != 0
            """,
            columns=COLUMNS, months=books.monthly(SQL(
                """
                %(facts)s
                UNION ALL
                SELECT %(keys)s, -quantity, -amount, -cost, -fact_count FROM crm_sales_month
                """, facts=books.FACTS, keys=books.columns(books.MONTH_KEYS))))
