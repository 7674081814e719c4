from odoo import api, models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    """What was billed without an order was bought, too."""

    _inherit = 'account.move.line'

    @api.model
    def _bought_domain(self):
        """Return the lines of bills by which a product was bought, other than those of orders.

        :rtype: Domain
        """
        return self._billed_domain() & Domain('sale_line_ids', '=', False)

    @api.model
    def _billed_domain(self):
        """Return the lines of bills that name a product.

        :rtype: Domain
        """
        return (
            Domain('parent_state', '=', 'posted') & Domain('move_type', '=', 'out_invoice')
            & Domain('company_id', '=', self.env.company.id)
            & Domain('display_type', '=', 'product') & Domain('product_id', '!=', False)
            & Domain('quantity', '>', 0))
