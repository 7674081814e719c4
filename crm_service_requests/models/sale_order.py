from odoo import models


class SaleOrder(models.Model):
    """An order knows which request it answers, and tells it when it is confirmed or cancelled."""

    _name = 'sale.order'
    _inherit = ['sale.order', 'crm.request.document']

    def write(self, vals):
        state = vals.get('state')
        moved = state and self.filtered(lambda order: order.state != state)
        result = super().write(vals)
        if state == 'sale':
            moved._tell_requests(self.env._("%(document)s was confirmed."))
        elif state == 'cancel':
            moved._tell_requests(self.env._("%(document)s was cancelled."))
        return result

    def _create_invoices(self, grouped=False, final=False, date=None):
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        moves._take_over_request()
        return moves

    def _is_unfinished(self):
        """Return whether something is still to be done about the order.

        :rtype: bool
        """
        self.ensure_one()
        return self.state != 'cancel' and self.invoice_status != 'invoiced'

    def _process_parents(self):
        parents = super()._process_parents()
        return {order.id: parents.get(order.id) or order.crm_request_id for order in self}
