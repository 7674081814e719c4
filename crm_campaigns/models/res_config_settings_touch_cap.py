from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    touch_cap = fields.Integer(related='company_id.touch_cap', readonly=False)
    touch_cap_days = fields.Integer(related='company_id.touch_cap_days', readonly=False)
