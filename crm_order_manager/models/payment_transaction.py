from odoo import models


class PaymentTransaction(models.Model):
    _inherit = 'payment.transaction'

    def _amount_not_used(self):
        """Return what the transaction brought that no bill has used yet.

        An authorised or done transaction brings its amount, a refund takes it back. As soon as
        there is a payment, what of it is reconciled counts with the bill it went to.

        :return: amount in the currency of the transaction, negative for a refund
        :rtype: float
        """
        self.ensure_one()
        if self.state not in ('authorized', 'done') or self.operation == 'validation':
            return 0.0
        payment = self.payment_id
        if not payment:
            settled = self.child_transaction_ids.filtered(
                lambda child: child.operation != 'refund' and child.state in ('done', 'cancel'))
            return self.amount - sum(settled.mapped('amount'))
        return payment._amount_not_used()
