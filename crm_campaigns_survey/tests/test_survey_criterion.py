from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SurveyCommon


@tagged('post_install', '-at_install')
class TestSurveyCriterion(SurveyCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Somebody of Acorn answered twice, the last time badly; Cedar was asked.
        person = cls.env['res.partner'].create({'name': "Ann", 'parent_id': cls.acorn.id})
        for choice, moment in ((cls.good, '2026-01-05'), (cls.bad, '2026-02-05')):
            cls._ask(person, choice).end_datetime = moment
        cls._ask(cls.birch, cls.good)
        cls._ask(cls.cedar)
        cls.env.flush_all()

    def _criterion(self, said, **values):
        return {'source': 'survey', 'survey_id': self.survey.id, 'survey_said': said, **values}

    def test_what_customers_said(self):
        for said, values, found in [
                ('done', {}, self.acorn | self.birch),
                ('open', {}, self.cedar),
                ('above', {'survey_score': 100}, self.birch),
                ('above', {'survey_score': 0}, self.acorn | self.birch),
                ('below', {'survey_score': 100}, self.acorn),
                ('choice', {'survey_answer_ids': [Command.set(self.bad.ids)]}, self.acorn),
                ('choice', {'survey_answer_ids': [Command.set(self.good.ids)]}, self.birch),
                ('done', {'negate': True}, self.cedar)]:
            with self.subTest(said=said, values=values):
                self.assertEqual(self._found(self._criterion(said, **values)), found)

    def test_tests_of_the_survey_do_not_count(self):
        self.survey.user_input_ids.test_entry = True
        self.assertFalse(self._found(self._criterion('done')))

    def test_sentence(self):
        audience = self._audience(
            self._criterion('above', survey_score=80),
            self._criterion('choice', survey_answer_ids=[Command.set(self.bad.ids)]),
            self._criterion('done'))
        self.assertEqual(audience.criterion_ids.mapped('sentence'), [
            "Survey Are you content?: has a score of at least 80 %",
            "Survey Are you content?: has chosen one of Bad",
            "Survey Are you content?: has answered"])

    def test_incomplete_criteria_are_refused(self):
        for values in (
                {'source': 'survey'}, self._criterion('choice')):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._audience(values)

    def test_criteria_stay_complete(self):
        [criterion] = self._audience(self._criterion('done')).criterion_ids
        for values in ({'survey_id': False}, {'survey_said': 'choice'}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                criterion.write(values)

    def test_why_is_he_in(self):
        audience = self._audience(self._criterion('above', survey_score=80))
        self.assertEqual(
            [audience._explain(customer)[0]['holds'] for customer in self.customers],
            [False, True, False])

    def test_sales_managers_may_use_the_audience(self):
        audience = self._audience(self._criterion('done'))
        self.assertEqual(
            audience.with_user(self.roles['sales_manager'])._customers() & self.customers,
            self.acorn | self.birch)

    def test_who_may_not_see_answers_is_told_so(self):
        audience = self._audience(self._criterion('done'))
        self.assertFalse(audience.criterion_ids.problem)
        self.assertEqual(audience._contains(self.acorn), audience)
        self._take_right('survey.user_input', 'read')
        self.assertEqual(
            audience.criterion_ids.problem,
            "the answers to surveys are for who plans campaigns.")
        self.assertFalse(audience._contains(self.acorn))
