from odoo import models


class AccountMove(models.Model):
    """Bills are timed."""

    _name = 'account.move'
    _inherit = ['account.move', 'crm.process.mixin']

    def _process_values(self):
        return {move.id: move.amount_untaxed_signed for move in self}
