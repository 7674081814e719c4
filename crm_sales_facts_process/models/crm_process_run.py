from odoo import fields, models


class CrmProcessRun(models.Model):
    _inherit = 'crm.process.run'

    value = fields.Monetary(groups='crm_sales_facts.group_margin_all')
