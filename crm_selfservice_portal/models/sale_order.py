from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """A customer sees which of his orders are still on their way."""

    _inherit = 'sale.order'

    @api.model
    def _underway_domain(self):
        """Return the confirmed orders of which something is to be delivered or billed.

        :rtype: Domain
        """
        return Domain('state', '=', 'sale') & (
            Domain('invoice_status', '!=', 'invoiced')
            | Domain('order_line', 'any', self.env['sale.order.line']._undelivered_domain()))

    def _promised_date(self):
        """Return when the order is to arrive: the moment that was promised, or else the one that
        is expected and not over.

        :rtype: datetime | bool
        """
        self.ensure_one()
        expected = self.expected_date
        return self.commitment_date or (
            expected if expected and expected > fields.Datetime.now() else False)
