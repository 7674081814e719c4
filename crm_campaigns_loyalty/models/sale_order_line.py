from odoo import fields, models


class SaleOrderLine(models.Model):
    """Campaigns look for the lines of their promotions."""

    _inherit = 'sale.order.line'

    reward_id = fields.Many2one(index='btree_not_null')
