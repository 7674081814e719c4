from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    call_calendar_id = fields.Many2one(
        related='company_id.call_calendar_id', readonly=False)
