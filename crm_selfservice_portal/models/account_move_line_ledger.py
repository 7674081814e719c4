from odoo import models


class AccountMoveLine(models.Model):
    """What a customer owes is found without reading what he bought."""

    _inherit = 'account.move.line'

    _receivable_idx = models.Index("(partner_id, account_id) WHERE parent_state = 'posted'")
