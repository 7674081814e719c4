from odoo import fields, models

DECLINE_REASONS = [
    ('price', "Too expensive"),
    ('has_it', "There is one already"),
    ('no_need', "No need for it"),
    ('later', "Not now"),
    ('other', "Another reason"),
]


class CrmCampaignMember(models.Model):
    """Why a member does not want what the campaign offers, as long as he does not."""

    _inherit = 'crm.campaign.member'

    decline_reason = fields.Selection(DECLINE_REASONS, "Declined Because", copy=False)

    _check_decline_reason = models.Constraint(
        "CHECK(decline_reason IS NULL OR state = 'declined')",
        "Only who has declined has a reason for it.")

    def write(self, vals):
        if vals.get('state', 'declined') != 'declined':
            vals = {**vals, 'decline_reason': False}
        return super().write(vals)
