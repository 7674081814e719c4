from odoo import fields, models


class UtmCampaign(models.Model):
    """Whoever sees a campaign opens it, whether he may read its mailings or not."""

    _inherit = 'utm.campaign'

    ab_testing_mailings_sms_count = fields.Integer(compute_sudo=True)
    mailing_sms_count = fields.Integer(compute_sudo=True)
