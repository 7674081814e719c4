from odoo import fields, models


class SaleOrder(models.Model):
    """What is earned on an order is for those who may see cost and margin of everybody."""

    _inherit = 'sale.order'

    margin = fields.Monetary(groups='crm_sales_facts.group_margin_all')
    margin_percent = fields.Float(groups='crm_sales_facts.group_margin_all')
