from odoo import api, fields, models


class CrmCall(models.Model):
    """Which campaign brought the order a call is about."""

    _inherit = 'crm.call'

    order_id = fields.Many2one(
        'sale.order', "Sales Order", compute='_compute_order_id', store=True,
        index='btree_not_null', ondelete='set null')
    campaign_id = fields.Many2one(
        related='order_id.campaign_id', store=True, index='btree_not_null', ondelete='set null',
        help="The campaign that brought the order the call is about.")

    @api.depends('res_model', 'res_id')
    def _compute_order_id(self):
        for call in self:
            call.order_id = call.res_model == 'sale.order' and call.res_id
