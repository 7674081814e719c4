from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    """What the goods have cost is for those who may see cost and margin of everybody."""

    _inherit = 'sale.order.line'

    purchase_price = fields.Float(groups='crm_sales_facts.group_margin_all')
    margin = fields.Float(groups='crm_sales_facts.group_margin_all')
    margin_percent = fields.Float(groups='crm_sales_facts.group_margin_all')

    def _add_precomputed_values(self, vals_list):
        # sudo: sale.order.line - what it costs is known also where the user may not know it
        super(SaleOrderLine, self.sudo())._add_precomputed_values(vals_list)

    @api.model
    def _to_deliver_domain(self):
        """Return the lines of confirmed orders of which something is still to be delivered.

        :rtype: Domain
        """
        return (
            Domain('state', '=', 'sale') & Domain('display_type', '=', False)
            & Domain('is_downpayment', '=', False) & Domain.custom(
                to_sql=self._to_deliver_sql,
                predicate=lambda line: line.qty_delivered < line.product_uom_qty))

    @api.model
    def _to_deliver_sql(self, model, alias, query):
        return SQL(
            "%s < %s", model._field_to_sql(alias, 'qty_delivered', query),
            model._field_to_sql(alias, 'product_uom_qty', query))
