from odoo import models
from odoo.fields import Domain


class CrmCall(models.Model):
    """Who calls about money that is still open finds somebody with the order before him."""

    _inherit = 'crm.call'

    def _calling_lines(self):
        return super()._calling_lines() + [
            self.env._(
                "%(order)s: %(amount)s unpaid",
                order=order.name, amount=order._desk_amount(order.amount_unpaid))
            for order in self._calling_order()]

    def _calling_buttons(self):
        return [
            (order.name, self._open_action(order)) for order in self._calling_order()
        ] + super()._calling_buttons()

    def _calling_order(self):
        """Return the order of the customer over most that is still to be paid, if there is one.

        :rtype: sale.order
        """
        customer = self.partner_id.commercial_partner_id
        Order = self.env['sale.order']
        if not customer or not Order.has_access('read'):
            return Order
        return Order.search(
            Domain('partner_id.commercial_partner_id', '=', customer.id)
            & Domain('call_state', '!=', 'done'),
            order='amount_unpaid DESC, id', limit=1)
