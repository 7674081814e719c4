from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    group_crm_margin_own = fields.Boolean(
        "Margin for Account Representatives", group='crm_roles.group_account_representative',
        implied_group='crm_sales_facts.group_margin',
        help="Account representatives see cost and margin of the customers whose salesperson they "
             "are.")
