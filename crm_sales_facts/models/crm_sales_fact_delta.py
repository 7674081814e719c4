from odoo import fields, models

from .. import books


class CrmSalesFactDelta(models.Model):
    """By how much a fact has changed; appended only, so that nobody waits for anybody."""

    _name = 'crm.sales.fact.delta'
    _description = "Change of a Sales Fact"
    _order = 'id'
    _rec_name = 'product_id'
    _log_access = False

    partner_id = fields.Many2one(
        'res.partner', "Customer", readonly=True, index='btree_not_null', ondelete='cascade')
    product_id = fields.Many2one(
        'product.product', readonly=True, index='btree_not_null', ondelete='set null')
    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    date = fields.Date(required=True, readonly=True)
    quantity = fields.Float(digits=0, readonly=True, min_display_digits='Product Unit')
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    cost = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin_all')

    def init(self):
        self.env.cr.execute(books.appending())
