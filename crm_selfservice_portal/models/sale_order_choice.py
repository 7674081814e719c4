from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order is paid by what customers choose to pay."""

    _inherit = 'sale.order'

    payment_choice_ids = fields.One2many('crm.payment.choice', 'order_id', readonly=True)

    @api.depends(
        'payment_choice_ids.transaction_id.state',
        'payment_choice_ids.is_settled',
        'payment_choice_ids.payment_id.state',
        'payment_choice_ids.payment_id.move_id.line_ids.amount_residual',
        'order_line.invoice_lines.move_id.payment_choice_ids.is_settled')
    def _compute_amount_unpaid(self):
        super()._compute_amount_unpaid()

    @api.depends('payment_choice_ids.transaction_id.state')
    def _compute_payment_failed_at(self):
        super()._compute_payment_failed_at()

    @api.depends('payment_choice_ids.transaction_id.state')
    def _compute_amount_paid(self):
        super()._compute_amount_paid()
        for order in self:
            order.amount_paid += sum(order.payment_choice_ids.filtered(
                lambda choice: choice.state in ('authorized', 'done')).mapped('amount'))

    def _fetch_payments(self):
        super()._fetch_payments()
        choices = self.payment_choice_ids | self.invoice_ids.payment_choice_ids
        transactions = self.transaction_ids | self.invoice_ids.transaction_ids
        (choices | transactions.choice_ids).transaction_id.mapped('choice_ids.state')

    def _amount_brought(self):
        brought = super()._amount_brought() + sum(
            self._in_order_currency(
                choice._amount_waiting(), choice.currency_id,
                choice.transaction_id.last_state_change)
            for choice in self.payment_choice_ids)
        for bill, part in self._billed_parts().items():
            waiting = sum(choice._amount_waiting() for choice in bill.payment_choice_ids)
            if waiting and bill.amount_total:
                brought += waiting * part / bill.amount_total
        return brought

    def _payment_attempts(self):
        return super()._payment_attempts() | self.payment_choice_ids.transaction_id

    def _amount_not_billed(self):
        """Return what is to be paid of the order beyond its open bills.

        :return: amount in the currency of the order
        :rtype: float
        """
        self.ensure_one()
        rest = self.amount_unpaid
        for bill, part in self._billed_parts().items():
            if bill.amount_total:
                open_part = part * bill._amount_not_paid() / bill.amount_total
                rest += open_part if bill.move_type == 'out_refund' else -open_part
        return max(self.currency_id.round(rest), 0.0)
