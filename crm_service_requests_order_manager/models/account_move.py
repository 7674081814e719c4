from odoo import models
from odoo.fields import Domain


class AccountMove(models.Model):
    """A bill that is paid ends what was reported of failed payments."""

    _inherit = 'account.move'

    def _debts_changed(self):
        super()._debts_changed()
        # sudo: crm.request, sale.order - whoever enters a payment ends what waits for it
        requests_sudo = self.env['crm.request'].sudo()
        requests_sudo.search(requests_sudo._pending_domain() & (
            Domain('failed_bill_id', 'in', self.ids)
            | Domain('failed_order_id.order_line.invoice_lines.move_id', 'in', self.ids)
        ))._close_paid()

    def _is_paid_or_void(self):
        """Tell whether nothing is to be paid on the bill.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == 'cancel' or self.payment_state in (
            'paid', 'in_payment', 'reversed')

    def _bills_to_pay(self):
        return self

    def _told_of_failed_payment(self):
        return self.env['res.users']
