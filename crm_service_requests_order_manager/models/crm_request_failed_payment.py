from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import mute_logger

SUPERVISOR = 'crm_roles.group_service_supervisor'


class CrmRequest(models.Model):
    """A payment that failed is a request for a supervisor, until the money is there."""

    _inherit = 'crm.request'

    failed_order_id = fields.Many2one(
        'sale.order', "Order to Pay", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null')
    failed_bill_id = fields.Many2one(
        'account.move', "Bill to Pay", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null')

    _failed_order_uniq = models.UniqueIndex(
        """(failed_order_id)
            WHERE failed_order_id IS NOT NULL AND state IN ('new', 'open', 'waiting')""",
        "There is a pending request about the payment of this order. Go on there.")
    _failed_bill_uniq = models.UniqueIndex(
        """(failed_bill_id)
            WHERE failed_bill_id IS NOT NULL AND state IN ('new', 'open', 'waiting')""",
        "There is a pending request about the payment of this bill. Go on there.")

    @api.model
    def _report_failed_payment(self, document, transaction):
        """Make a request about a payment that failed, or note it on the pending one.

        :param document: the order or bill that was to be paid
        :param transaction: the `payment.transaction` that failed
        :return: the pending request; none when there is nothing to pay or no type for it
        :rtype: crm.request
        """
        kind = self.env.ref(
            'crm_service_requests.crm_request_type_payment', raise_if_not_found=False)
        if not kind or not kind.active or document._is_paid_or_void():
            return self.browse()
        pending = self.search(self._pending_domain() & Domain(
            self._failed_field(document), '=', document.id))
        if pending:
            pending._message_log(body=self._say_failure(transaction))
            return pending
        try:
            with mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                # Nothing of it is for the customer, and the activity or the routing tells who
                # has to know.
                return self.with_context(tracking_disable=True).create(
                    self._prepare_failed_payment(document, transaction, kind)
                ).with_env(self.env)
        except UniqueViolation:
            # Another process reports a failure for the same document at this moment.
            return self.browse()

    @api.model
    def _failed_field(self, document):
        return 'failed_order_id' if document._name == 'sale.order' else 'failed_bill_id'

    @api.model
    def _prepare_failed_payment(self, document, transaction, kind):
        """Return the values of the request about a failed payment.

        :rtype: dict
        """
        return {
            'name': self.env._(
                "Payment of %(amount)s for %(document)s failed",
                amount=transaction.currency_id.format(transaction.amount),
                document=document.name),
            'type_id': kind.id,
            'channel': 'rule',
            'priority': '1',
            'partner_id': document.partner_id.id,
            'company_id': document.company_id.id,
            'user_id': document._told_of_failed_payment().id,
            'origin_ref': f'{document._name},{document.id}',
            'description': self._say_failure(transaction),
            'debt_invoice_ids': [Command.set(document._bills_to_pay().ids)],
            self._failed_field(document): document.id,
        }

    @api.model
    def _say_failure(self, transaction):
        """Return what the provider says about a payment that failed."""
        return Markup("<p>%s</p><p>%s</p>") % (
            self.env._(
                "%(amount)s by %(provider)s, reference %(reference)s:",
                amount=transaction.currency_id.format(transaction.amount),
                provider=transaction.provider_id.name, reference=transaction.reference),
            transaction._failure_in_words())

    @api.model
    def _cron_follow_debts(self):
        self.search(self._pending_domain() & (
            Domain('failed_order_id', '!=', False) | Domain('failed_bill_id', '!=', False)
        ))._close_paid()
        return super()._cron_follow_debts()

    def _close_paid(self):
        """Close the requests about failed payments of what is paid or cancelled by now."""
        # sudo: crm.request, sale.order, account.move - whoever pays or enters the payment
        paid_sudo = self.sudo().filtered(lambda request: (
            request.failed_order_id or request.failed_bill_id)._is_paid_or_void())
        paid_sudo.write({'state': 'closed', 'closed_by': 'rule'})
        paid_sudo._message_log_batch({
            request.id: self.env._("Closed: there is nothing left to pay.")
            for request in paid_sudo})
        paid_sudo.failed_order_id.activity_unlink(
            ['crm_order_manager.mail_activity_type_failed_payment'])
