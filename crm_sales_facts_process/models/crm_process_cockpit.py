from odoo import fields, models


class CrmProcessCockpit(models.Model):
    _inherit = 'crm.process.cockpit'

    value = fields.Monetary(
        help="For orders the margin, or the untaxed amount where you may not see the margin; for "
             "leads the expected revenue, for bills the untaxed amount.")
