from odoo import fields, models


class AccountMove(models.Model):
    _inherit = 'account.move'

    personal_manager_id = fields.Many2one(related='commercial_partner_id.personal_manager_id')
