from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    campaign_id = fields.Many2one(
        'utm.campaign', index='btree_not_null', ondelete='set null', copy=False,
        help="The campaign that the line of a vendor bill is a cost of.")
