from odoo import models


class AccountMove(models.Model):
    """A bill or credit note knows which request it answers, and tells it when it is done."""

    _name = 'account.move'
    _inherit = ['account.move', 'crm.request.document']

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._tell_requests(self.env._("%(document)s was posted."))
        return posted

    def button_cancel(self):
        result = super().button_cancel()
        self._tell_requests(self.env._("%(document)s was cancelled."))
        return result

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._tell_requests(self.env._("%(document)s was paid."))
        return result

    def _take_over_request(self):
        """Let bills answer the request that their orders answer, where it is a single one."""
        for move in self:
            # sudo: sale.order, crm.request - who makes the bill need not see what it answers
            requests_sudo = move.sudo().line_ids.sale_line_ids.order_id.mapped('crm_request_id')
            if len(requests_sudo) == 1:
                # sudo: account.move - the same
                move.sudo().crm_request_id = requests_sudo

    def _is_unfinished(self):
        """Return whether the bill or credit note is still to be posted or paid.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == 'draft' or self.state == 'posted' and (
            self.payment_state in ('not_paid', 'partial'))

    def _process_parents(self):
        parents = super()._process_parents()
        return {move.id: parents.get(move.id) or move.crm_request_id for move in self}
