from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import ProcessCommon


class TestExplain(ProcessCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = new_test_user(cls.env, 'stranger', 'crm_roles.group_marketing_manager')

    def _texts(self, task, kind):
        return [line['text'] for line in task.explain() if line['kind'] == kind]

    def test_sentences_tell_how_the_deadline_came_about(self):
        self._create_process()
        self.env['resource.calendar.leaves'].create({
            'name': "Carnival", 'calendar_id': self.calendar.id,
            'date_from': datetime(2026, 3, 2, 23), 'date_to': datetime(2026, 3, 3, 22, 59, 59)})
        with self._at(2026, 3, 2, 12):
            lead = self._create_lead()
        task = self._task(lead)
        text = "\n".join(line['text'] for line in task.explain())
        for words in ("Mon 2 Mar 2026 13:00 (Europe/Brussels)", "The norm in version 1", "Office",
                      "Mon 2 Mar: 05:00 (13:00–18:00)", "Tue 3 Mar: Carnival",
                      "Wed 4 Mar: 03:00 (09:00–12:00)",
                      "So it is due on Wed 4 Mar 2026 12:00"):
            self.assertIn(words, text)
        self.assertIn("Carnival", task.explanation)

    def test_pauses_and_postponements_are_told(self):
        self._create_process(pause_domain="[('priority', '=', '3')]")
        with self._at():
            lead = self._create_lead()
        with self._at(2026, 3, 2, 10):
            lead.priority = '3'
        task = self._task(lead)
        self.assertIn("has been standing", self._texts(task, 'pause')[0])
        with self._at(2026, 3, 2, 15):
            lead.priority = '0'
        self.env['crm.process.extension'].create({
            'task_id': task.id, 'kind': 'postponement', 'hours': 1, 'reason': "Fair week",
            'user_id': self.env.uid, 'date_start': datetime(2026, 3, 2, 15)})
        task._count_extensions()
        task._schedule()
        self.assertIn("04:00 of working time", self._texts(task, 'pause')[0])
        self.assertIn("Fair week", self._texts(task, 'postponement')[0])
        self.assertEqual(task.date_deadline, datetime(2026, 3, 3, 14))

    def test_step_that_waits_says_for_what(self):
        process = self._create_process(activate=False, steps=[
            {'name': "Call", 'domain': "[('priority', '=', '1')]"},
            {'name': "Check", 'domain': "[('color', '=', 1)]", 'parallel': True}])
        process.step_ids[1].depends_on_ids = process.step_ids[0]
        process.action_activate()
        lead = self._create_lead(priority='1', color=1)
        self.assertIn("waits for Call", self._task(lead, "Check").explain()[0]['text'])

    def test_nobody_is_told_about_a_document_he_may_not_read(self):
        self._create_process()
        lead = self._create_lead(user_id=self.env.ref('base.user_admin').id)
        task = self._task(lead)
        self.assertTrue(task.with_user(self.env.ref('base.user_admin')).explain())
        for explain in (
                task.with_user(self.stranger).explain,
                lead.with_user(self.stranger).get_process_explanation):
            with self.assertRaises(AccessError):
                explain()

    def test_list_of_steps_explains_those_he_may_read(self):
        self._create_process()
        own = self._create_lead()
        foreign = self._create_lead(user_id=self.env.ref('base.user_admin').id)
        tasks = (self._task(own) + self._task(foreign)).with_user(self.worker)
        self.assertIn("The norm in version 1", tasks[0].explanation)
        self.assertFalse(tasks[1].explanation)
