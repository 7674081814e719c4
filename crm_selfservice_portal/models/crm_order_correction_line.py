from odoo import fields, models


class CrmOrderCorrectionLine(models.Model):
    """How one line of an order is corrected."""

    _name = 'crm.order.correction.line'
    _description = "Line of an Order Correction"
    _order = 'correction_id, id'

    correction_id = fields.Many2one(
        'crm.order.correction', required=True, readonly=True, index=True, ondelete='cascade')
    order_line_id = fields.Many2one(
        'sale.order.line', readonly=True, index='btree_not_null', ondelete='set null')
    name = fields.Char("Product", required=True, readonly=True)
    quantity_from = fields.Float("Quantity Before", digits='Product Unit', readonly=True)
    quantity_to = fields.Float("Wanted Quantity", digits='Product Unit', readonly=True)
    uom_id = fields.Many2one('uom.uom', "Unit", readonly=True, ondelete='restrict')
    currency_id = fields.Many2one(related='correction_id.currency_id')
    amount_from = fields.Monetary("Amount Before", readonly=True)
    amount_to = fields.Monetary("Amount After", readonly=True)
