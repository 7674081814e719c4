from odoo import models
from odoo.exceptions import UserError

from ..models.res_users import MANAGER_GROUP


class AccountPaymentRegister(models.TransientModel):
    _inherit = 'account.payment.register'

    def _create_payments(self):
        user = self.env.user
        if (
            self.env.su
            or user.has_group('account.group_account_invoice')
            or not user.has_group(MANAGER_GROUP)
        ):
            return super()._create_payments()
        self._check_order_manager_may_register()
        # What the dialog has shown holds the lines with the rights of the user.
        self.invalidate_recordset(['batches'])
        # sudo: account.payment - an order manager registers that a customer has paid,
        # but has no right on payments and entries otherwise
        return super(AccountPaymentRegister, self.sudo())._create_payments()

    def _check_order_manager_may_register(self):
        """Refuse anything but that a customer paid his bills, in full or in part.

        :raise AccessError: when a bill may not be read
        :raise UserError: when it is not a customer's bill, or the rest is to be written off
        """
        bills = self.line_ids.move_id
        bills.check_access('read')
        others = bills.filtered(
            lambda bill: bill.move_type != 'out_invoice' or bill.state != 'posted'
        )
        if others:
            raise UserError(self.env._(
                "%(bill)s is no open bill of a customer: ask accounting to register this payment.",
                bill=", ".join(others.mapped('display_name'))))
        if self.payment_difference_handling == 'reconcile':
            raise UserError(self.env._(
                "%(bill)s: only accounting may write off what is not paid. "
                "Keep the rest open, or ask accounting.",
                bill=", ".join(bills.mapped('display_name'))))
