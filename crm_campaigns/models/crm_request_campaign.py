from odoo import fields, models


class CrmRequest(models.Model):
    """A request can come from a campaign."""

    _inherit = 'crm.request'

    campaign_member_id = fields.Many2one(
        'crm.campaign.member', readonly=True, copy=False, index='btree_not_null',
        ondelete='set null')
    campaign_id = fields.Many2one(
        related='campaign_member_id.campaign_id', related_sudo=True, string="Campaign")
