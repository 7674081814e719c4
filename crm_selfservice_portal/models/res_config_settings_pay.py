from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    pay_part_amounts = fields.Boolean(related='company_id.pay_part_amounts', readonly=False)
    payment_rest_user_id = fields.Many2one(
        related='company_id.payment_rest_user_id', readonly=False)
