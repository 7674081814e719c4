from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    lend_when_absent = fields.Boolean(related='company_id.lend_when_absent', readonly=False)
