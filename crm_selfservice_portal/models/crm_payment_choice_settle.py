from odoo import models


class CrmPaymentChoice(models.Model):
    """When the money has come, it goes where the customer wanted it.

    What belongs together gets one payment: what is paid whole of one customer with what is set
    off and what he pays on account. Each bill that is paid in part and each order has a payment of
    its own, so that Odoo reconciles with it just what was chosen.
    """

    _inherit = 'crm.payment.choice'

    def _settle(self):
        """Make the payments of the choices of a transaction, and settle the documents.

        What is not open any more is left on account, and told.

        :return: the payments
        :rtype: account.payment
        """
        payments = self.env['account.payment']
        for account, choices in self.grouped(lambda choice: choice._account()).items():
            for together in choices._together():
                payments |= together._settle_together(account)
        self.is_settled = True
        self._tell_rest()
        return payments

    def _account(self):
        """Return the receivable account on which a choice is settled.

        :rtype: account.account
        """
        self.ensure_one()
        if self.move_id:
            return self._open_lines(self.move_id).account_id[:1] or self._term_lines().account_id
        return self.partner_id.with_company(
            self.transaction_id.company_id).property_account_receivable_id

    def _together(self):
        """Return the choices on one account in parts, each of which gets one payment.

        :rtype: list[crm.payment.choice]
        """
        parts = []
        for choices in self.grouped('partner_id').values():
            found = list(choices.grouped(lambda choice: choice._apart()).values())
            amounts = [sum(part.mapped('amount')) for part in found]
            parts += found if min(amounts) >= 0 else [choices]
        return parts

    def _apart(self):
        """Return the document that needs a payment of its own, or None."""
        if self.order_id:
            return self.order_id
        return self.move_id if self.amount > 0 and self.amount < self._amount_open() else None

    def _amount_open(self):
        """Return what is open of the bill or order now: what would pay it whole.

        :return: amount in the currency of the transaction; below 0 for what can be set off
        :rtype: float
        """
        self.ensure_one()
        if self.order_id:
            return self._order_open()
        bill = self.move_id
        if bill.state != 'posted':
            return 0.0
        if bill.move_type == 'entry':
            return sum(self._open_lines(bill).mapped('amount_residual_currency'))
        return bill._amount_payable()

    def _order_open(self):
        """Return what is open of the order, without what the choice itself has brought."""
        order = self.order_id
        if order.state == 'cancel':
            return 0.0
        owed, credited, paid, brought = order._payment_figures()
        return max(owed - credited - paid - (brought - self._amount_waiting()), 0.0)

    def _settle_together(self, account):
        """Make one payment for the choices, and reconcile it with what they are about."""
        currency = self.transaction_id.currency_id
        for choice in self:
            choice.amount_used = choice._amount_usable()
        amount = currency.round(sum(self.mapped('amount')))
        write_offs = self._discounts()
        self._open_lines(account=account).reconcile() if any(
            choice.amount < 0 for choice in self) else None
        payment = self.env['account.payment']
        if not currency.is_zero(amount):
            payment = payment.create(self._prepare_payment(account, amount, write_offs))
            payment.action_post()
            self.payment_id = payment
            self._reconcile(payment)
        return payment

    def _amount_usable(self):
        """Return how much of what was chosen is still open."""
        if not (self.move_id or self.order_id):
            return self.amount
        open_now = self._amount_open()
        return max(self.amount, min(open_now, 0.0)) if self.amount < 0 else min(
            self.amount, max(open_now, 0.0))

    def _prepare_payment(self, account, amount, write_offs):
        """Return the values of the payment of the choices.

        :param account: the receivable account
        :param float amount: in the currency of the transaction, above 0
        :param list write_offs: values of the lines of the discounts given
        :rtype: dict
        """
        transaction = self.transaction_id
        provider = transaction.provider_id
        return {
            'amount': amount,
            'payment_type': 'inbound',
            'partner_type': 'customer',
            'partner_id': self.partner_id.id,
            'currency_id': transaction.currency_id.id,
            'company_id': provider.company_id.id,
            'journal_id': provider.journal_id.id,
            'payment_method_line_id': transaction._payment_method_line().id,
            'payment_token_id': transaction.token_id.id,
            'payment_transaction_id': transaction.id,
            'memo': f'{transaction.reference} - {transaction.provider_reference or ""}',
            'destination_account_id': account.id,
            'write_off_line_vals': write_offs,
            'invoice_ids': self._bills_to_pay().ids,
        }

    def _bills_to_pay(self):
        """Return the open bills that the choices are to pay."""
        bills = self.move_id.filtered(
            lambda bill: bill.move_type == 'out_invoice') | self.order_id._open_bills()
        return bills.filtered(lambda bill: self._open_lines(bill))

    def _discounts(self):
        """Return the lines of the discounts for early payment that the choices have earned.

        :rtype: list[dict]
        """
        lines = []
        for choice in self.filtered(lambda choice: choice.amount > 0):
            term = choice.move_id._early_payment()
            if term and choice.currency_id.is_zero(choice.amount - choice._amount_open()):
                lines += choice.move_id._early_payment_write_offs(term)
        return lines

    def _reconcile(self, payment):
        lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id)
        if lines:
            bills = self.move_id | self._bills_to_pay()
            (lines | self._open_lines(bills, lines.account_id)).reconcile()

    def _term_lines(self):
        return self.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable')

    def _open_lines(self, moves=None, account=None):
        """Return the open receivable lines of entries, of those of the choices if none is given."""
        moves = self.move_id if moves is None else moves
        return moves.filtered(lambda move: move.state == 'posted').line_ids.filtered(
            lambda line: line.account_id.account_type == 'asset_receivable'
            and not line.reconciled and (not account or line.account_id == account))
