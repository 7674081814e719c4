from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    customer_cap = fields.Integer(related='company_id.customer_cap', readonly=False)
    customer_cooling_days = fields.Integer(
        related='company_id.customer_cooling_days', readonly=False)
