from odoo import fields, models


class AccountMove(models.Model):
    """A bill or credit note knows which request it answers."""

    _inherit = 'account.move'

    crm_request_id = fields.Many2one(
        'crm.request', "Request", copy=False, index='btree_not_null', check_company=True,
        help="The request of the customer that this document answers.")
