from odoo import models


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _money_by_day(self):
        """Return when money came in for a bill, or went back for a credit note.

        What bills and credit notes settle among each other is no money.

        :return: pairs of day and amount in the currency of the bill, above 0 also for credit notes
        :rtype: list[tuple]
        """
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.display_type == 'payment_term'
        ).with_prefetch(self.line_ids._prefetch_ids)
        settled = [
            (part.credit_move_id, part.debit_amount_currency) for part in lines.matched_credit_ids
        ] if self.move_type == 'out_invoice' else [
            (part.debit_move_id, part.credit_amount_currency) for part in lines.matched_debit_ids
        ]
        return [
            (line.date, amount) for line, amount in settled
            if line.move_id.move_type not in ('out_invoice', 'out_refund')
        ] + self._registered_by_day()

    def _registered_by_day(self):
        """Return the payments that have no journal entry, as far as the bank has not brought them.

        :rtype: list[tuple]
        """
        registered = self.matched_payment_ids.filtered(
            lambda payment: not payment.move_id and payment.state in ('in_process', 'paid'))
        from_bank = self._amount_from_bank() if registered else 0.0
        days = []
        for payment in registered.sorted(lambda payment: (payment.date, payment.id)):
            used = payment._used_on_bill(self)
            known = min(used, from_bank)
            from_bank -= known
            days.append((payment.date, used - known))
        return days
