from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from .. import books

# What the queries of the books read.
READ = {
    'account.move': ['state', 'move_type', 'partner_id', 'invoice_date', 'date', 'company_id',
                     'reversed_entry_id'],
    'account.move.line': ['move_id', 'company_id', 'display_type', 'product_id', 'product_uom_id',
                          'quantity', 'balance', 'price_unit', 'unit_cost', 'sale_line_ids'],
    'sale.order': ['currency_rate'],
    'sale.order.line': ['purchase_price', 'product_id', 'product_uom_id'],
    'product.product': ['standard_price', 'product_tmpl_id'],
    'product.template': ['uom_id'],
    'res.company': ['currency_id'],
    'res.currency': ['decimal_places'],
    'res.partner': ['commercial_partner_id'],
    'uom.uom': ['factor'],
}


class CrmSalesFact(models.Model):
    """What a customer bought of a product in a company on a day; see also the deltas."""

    _name = 'crm.sales.fact'
    _description = "Sales Fact"
    _order = 'date desc, id desc'
    _rec_name = 'product_id'
    _log_access = False

    partner_id = fields.Many2one('res.partner', "Customer", readonly=True, ondelete='cascade')
    # What is left of a deleted product is sums of nothing; they are still in the months.
    product_id = fields.Many2one('product.product', readonly=True, ondelete='set null')
    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    date = fields.Date(required=True, readonly=True)
    quantity = fields.Float(
        digits=0, readonly=True, min_display_digits='Product Unit',
        help="In the unit of the product.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    cost = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin_all')

    # For one customer, for a period and for one product: each without touching the table.
    _partner_date_idx = models.Index(
        "(partner_id, date) INCLUDE (company_id, product_id, quantity, amount, cost)")
    _date_idx = models.Index(
        "(date) INCLUDE (partner_id, company_id, product_id, quantity, amount, cost)")
    _product_date_idx = models.Index(
        "(product_id, date) INCLUDE (partner_id, company_id, quantity, amount, cost)"
        " WHERE product_id IS NOT NULL")

    @api.model
    def _append(self, query):
        """Append changes to the deltas.

        :param SQL query: gives the columns of a fact
        """
        self.env.cr.execute(SQL(
            "INSERT INTO crm_sales_fact_delta (%s) %s", books.columns(), query))

    @api.model
    @contextmanager
    def _kept(self, scope):
        """Keep the facts true while something changes what the books say of old bills.

        :param SQL scope: see `books.booked`
        """
        self._flush_books()
        self._append(books.booked(scope, sign=-1))
        yield
        self._flush_books()
        self._append(books.booked(scope))

    @api.model
    def _flush_books(self):
        for model, names in READ.items():
            self.env[model].flush_model(names)
