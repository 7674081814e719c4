from odoo import models
from odoo.tools import formatLang


class StockMove(models.Model):
    """A move knows whether it brings goods to the customer, and when."""

    _inherit = 'stock.move'

    def _is_to_customer(self):
        self.ensure_one()
        return self.location_dest_usage == 'customer'

    def _planned_date(self):
        """Return when the last of the moves is planned, or its goods are expected, if later.

        :rtype: datetime | bool
        """
        dates = [*self.mapped('date'), *self.mapped('forecast_expected_date')]
        return max(filter(None, dates), default=False)

    def _portal_words(self):
        """Return what a move brings, as its customer reads it.

        :rtype: str
        """
        self.ensure_one()
        quantity = self.quantity if self.state == 'done' else self.product_uom_qty
        return self.env._(
            "%(quantity)s %(unit)s %(product)s", unit=self.product_uom.name,
            product=self.product_id.display_name, quantity=formatLang(
                self.env, quantity, digits=0 if quantity == int(quantity) else 2))
