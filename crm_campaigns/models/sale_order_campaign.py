from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = 'sale.order'

    campaign_code = fields.Char(
        index='btree_not_null', copy=False,
        help="The code of the campaign that the customer named when he ordered.")
