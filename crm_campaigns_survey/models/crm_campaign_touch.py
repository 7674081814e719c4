from odoo import fields, models


class CrmCampaignTouch(models.Model):
    """The invitation to a survey, and what came of it."""

    _inherit = 'crm.campaign.touch'

    channel = fields.Selection(
        selection_add=[('survey', "Survey")], ondelete={'survey': 'set default'})
    skip_reason = fields.Selection(selection_add=[('answered', "Has answered already")])
    survey_input_id = fields.Many2one(
        'survey.user_input', "Answers", readonly=True, index='btree_not_null',
        ondelete='set null')
    survey_state = fields.Selection(related='survey_input_id.state', string="Survey")
    survey_score = fields.Float(related='survey_input_id.scoring_percentage')

    def _mail_button(self):
        if self.channel != 'survey' or not self.survey_input_id:
            return super()._mail_button()
        # sudo: survey.user_input - the link is for the customer to whom it is written
        answer_sudo = self.survey_input_id.sudo()
        return (
            self.env._("Answer the Questions"),
            f'{answer_sudo.survey_id.get_base_url()}{answer_sudo.get_start_url()}')
