from odoo import fields, models

from ..forecast import learnt


class SaleOrderLine(models.Model):
    """A line tells when it is likely to arrive."""

    _inherit = 'sale.order.line'

    def _forecasts(self):
        """Return when the lines are likely to arrive.

        :return: by the line, those of which nothing can be said left out
        :rtype: dict[sale.order.line, Forecast]
        """
        now = fields.Datetime.now()
        usual = self.env['crm.delivery.time']._usual(self) if self else {}
        found = {
            line: learnt(line.order_id.date_order, times, now) for line, times in usual.items()}
        return {line: forecast for line, forecast in found.items() if forecast}
