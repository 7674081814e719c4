from odoo import fields, models

# Who plans campaigns, and sees their money.
PLANNERS = 'crm_roles.group_marketing_manager,crm_roles.group_sales_manager'
CHANNELS = [
    ('mail', "Mail"),
    ('letter', "Letter"),
    ('label', "Address Label"),
    ('call', "Phone Call"),
    ('request', "Request for a Sale"),
    ('offer', "Offer in the Portal"),
]


class CrmCampaignStep(models.Model):
    """What is done with the members of a campaign, when, and through which channel."""

    _name = 'crm.campaign.step'
    _description = "Campaign Step"
    _order = 'campaign_id, sequence, id'

    name = fields.Char(required=True, translate=True)
    campaign_id = fields.Many2one('utm.campaign', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='campaign_id.company_id', store=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    sequence = fields.Integer(default=10)
    channel = fields.Selection(CHANNELS, default='mail', required=True)
    after_days = fields.Integer(
        "Days after the Start", help="Days between the start of the campaign and the step.")
    condition = fields.Selection(
        [
            ('always', "Everybody"),
            ('no_answer', "Who has not answered"),
            ('responded', "Who has answered"),
        ], "For", default='always', required=True)
    unit_cost = fields.Monetary("Cost per Customer")
    touch_ids = fields.One2many('crm.campaign.touch', 'step_id', "Touches")

    _check_after_days = models.Constraint(
        'CHECK(after_days >= 0)', "A step is done when the campaign starts, or later.")
