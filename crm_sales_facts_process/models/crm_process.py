from odoo import fields, models


class CrmProcess(models.Model):
    """The sum of a year would tell the margin of its only order."""

    _inherit = 'crm.process'

    value = fields.Monetary(groups='crm_sales_facts.group_margin_all')
