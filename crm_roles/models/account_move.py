from odoo import fields, models


class AccountMove(models.Model):
    _inherit = 'account.move'

    # The form of a bill counts its payments, and is opened by roles that may not read them.
    payment_count = fields.Integer(compute_sudo=True)

    def _post(self, soft=True):
        if self._is_supervised_credit_note():
            self.check_access('write')
            # sudo: account.move - Odoo lets accountants post; a supervisor may post credit notes,
            # and the access just checked is what his rules leave him
            return super(AccountMove, self.sudo())._post(soft=soft)
        return super()._post(soft=soft)

    def _is_supervised_credit_note(self):
        """Tell whether a supervisor handles nothing but credit notes."""
        return (
            not self.env.su
            and self.env.user.has_group('crm_roles.group_service_supervisor')
            and set(self.mapped('move_type')) == {'out_refund'}
        )
