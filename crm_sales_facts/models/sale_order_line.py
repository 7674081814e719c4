from odoo import fields, models


class SaleOrderLine(models.Model):
    """What the goods have cost is for those who may see cost and margin of everybody."""

    _inherit = 'sale.order.line'

    purchase_price = fields.Float(groups='crm_sales_facts.group_margin_all')
    margin = fields.Float(groups='crm_sales_facts.group_margin_all')
    margin_percent = fields.Float(groups='crm_sales_facts.group_margin_all')

    def _add_precomputed_values(self, vals_list):
        # sudo: sale.order.line - what it costs is known also where the user may not know it
        super(SaleOrderLine, self.sudo())._add_precomputed_values(vals_list)
