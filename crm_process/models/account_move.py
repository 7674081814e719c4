from odoo import api, models
from odoo.tools import SQL


class AccountMove(models.Model):
    """Bills are timed."""

    _name = 'account.move'
    _inherit = ['account.move', 'crm.process.mixin']

    @api.model
    def _process_value_sql(self, alias):
        return SQL("%s.amount_untaxed_signed", alias)
