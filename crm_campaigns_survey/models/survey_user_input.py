from odoo import fields, models


class SurveyUserInput(models.Model):
    """Who answers the survey of a campaign has answered the campaign."""

    _inherit = 'survey.user_input'

    campaign_touch_ids = fields.One2many(
        'crm.campaign.touch', 'survey_input_id', "Campaign Touches")

    def _mark_done(self):
        result = super()._mark_done()
        # sudo: crm.campaign.member - the customer himself has answered
        self.sudo().campaign_touch_ids.member_id._set_responded(fields.Datetime.now())
        return result
