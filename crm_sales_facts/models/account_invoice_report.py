from odoo import fields, models


class AccountInvoiceReport(models.Model):
    _inherit = 'account.invoice.report'

    price_margin = fields.Float(groups='crm_sales_facts.group_margin_all')
    inventory_value = fields.Float(groups='crm_sales_facts.group_margin_all')
