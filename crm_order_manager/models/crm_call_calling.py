from odoo import models
from odoo.fields import Domain


class CrmCall(models.Model):
    """Who calls about money that is still open finds somebody with the order before him."""

    _inherit = 'crm.call'

    def _calling_buttons(self):
        buttons = super()._calling_buttons()
        customer = self.partner_id.commercial_partner_id
        Order = self.env['sale.order']
        if not customer or not Order.has_access('read'):
            return buttons
        order = Order.search(
            Domain('partner_id.commercial_partner_id', '=', customer.id)
            & Domain('call_state', '!=', 'done'),
            order='amount_unpaid DESC, id', limit=1)
        if order:
            label = self.env._(
                "%(order)s: %(amount)s unpaid",
                order=order.name, amount=order._desk_amount(order.amount_unpaid))
            buttons.insert(0, (label, self._open_action(order)))
        return buttons
