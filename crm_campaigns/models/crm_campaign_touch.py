from odoo import fields, models

from .crm_campaign_step import CHANNELS


class CrmCampaignTouch(models.Model):
    """What a customer was given or sent, when, and through which channel."""

    _name = 'crm.campaign.touch'
    _description = "Touch"
    _order = 'date DESC, id DESC'

    name = fields.Char("What", required=True)
    partner_id = fields.Many2one(
        'res.partner', "Customer", required=True, index=True, ondelete='cascade')
    campaign_id = fields.Many2one('utm.campaign', index='btree_not_null', ondelete='cascade')
    member_id = fields.Many2one(
        'crm.campaign.member', index='btree_not_null', ondelete='set null')
    step_id = fields.Many2one('crm.campaign.step', index='btree_not_null', ondelete='set null')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    channel = fields.Selection(
        [*CHANNELS, ('hand', "By Hand")], default='hand', required=True)
    date = fields.Datetime(default=fields.Datetime.now, required=True, index=True)
    user_id = fields.Many2one(
        'res.users', "By", default=lambda self: self.env.user, index='btree_not_null')
    state = fields.Selection(
        [('done', "Done"), ('failed', "Failed"), ('skipped', "Left Out")], "Status",
        default='done', required=True)
    reason = fields.Char(help="Why it failed or was left out.")

    # A step reaches a member once, whoever runs it and how often.
    _step_member_uniq = models.UniqueIndex(
        "(step_id, member_id) WHERE step_id IS NOT NULL AND member_id IS NOT NULL",
        "A step reaches a member once.")
