from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    late_notice = fields.Boolean(related='company_id.late_notice', readonly=False)
    late_notice_hours = fields.Integer(related='company_id.late_notice_hours', readonly=False)
