from odoo import models


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _amount_not_paid(self):
        """Return what is not paid of a bill, or not paid back of a credit note.

        It is what is open, less payments without a journal entry: where a payment method has no
        outstanding account, a registered payment leaves the bill open until the bank statement
        comes. What the bank statement has brought already is not taken off twice.

        :return: amount in the currency of the bill, never below 0
        :rtype: float
        """
        self.ensure_one()
        registered = sum(
            payment._used_on_bill(self) for payment in self.matched_payment_ids
            if not payment.move_id and payment.state in ('in_process', 'paid'))
        if not registered:
            return self.amount_residual
        return max(self.amount_residual - max(registered - self._amount_from_bank(), 0.0), 0.0)

    def _amount_from_bank(self):
        """Return what was reconciled with lines of bank statements, in the currency of the bill."""
        lines = self.line_ids.filtered(lambda line: line.display_type == 'payment_term')
        credits = lines.matched_credit_ids.filtered('credit_move_id.move_id.statement_line_id')
        debits = lines.matched_debit_ids.filtered('debit_move_id.move_id.statement_line_id')
        return sum(credits.mapped('debit_amount_currency')) + sum(
            debits.mapped('credit_amount_currency')
        )
