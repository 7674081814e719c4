from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.payment import utils as payment_utils

# So long somebody is taken to be still at the provider's page.
MINUTES_AT_PROVIDER = 15


class PaymentTransaction(models.Model):
    """A transaction pays what the customer has chosen, and nothing else."""

    _inherit = 'payment.transaction'

    choice_ids = fields.One2many(
        'crm.payment.choice', 'transaction_id', "Chosen Payments", readonly=True)

    def action_money_received(self):
        """Confirm that the money of wire transfers has come, and settle what it is for.

        :raise UserError: when one of them does not wait for money
        """
        payment_utils.check_rights_on_recordset(self)
        # sudo: payment.transaction - who keeps the books may say that money has come
        transactions_sudo = self.sudo()
        for transaction_sudo in transactions_sudo:
            if transaction_sudo.state != 'pending' or transaction_sudo.provider_code != 'custom':
                raise UserError(self.env._(
                    "%(transaction)s does not wait for a wire transfer. Reload the page to see "
                    "how it stands.", transaction=transaction_sudo.reference))
        transactions_sudo._set_done()
        transactions_sudo._post_process()

    def _underway_domain(self):
        """Return the transactions whose money may be on its way and is not in the books.

        :rtype: Domain
        """
        started = fields.Datetime.subtract(fields.Datetime.now(), minutes=MINUTES_AT_PROVIDER)
        return Domain('operation', 'not in', ['refund', 'validation']) & (
            Domain('state', 'in', ['pending', 'authorized'])
            | Domain('state', '=', 'draft') & Domain('create_date', '>', started)
            | Domain('state', '=', 'done') & Domain('payment_id', '=', False)
            & Domain('is_post_processed', '=', False))

    def _post_process(self):
        # What was taken back or cancelled since is not posted again by being paid.
        for transaction in self.filtered('choice_ids'):
            transaction.invoice_ids = transaction.invoice_ids.filtered(
                lambda bill: bill.state == 'posted')
        super()._post_process()
        for transaction in self.filtered(lambda found: found.state == 'cancel'):
            (transaction.choice_ids.payment_id - transaction.payment_id).action_cancel()

    def _create_payment(self, **extra_create_values):
        self.ensure_one()
        if not self.choice_ids:
            return super()._create_payment(**{
                'payment_method_line_id': self._payment_method_line().id, **extra_create_values})
        self.payment_id = self.choice_ids._settle()[:1]
        return self.payment_id

    def _payment_method_line(self):
        """Return by which method of its journal the money of the provider comes in.

        A wire transfer has none of its own: it comes in as whatever the journal takes first.

        :rtype: account.payment.method.line
        """
        lines = self.provider_id.journal_id.inbound_payment_method_line_ids
        return lines.filtered(
            lambda line: line.payment_provider_id == self.provider_id) or lines.filtered(
            lambda line: not line.payment_provider_id)[:1]

    def _amount_not_used(self):
        # What is chosen counts for its bill or order, see `sale.order._amount_brought`.
        return 0.0 if self.choice_ids else super()._amount_not_used()

    def _paid_orders(self):
        return super()._paid_orders() | self.choice_ids.order_id

    def _log_message_on_linked_documents(self, message):
        super()._log_message_on_linked_documents(message)
        for order in self.choice_ids.order_id:
            order.message_post(body=message, author_id=self.partner_id.id)

    def _get_communication(self):
        # The name of one of several bills would say too little.
        return self.reference if len(self.choice_ids) > 1 else super()._get_communication()
