from odoo import models
from odoo.exceptions import UserError


class AccountMoveReversal(models.TransientModel):
    _inherit = 'account.move.reversal'

    def reverse_moves(self, is_modify=False):
        user = self.env.user
        if (
            self.env.su
            or user.has_group('account.group_account_invoice')
            or not user.has_group('crm_roles.group_service_supervisor')
        ):
            return super().reverse_moves(is_modify)
        self._check_supervisor_may_reverse(is_modify)
        # sudo: account.move - a supervisor may make a credit note of a bill he can read,
        # but may not create journal entries of any other kind
        return super(AccountMoveReversal, self.sudo()).reverse_moves(is_modify)

    def _check_supervisor_may_reverse(self, is_modify):
        """Refuse anything but a plain credit note of posted customer invoices.

        :param bool is_modify: whether a new draft invoice is wanted beside the credit note
        :raise AccessError: when a bill may not be read
        :raise UserError: when more than a credit note is asked for
        """
        self.move_ids.check_access('read')
        others = self.move_ids.filtered(
            lambda move: move.move_type != 'out_invoice' or move.state != 'posted')
        if others or is_modify:
            raise UserError(self.env._(
                "%(bill)s: a supervisor makes credit notes of posted customer invoices only. "
                "Ask accounting for anything else.",
                bill=", ".join((others or self.move_ids).mapped('display_name'))))
