from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_campaigns.models.crm_campaign_step import PLANNERS


class UtmCampaign(models.Model):
    """The promotions of a campaign, and what customers saved by them."""

    _inherit = 'utm.campaign'

    program_ids = fields.One2many(
        'loyalty.program', 'campaign_id', "Promotions", groups=PLANNERS,
        context={'active_test': False})
    saving = fields.Monetary(
        "Saved by Customers", compute='_compute_sales', groups=PLANNERS,
        help="What the promotions took off the orders that count. It is in the sales already.")

    def _sums_of_sales(self):
        return {**super()._sums_of_sales(), 'saving': 'saving:sum'}

    @api.constrains('is_promotion')
    def _check_is_promotion(self):
        for campaign in self.filtered(lambda campaign: not campaign.is_promotion):
            # sudo: loyalty.program - whether there is one, whoever writes the campaign
            program_sudo = campaign.sudo().program_ids[:1]
            if program_sudo:
                raise ValidationError(self.env._(
                    "%(program)s belongs to %(campaign)s, so it is a promotion and has to be "
                    "approved. Take it out first.",
                    program=program_sudo.name, campaign=campaign.title))

    def write(self, vals):
        result = super().write(vals)
        if 'state' in vals:
            # sudo: loyalty.program - who starts or ends a campaign opens or closes what a sales
            # manager approved
            self.sudo().program_ids._follow_campaign()
        return result
