from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    """What was ordered and is still to come."""

    _inherit = 'sale.order.line'

    @api.model
    def _undelivered_domain(self):
        """Return the lines of confirmed orders of which something is still to come.

        :rtype: Domain
        """
        return (
            Domain('state', '=', 'sale') & Domain('display_type', '=', False)
            & Domain('is_downpayment', '=', False) & Domain.custom(
                to_sql=self._undelivered_sql,
                predicate=lambda line: line.qty_delivered < line.product_uom_qty))

    @api.model
    def _undelivered_sql(self, model, alias, query):
        return SQL(
            "%s < %s", model._field_to_sql(alias, 'qty_delivered', query),
            model._field_to_sql(alias, 'product_uom_qty', query))
