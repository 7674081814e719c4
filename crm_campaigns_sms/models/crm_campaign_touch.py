from odoo import fields, models


class CrmCampaignTouch(models.Model):
    """A text message that a customer was sent."""

    _inherit = 'crm.campaign.touch'

    channel = fields.Selection(
        selection_add=[('sms', "Text Message")], ondelete={'sms': 'set default'})
