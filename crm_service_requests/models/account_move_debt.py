from odoo import fields, models


class AccountMove(models.Model):
    """What is paid of a bill moves the requests about it."""

    _inherit = 'account.move'

    # By it Odoo finds the requests of all bills of a batch at once.
    debt_request_ids = fields.Many2many(
        'crm.request', 'crm_request_debt_move_rel', string="Debt Requests", readonly=True,
        copy=False, groups=fields.NO_ACCESS)

    def _debts_changed(self):
        """Tell the requests about these bills that payments came or went."""
        # sudo: crm.request - whoever enters a payment moves the requests that wait for it
        self.sudo().debt_request_ids._follow_debts()
