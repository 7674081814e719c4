from odoo import SUPERUSER_ID, models
from odoo.fields import Domain


class PaymentTransaction(models.Model):
    """A payment that fails makes a request; one that succeeds ends it."""

    _inherit = 'payment.transaction'

    def _warn_of_failed_payment(self):
        super()._warn_of_failed_payment()
        # What a provider reports is nobody's doing.
        for transaction in self.with_user(SUPERUSER_ID).filtered(
                lambda transaction: transaction._is_payment_attempt()):
            for document in transaction.sale_order_ids or transaction.invoice_ids:
                transaction.env['crm.request']._report_failed_payment(document, transaction)

    def _set_done(self, **kwargs):
        transactions = super()._set_done(**kwargs)
        transactions._end_failed_payments()
        return transactions

    def _end_failed_payments(self):
        """Close what was reported of earlier attempts to pay the same."""
        # sudo: crm.request - a customer who pays ends what a supervisor worked on
        transactions_sudo = self.sudo()
        requests_sudo = transactions_sudo.env['crm.request']
        requests_sudo.search(requests_sudo._pending_domain() & (
            Domain('failed_order_id', 'in', transactions_sudo.sale_order_ids.ids)
            | Domain('failed_bill_id', 'in', transactions_sudo.invoice_ids.ids)))._close_paid()
