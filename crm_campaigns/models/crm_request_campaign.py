from odoo import fields, models


class CrmRequest(models.Model):
    """A request can come from a campaign, and ask for what it offers."""

    _inherit = 'crm.request'

    campaign_member_id = fields.Many2one(
        'crm.campaign.member', readonly=True, copy=False, index='btree_not_null',
        ondelete='set null')
    campaign_id = fields.Many2one(
        related='campaign_member_id.campaign_id', related_sudo=True, string="Campaign")
    offer_id = fields.Many2one(
        'crm.campaign.offer', "Asked For", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null')
