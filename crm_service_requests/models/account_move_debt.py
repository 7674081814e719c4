from odoo import models


class AccountMove(models.Model):
    """What is paid of a bill moves the requests about it."""

    _inherit = 'account.move'

    def _debts_changed(self):
        """Tell the requests about these bills that payments came or went."""
        # sudo: crm.request - whoever enters a payment moves the requests that wait for it
        requests_sudo = self.env['crm.request'].sudo().search(
            [('debt_invoice_ids', 'in', self.ids)])
        requests_sudo._follow_debts()
