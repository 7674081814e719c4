from odoo.tests import HttpCase, tagged

from .common import SurveyCommon


@tagged('post_install', '-at_install')
class TestSurveyStep(SurveyCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.env['crm.campaign.step'].create({
            'name': "Are you content?", 'campaign_id': cls.campaign.id, 'channel': 'survey',
            'survey_id': cls.survey.id, 'message': "<p>Two minutes, please.</p>"})

    def _mails(self, step):
        return self.env['mail.mail'].search([
            ('model', '=', 'crm.campaign.touch'), ('res_id', 'in', step.touch_ids.ids)])

    def _invitation(self, customer, step=None):
        return (step or self.step).touch_ids.filtered(
            lambda touch: touch.partner_id == customer).survey_input_id

    def test_each_member_is_invited_by_a_link_of_his_own(self):
        self.cedar.email = False
        self._start()
        self._run()
        self.step.state = 'running'
        self._run()
        self.assertEqual(self.survey.user_input_ids.partner_id, self.acorn | self.birch)
        mails = self._mails(self.step)
        self.assertEqual(len(mails), 2)
        for mail in mails:
            answers = self._invitation(mail.recipient_ids)
            self.assertIn(f'answer_token={answers.access_token}', mail.body_html)
            self.assertIn("Two minutes, please.", mail.body_html)
        self.assertEqual(self._skipped(self.step), {self.cedar: 'no_address'})

    def test_link_opens_the_survey(self):
        self._start()
        self._run()
        _label, url = self.step.touch_ids[:1]._mail_button()
        page = self.url_open(url[url.index('/survey/'):])
        self.assertEqual(page.status_code, 200)
        self.assertIn("Are you content?", page.text)

    def test_who_answers_has_responded_with_a_score(self):
        self._start()
        self._run()
        self._answer(self._invitation(self.acorn), self.good)
        self._answer(self._invitation(self.birch), self.bad)
        self.assertEqual(
            [(member.state, member.survey_state, member.survey_score)
             for member in map(self._member, self.customers)],
            [('responded', 'done', 100.0), ('responded', 'done', 0.0), ('planned', 'new', 0.0)])
        seen = self._as(self._member(self.acorn), 'account_representative')
        self.assertEqual((seen.survey_state, seen.survey_score), ('done', 100.0))
        self._assert_refused(
            self._as(self._invitation(self.acorn), 'account_representative').read, ['state'])

    def test_reminder_goes_to_who_has_not_answered_by_the_same_link(self):
        reminder = self.step.copy({'name': "Still waiting", 'after_days': 7})
        self._start()
        self._run()
        self._answer(self._invitation(self.acorn), self.good)
        self._run('2026-03-09 12:00:00')
        self.assertEqual(self._skipped(reminder), {self.acorn: 'answered'})
        self.assertEqual(len(self._mails(reminder)), 2)
        self.assertEqual(
            self._invitation(self.birch, reminder), self._invitation(self.birch))
        self.assertEqual(len(self.survey.user_input_ids), 3)

    def test_time_to_answer(self):
        self.step.answer_days = 14
        self._start()
        self._run()
        self.assertEqual(
            str(self._invitation(self.acorn).deadline), '2026-03-16 12:00:00')

    def test_what_keeps_a_survey_from_being_sent(self):
        self.assertFalse(self.step.problem)
        self.survey.users_login_required = True
        self.assertIn("asks for a login", self.step.problem)
        self.step.survey_id = False
        self.assertIn("There is no survey yet", self.step.problem)

    def test_as_many_queries_for_many_members(self):
        self._assert_reaching_is_flat(self.step, few=3, many=15)
