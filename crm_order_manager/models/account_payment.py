from odoo import models


class AccountPayment(models.Model):
    _inherit = 'account.payment'

    def _amount_not_used(self):
        """Return what of a payment no bill has used yet.

        :return: amount in the currency of the payment, negative for money that was paid back
        :rtype: float
        """
        self.ensure_one()
        if self.state in ('draft', 'canceled', 'rejected'):
            return 0.0
        if not self.move_id:
            sign = 1 if self.payment_type == 'inbound' else -1
            used = sum(self._used_on_bill(bill) for bill in self.invoice_ids)
            return sign * (self.amount - used)
        lines = self.move_id.line_ids.filtered(
            lambda line: line.account_id == self.destination_account_id)
        return -sum(lines.mapped('amount_residual_currency'))

    def _used_on_bill(self, bill):
        """Return how much of a payment without journal entry goes to `bill`, the oldest first.

        :param bill: one of the bills the payment is for, an `account.move`
        :return: amount in the currency of the bill
        :rtype: float
        """
        self.ensure_one()
        left = self.amount
        for candidate in self.invoice_ids.filtered(lambda move: move.state == 'posted').sorted(
                lambda move: (move.invoice_date_due or move.date, move.id)):
            rate_date = candidate.invoice_date or candidate.date
            wanted = candidate.currency_id._convert(
                candidate.amount_residual, self.currency_id, self.company_id, rate_date, round=False
            )
            used = min(wanted, left)
            if candidate == bill:
                return self.currency_id._convert(
                    used, bill.currency_id, self.company_id, rate_date, round=False)
            left -= used
        return 0.0
