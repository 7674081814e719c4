from odoo import fields, models


class AccountMove(models.Model):
    """A bill is paid by what customers choose to pay."""

    _inherit = 'account.move'

    payment_choice_ids = fields.One2many('crm.payment.choice', 'move_id', readonly=True)

    def _amount_payable(self):
        """Return what settles a bill now: what is open, less the discount for early payment.

        :return: amount in the currency of the bill, below 0 for a credit note
        :rtype: float
        """
        self.ensure_one()
        if self.move_type == 'out_refund':
            return -self._amount_not_paid()
        early = self._early_payment()
        return early['amount_due'] if early else self._amount_not_paid()

    def _early_payment(self):
        """Return what Odoo says about the discount for who pays the bill whole now, if any.

        :rtype: dict | None
        """
        if len(self) != 1 or self.move_type != 'out_invoice' or self.state != 'posted' or (
                self.amount_residual != self._amount_not_paid()):
            return None
        values = self._get_invoice_next_payment_values()
        return values if values.get('installment_state') == 'epd' else None

    def _early_payment_write_offs(self, early):
        """Return the lines of the payment by which the discount is given.

        :param dict early: from `_early_payment`
        :rtype: list[dict]
        """
        line = early['epd_line']
        values = self._get_invoice_counterpart_amls_for_early_payment_discount([{
            'aml': line,
            'amount_currency': -line.amount_residual_currency,
            'balance': -line.balance,
        }], early['epd_discount_amount'])
        return [
            {**found, 'partner_id': self.partner_id.id}
            for lines in values.values() for found in lines]

    def _post(self, soft=True):
        posted = super()._post(soft)
        for bill in posted.filtered(lambda move: move.move_type == 'out_invoice'):
            bill._use_what_orders_brought()
        return posted

    def _use_what_orders_brought(self):
        """Pay the bill with what was chosen to be paid for its orders before."""
        # sudo: sale.order, account.payment - who posts a bill need not read them
        bill_sudo = self.sudo()
        chosen_sudo = bill_sudo.line_ids.sale_line_ids.order_id.payment_choice_ids.payment_id
        # Odoo uses other payments of the orders itself, if they have a journal entry.
        for payment_sudo in chosen_sudo | bill_sudo.transaction_ids.payment_id:
            if payment_sudo.state in ('in_process', 'paid') and not payment_sudo.move_id:
                payment_sudo.invoice_ids |= bill_sudo
        for line in chosen_sudo.move_id.line_ids.filtered(
                lambda line: line.account_type == 'asset_receivable' and not line.reconciled):
            bill_sudo.js_assign_outstanding_line(line.id)
