from odoo import fields, models


class CrmCampaignCost(models.Model):
    """Money planned or spent for a campaign."""

    _name = 'crm.campaign.cost'
    _description = "Campaign Cost"
    _order = 'date DESC, id DESC'

    name = fields.Char("Description", required=True)
    campaign_id = fields.Many2one('utm.campaign', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='campaign_id.company_id', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(default=fields.Date.context_today, required=True)
    kind = fields.Selection(
        [('planned', "Planned"), ('spent', "Spent")], default='planned', required=True)
    amount = fields.Monetary(required=True)
