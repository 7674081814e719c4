from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCampaignStep(models.Model):
    """Each member is invited to a survey by a link of his own.

    Who has been invited in the campaign before and has not answered is reminded, by the same link.
    """

    _inherit = 'crm.campaign.step'

    channel = fields.Selection(
        selection_add=[('survey', "Survey")], ondelete={'survey': 'cascade'})
    survey_id = fields.Many2one(
        'survey.survey', index='btree_not_null', ondelete='restrict',
        help="Who has answered it in this campaign is not asked again.")
    answer_days = fields.Integer(
        "Days to Answer", help="So long the link can be used. 0: as long as the survey is open.")

    _check_answer_days = models.Constraint(
        'CHECK(answer_days >= 0)', "There is time to answer, or no limit to it.")

    @api.model
    def _message_channels(self):
        return [*super()._message_channels(), 'survey']

    @api.depends(
        'survey_id.active', 'survey_id.question_ids', 'survey_id.users_login_required')
    def _compute_problem(self):
        super()._compute_problem()

    def _problem(self):
        if self.channel != 'survey':
            return super()._problem()
        # sudo: survey.survey - whether it can be answered, for whoever sees the step
        survey_sudo = self.survey_id.sudo()
        if not survey_sudo.active or not survey_sudo.question_ids:
            return self.env._("There is no survey yet: choose one that has questions and is open.")
        return survey_sudo.users_login_required and self.env._(
            "%(survey)s asks for a login, which not every customer has. Take that out of its "
            "options.", survey=survey_sudo.title)

    def _channel_reasons(self):
        reasons = super()._channel_reasons()
        if self.channel != 'survey':
            return reasons
        return [('answered', self._answered_condition()), *reasons]

    def _answered_condition(self):
        """Return when the customer `partner` has answered the survey in the campaign.

        :rtype: SQL
        """
        return SQL(
            """
            EXISTS (SELECT FROM crm_campaign_touch asked
                    JOIN survey_user_input answer ON answer.id = asked.survey_input_id
                    WHERE asked.partner_id = partner.id AND asked.campaign_id = %s
                      AND answer.survey_id = %s AND answer.state = 'done')
            """, self.campaign_id.id, self.survey_id.id)

    def _prepare_messages(self, touches):
        super()._prepare_messages(touches)
        if self.channel == 'survey':
            answers = self._open_answers(touches.partner_id)
            new = touches.filtered(lambda touch: touch.partner_id not in answers)
            made = self.env['survey.user_input'].create(
                [self._prepare_answer_values(touch.partner_id) for touch in new])
            answers.update({answer.partner_id: answer for answer in made})
            for touch in touches:
                touch.survey_input_id = answers[touch.partner_id]

    def _open_answers(self, customers):
        """Return the invitations that the campaign has sent to customers before.

        :param res.partner customers: members of the campaign who have not answered
        :rtype: dict[res.partner, survey.user_input]
        """
        touches = self.env['crm.campaign.touch'].search(
            Domain('campaign_id', '=', self.campaign_id.id)
            & Domain('partner_id', 'in', customers.ids)
            & Domain('survey_input_id.survey_id', '=', self.survey_id.id)
            & Domain('survey_input_id.state', '!=', 'done'), order='id')
        return {touch.partner_id: touch.survey_input_id for touch in touches}

    def _prepare_answer_values(self, customer):
        deadline = self.answer_days and fields.Datetime.add(
            fields.Datetime.now(), days=self.answer_days)
        limited = self.survey_id.is_attempts_limited
        return {
            'survey_id': self.survey_id.id,
            'partner_id': customer.id,
            'email': customer.email,
            'nickname': customer.name,
            'deadline': deadline,
            'invite_token': limited and self.env['survey.user_input']._generate_invite_token(),
        }
