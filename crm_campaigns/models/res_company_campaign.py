from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    campaign_minute_cost = fields.Monetary(
        "Cost of a Minute on the Phone",
        help="What a minute of a call for a campaign costs, wages and line together.")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    campaign_minute_cost = fields.Monetary(
        related='company_id.campaign_minute_cost', readonly=False)
