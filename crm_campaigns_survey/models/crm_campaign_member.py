from odoo import api, fields, models


class CrmCampaignMember(models.Model):
    """What a member said in the survey of the campaign."""

    _inherit = 'crm.campaign.member'

    survey_state = fields.Selection(
        lambda self: self.env['survey.user_input']._fields['state']._description_selection(
            self.env), "Survey", compute='_compute_survey')
    survey_score = fields.Float("Score (%)", compute='_compute_survey', digits=(5, 1))

    @api.depends('touch_ids.survey_state', 'touch_ids.survey_score')
    def _compute_survey(self):
        for member in self:
            asked = member.touch_ids.filtered('survey_state').sorted('id')[-1:]
            member.survey_state = asked.survey_state
            member.survey_score = asked.survey_score

    def action_survey_answers(self):
        """Open what the member answered.

        :raise AccessError: when the user may not read answers to surveys
        """
        self.ensure_one()
        answers = self.touch_ids.survey_input_id
        return {
            'name': self.env._("Answers of %(customer)s", customer=self.display_name),
            'type': 'ir.actions.act_window',
            'res_model': 'survey.user_input',
            'view_mode': 'list,form',
            'domain': [('id', 'in', answers.ids)],
        }
