from odoo import fields, models


class SaleReport(models.Model):
    _inherit = 'sale.report'

    margin = fields.Float(groups='crm_sales_facts.group_margin_all')
