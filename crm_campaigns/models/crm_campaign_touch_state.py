from odoo import fields, models


class CrmCampaignTouch(models.Model):
    """A touch waits until its mail is sent or its call is made, and says why it was left out."""

    _inherit = 'crm.campaign.touch'

    state = fields.Selection(
        selection_add=[('waiting', "Waiting"), ('done',)], ondelete={'waiting': 'set default'})
    skip_reason = fields.Selection(
        [
            ('archived', "The customer is archived"),
            ('no_address', "No address for the channel"),
            ('blacklist', "On the list of those nobody writes to or calls"),
            ('opt_out', "Said that calls are not wanted"),
            ('too_often', "Heard of us too often lately"),
        ], "Left Out Because", readonly=True)
