from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    correction_mode = fields.Selection(
        related='company_id.correction_mode', readonly=False, required=True)
    correction_hours = fields.Integer(related='company_id.correction_hours', readonly=False)
    correction_quantity = fields.Boolean(related='company_id.correction_quantity', readonly=False)
    correction_removal = fields.Boolean(related='company_id.correction_removal', readonly=False)
    correction_address = fields.Boolean(related='company_id.correction_address', readonly=False)
    correction_date = fields.Boolean(related='company_id.correction_date', readonly=False)
    correction_cancel = fields.Boolean(related='company_id.correction_cancel', readonly=False)
