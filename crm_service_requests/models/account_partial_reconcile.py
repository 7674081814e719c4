from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = 'account.partial.reconcile'

    def unlink(self):
        # A payment may be taken back: a debit that bounced.
        bills = self.debit_move_id.move_id
        result = super().unlink()
        if bills:
            # Odoo takes back nothing with every line that it writes.
            bills._debts_changed()
        return result
