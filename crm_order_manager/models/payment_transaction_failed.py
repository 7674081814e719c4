from markupsafe import Markup

from odoo import SUPERUSER_ID, models


class PaymentTransaction(models.Model):
    """Tell who is responsible when a customer could not pay."""

    _inherit = 'payment.transaction'

    def _set_canceled(self, state_message=None, extra_allowed_states=()):
        transactions = super()._set_canceled(state_message, extra_allowed_states)
        transactions._warn_of_failed_payment()
        return transactions

    def _set_error(self, state_message, extra_allowed_states=()):
        transactions = super()._set_error(state_message, extra_allowed_states)
        transactions._warn_of_failed_payment()
        return transactions

    def _is_payment_attempt(self):
        """Tell whether the customer meant to pay by it; not what the company does to it later."""
        return (
            self.state != 'draft' and self.operation not in ('refund', 'validation')
            and not self.source_transaction_id and not self.child_transaction_ids
        )

    def _paid_orders(self):
        """Return the orders that the customer meant to pay, whole or in part.

        :rtype: sale.order
        """
        self.ensure_one()
        return self.sale_order_ids | self.invoice_ids.line_ids.sale_line_ids.order_id

    def _failure_in_words(self):
        """Return what the provider says about a failed payment, or that it says nothing."""
        self.ensure_one()
        if self.state_message:
            return Markup(self.state_message).striptags()
        if self.state == 'cancel':
            return self.env._("The customer or %s cancelled the payment.", self.provider_id.name)
        return self.env._("%s gave no reason.", self.provider_id.name)

    def _warn_of_failed_payment(self):
        """Plan an activity on the orders whose sales team wants to know of failed payments."""
        # What a provider reports is nobody's doing.
        for transaction in self.with_user(SUPERUSER_ID).filtered(
                lambda transaction: transaction._is_payment_attempt()):
            for order in transaction._paid_orders().filtered('team_id.warn_failed_payment'):
                order._warn_of_failed_payment(transaction)
