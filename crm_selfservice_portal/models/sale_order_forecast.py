from odoo import models

from ..forecast import whole


class SaleOrder(models.Model):
    """An order tells until when it is promised, and when it is likely to be complete."""

    _inherit = 'sale.order'

    def _lines_to_come(self):
        """Return what was not delivered in full.

        :rtype: sale.order.line
        """
        return self.order_line.filtered_domain(self.order_line._to_come_domain())

    def _promised_date(self):
        """Return when the order is to arrive: the date that was promised, or else the first that
        follows from the lead times of what is still to come.

        :rtype: datetime | bool
        """
        self.ensure_one()
        return self.commitment_date or self._next_promise()

    def _next_promise(self):
        """Return until when the next of what is still to come was promised.

        :return: in UTC; nothing when nothing is to come, or nothing was promised
        :rtype: datetime | bool
        """
        self.ensure_one()
        return min(filter(None, (line._promise() for line in self._lines_to_come())), default=False)

    def _forecasts(self):
        """Return when the orders are likely to be complete.

        :return: by the order, those of which nothing can be said left out
        :rtype: dict[sale.order, Forecast]
        """
        lines = {order: order._lines_to_come() for order in self}
        known = self.env['sale.order.line'].union(*lines.values())._forecasts()
        found = {order: whole(known.get(line) for line in lines[order]) for order in self}
        return {order: forecast for order, forecast in found.items() if forecast}
