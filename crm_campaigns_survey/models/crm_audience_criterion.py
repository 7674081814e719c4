from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmAudienceCriterion(models.Model):
    """Customers chosen by what they said in a survey."""

    _inherit = 'crm.audience.criterion'

    source = fields.Selection(
        selection_add=[('survey', "Surveys"), ('customer',)], ondelete={'survey': 'cascade'})
    survey_id = fields.Many2one(
        'survey.survey', index='btree_not_null', ondelete='restrict')
    survey_said = fields.Selection(
        [
            ('done', "Has answered"),
            ('open', "Was asked and has not answered"),
            ('above', "Has a score of at least"),
            ('below', "Has a score below"),
            ('choice', "Has chosen one of"),
        ], "What He Did", default='done', required=True)
    survey_score = fields.Float("Score (%)", digits=(5, 1))
    survey_answer_ids = fields.Many2many(
        'survey.question.answer', string="Chosen Answers",
        domain="[('question_id.survey_id', '=', survey_id)]")

    @api.model
    def _yes_or_no_sources(self):
        return [*super()._yes_or_no_sources(), 'survey']

    @api.model
    def _rule_fields(self):
        return [
            *super()._rule_fields(), 'survey_id', 'survey_said', 'survey_score',
            'survey_answer_ids']

    @api.constrains('survey_id', 'survey_said', 'survey_answer_ids')
    def _check_survey(self):
        self._check_criterion()

    def _problem(self):
        if self.source == 'survey' and not self.survey_id:
            return self.env._("choose the survey.")
        if self.source == 'survey' and self.survey_said == 'choice' and not self.survey_answer_ids:
            return self.env._("choose at least one answer.")
        return super()._problem()

    def _refusal(self):
        if self.source == 'survey' and not self.env['survey.user_input'].has_access('read'):
            return self.env._("the answers to surveys are for who plans campaigns.")
        return super()._refusal()

    def _survey_query(self):
        """Return the query of the customers of whom it is true; of several answers the last counts.

        :rtype: SQL
        """
        if self.survey_said == 'open':
            return SQL(
                "SELECT id FROM (%s) AS asked EXCEPT SELECT id FROM (%s) AS answered",
                self._survey_inputs(answered=False), self._survey_inputs())
        return SQL(
            "SELECT id FROM (%s) AS said WHERE %s", self._survey_inputs(), self._said_condition())

    def _survey_inputs(self, *, answered=True):
        """Return the query of the last answers of each customer, as far as the user sees them.

        :param bool answered: whether those count that are complete, or the others
        :return: a query with `id` of the customer, `answer_id` and `score`
        :rtype: SQL
        """
        query = self.env['survey.user_input']._search(Domain([
            ('survey_id', '=', self.survey_id.id), ('test_entry', '=', False),
            ('state', '=' if answered else '!=', 'done')]))
        partner = query.join(query.table, 'partner_id', 'res_partner', 'id', 'partner_id')
        customer = SQL.identifier(partner, 'commercial_partner_id')
        query.order = SQL(
            "%s, %s DESC NULLS LAST, %s DESC", customer,
            SQL.identifier(query.table, 'end_datetime'), SQL.identifier(query.table, 'id'))
        return query.select(
            SQL("DISTINCT ON (%s) %s AS id", customer, customer),
            SQL("%s AS answer_id", SQL.identifier(query.table, 'id')),
            SQL("%s AS score", SQL.identifier(query.table, 'scoring_percentage')))

    def _said_condition(self):
        if self.survey_said == 'choice':
            return SQL(
                """EXISTS (SELECT FROM survey_user_input_line line
                           WHERE line.user_input_id = said.answer_id
                             AND line.suggested_answer_id = ANY(%s))""",
                self.survey_answer_ids.ids)
        return {
            'above': SQL("score >= %s", self.survey_score),
            'below': SQL("score < %s", self.survey_score),
        }.get(self.survey_said, SQL("TRUE"))

    def _subject(self):
        if self.source != 'survey':
            return super()._subject()
        what = {
            'above': f"{self._number(self.survey_score)} %",
            'below': f"{self._number(self.survey_score)} %",
            'choice': ", ".join(self.survey_answer_ids.mapped('value')),
        }.get(self.survey_said, '')
        return self.env._(
            "Survey %(survey)s: %(said)s %(what)s", survey=self.survey_id.title or '',
            said=self._label('survey_said').lower(), what=what).strip()
