from odoo.fields import Command

from odoo.addons.crm_campaigns.tests.step_common import StepCommon


class SurveyCommon(StepCommon):
    """A survey with one question: *Good* is worth 10 of 10 points, *Bad* none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env['survey.survey'].create({
            'title': "Are you content?", 'scoring_type': 'scoring_without_answers',
            'question_and_page_ids': [Command.create({
                'title': "How was it?", 'question_type': 'simple_choice',
                'suggested_answer_ids': [
                    Command.create({'value': "Good", 'is_correct': True, 'answer_score': 10}),
                    Command.create({'value': "Bad"})]})]})
        cls.question = cls.survey.question_ids
        cls.good, cls.bad = cls.question.suggested_answer_ids

    @classmethod
    def _answer(cls, answers, choice):
        """Let a customer answer his invitation."""
        answers.write({'user_input_line_ids': [Command.create({
            'question_id': cls.question.id, 'answer_type': 'suggestion',
            'suggested_answer_id': choice.id})]})
        answers._mark_done()

    @classmethod
    def _ask(cls, partner, choice=None):
        answers = cls.survey._create_answer(partner=partner)
        if choice:
            cls._answer(answers, choice)
        return answers
