from odoo import fields, models


class SaleOrder(models.Model):
    """An order knows which request it answers."""

    _inherit = 'sale.order'

    crm_request_id = fields.Many2one(
        'crm.request', "Request", copy=False, index='btree_not_null', check_company=True,
        help="The request of the customer that this order answers.")
