from odoo import models


class UtmCampaign(models.Model):
    """Campaigns are timed."""

    _name = 'utm.campaign'
    _inherit = ['utm.campaign', 'crm.process.mixin']
