from odoo import api, models


class SaleOrder(models.Model):
    """What the lists of the portal show of an order."""

    _inherit = 'sale.order'

    @api.model
    def _portal_columns(self):
        """Return the fields of the lists, to be read in one statement together with the search.

        Any other field shown costs a statement more.

        :rtype: list[str]
        """
        return [
            'name', 'state', 'date_order', 'validity_date', 'amount_total', 'currency_id',
            'company_id', 'commercial_partner_id', 'client_order_ref']
