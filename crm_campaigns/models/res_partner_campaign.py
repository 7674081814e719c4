from odoo import fields, models


class ResPartner(models.Model):
    """In which campaigns a customer is, and what he was given."""

    _inherit = 'res.partner'

    campaign_member_ids = fields.One2many(
        'crm.campaign.member', 'partner_id', "Campaign Memberships")
    campaign_touch_ids = fields.One2many('crm.campaign.touch', 'partner_id', "Touches")
