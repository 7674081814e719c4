from datetime import datetime

from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import ProcessCommon


class WarningCommon(ProcessCommon):
    """A step of eight hours; the worker is led by Lena, and the process is Oscar's.

    On Monday the first level is reached at 15:24 UTC, the deadline at 17:00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = 'office@example.com'
        cls.worker.write({'email': 'worker@example.com', 'tz': 'Europe/Brussels'})
        cls.lena, cls.oscar = (
            new_test_user(cls.env, login, 'crm_roles.group_sales_manager',
                          email=f'{login}@example.com', tz='Europe/Brussels')
            for login in ('lena', 'oscar'))
        cls.team = cls.env['crm.team'].create({
            'name': "East", 'user_id': cls.lena.id,
            'crm_team_member_ids': [Command.create({'user_id': cls.worker.id})]})
        cls.process = cls._create_process(user_id=cls.oscar.id)
        cls.step = cls.process.step_ids[0]
        cls.Warning = cls.env['crm.process.warning']
        # Whatever else is timed in this database is of no interest here.
        cls.env['crm.process.task'].search([('process_id', '!=', cls.process.id)]).sudo().write(
            {'date_warning': False})
        cls.Warning.search([]).unlink()

    @classmethod
    def _create_level(cls, step=None, **values):
        step = step or cls.step
        step.write({'level_ids': [Command.create(
            {'trigger': 'percent', 'value': 80, 'channel': 'mail', **values})]})
        return step.level_ids[-1:]

    def _warn(self, *time):
        """Run the scheduled action at a moment in UTC."""
        with self._at(*time), self.enter_registry_test_mode():
            self.env.flush_all()
            self.env.ref('crm_process.ir_cron_warn').method_direct_trigger()
        self.env.invalidate_all()

    def _started(self, count=1, **values):
        """Let leads stand in the first step since Monday morning."""
        with self._at():
            return self._create_leads(count, **values)

    def _mails(self):
        return self.env['mail.mail'].search(
            [('email_to', 'like', '@example.com')], order='id').filtered(
            lambda mail: 'process-' in mail.body_html)

    def _put_off(self, user, start, end):
        """Give a user a calendar of his own with days off."""
        calendar = self._create_calendar(f"Of {user.login}")
        resource = self.env['resource.resource'].create(
            {'name': user.name, 'user_id': user.id, 'calendar_id': calendar.id})
        self.env['resource.calendar.leaves'].create({
            'name': "Away", 'resource_id': resource.id, 'calendar_id': calendar.id,
            'date_from': start, 'date_to': end})


class TestRaising(WarningCommon):

    def test_level_is_raised_when_it_is_reached_with_what_was_known(self):
        level = self._create_level()
        task = self._task(self._started())
        self.assertEqual(task.date_warning, datetime(2026, 3, 2, 15, 24))
        self._warn(2026, 3, 2, 15, 23)
        self.assertFalse(task.warning_ids)
        self._warn(2026, 3, 2, 15, 24)
        self.assertRecordValues(task.warning_ids, [{
            'level_id': level.id, 'user_id': self.worker.id, 'channel': 'mail',
            'date_raised': datetime(2026, 3, 2, 15, 24), 'date_sent': datetime(2026, 3, 2, 15, 24),
            'date_deadline': datetime(2026, 3, 2, 17), 'used_hours': 6.4, 'progress': 80,
            'level_hours': 6.4, 'responsible_id': self.worker.id, 'state': 'open'}])
        self.assertFalse(task.date_warning)

    def test_level_is_raised_once(self):
        self._create_level()
        task = self._task(self._started())
        for minute in (30, 35, 40):
            self._warn(2026, 3, 2, 15, minute)
        self.assertEqual(len(task.warning_ids), 1)
        self.assertEqual(len(self._mails()), 1)

    def test_next_level_is_planned(self):
        self._create_level()
        late = self._create_level(trigger='after', value=4, notify='lead')
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        self.assertRecordValues(
            task, [{'level_id': late.id, 'date_warning': datetime(2026, 3, 3, 13)}])
        self._warn(2026, 3, 3, 13)
        self.assertEqual(task.warning_ids.user_id, self.worker | self.lena)

    def test_several_levels_at_once_are_recorded_and_told_once(self):
        self._create_level()
        self._create_level(value=100)
        task = self._task(self._started())
        self._warn(2026, 3, 3, 9)
        self.assertEqual(len(task.warning_ids), 2)
        self.assertEqual(task.warning_ids.mapped('date_sent'), [datetime(2026, 3, 3, 9)] * 2)
        self.assertEqual(len(self._mails()), 1)

    def test_highest_level_says_how_the_person_is_told(self):
        self._create_level(value=100, channel='mail')
        self._create_level(value=50, channel='activity')
        task = self._task(self._started())
        self._warn(2026, 3, 3, 9)
        self.assertEqual(len(self._mails()), 1)
        self.assertFalse(task.warning_ids.activity_id)

    def test_lead_is_warned(self):
        self._create_level(notify='lead')
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(task.warning_ids.user_id, self.lena)

    def test_owner_stands_in_where_nobody_leads(self):
        self._create_level(notify='lead')
        task = self._task(self._started(user_id=self.lena.id))
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(task.warning_ids.user_id, self.oscar)

    def test_owner_is_warned(self):
        self._create_level(notify='owner')
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(task.warning_ids.user_id, self.oscar)

    def test_everybody_of_a_role_is_warned_who_sees_the_document(self):
        blind = new_test_user(self.env, 'blind', 'crm_roles.group_account_representative')
        self._create_level(
            notify='role', group_id=self.env.ref('crm_roles.group_account_representative').id)
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        warned = task.warning_ids.user_id
        self.assertLessEqual(self.worker | self.lena | self.oscar, warned)
        self.assertNotIn(blind, warned)

    def test_people_of_other_companies_are_not_warned(self):
        company = self.env['res.company'].create({'name': "Other"})
        stranger = new_test_user(
            self.env, 'stranger', 'crm_roles.group_sales_manager', company_id=company.id,
            company_ids=[Command.set(company.ids)])
        self._create_level(
            notify='role', group_id=self.env.ref('crm_roles.group_sales_manager').id)
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        self.assertIn(self.lena, task.warning_ids.user_id)
        self.assertNotIn(stranger, task.warning_ids.user_id)
        self.assertFalse(self.Warning.with_user(stranger).search([]))

    def test_step_of_a_role_warns_the_role(self):
        group = self.env.ref('crm_roles.group_account_representative')
        self.step.write({'responsible': 'role', 'group_id': group.id})
        self._create_level()
        task = self._task(self._started())
        self.assertFalse(task.user_id)
        self._warn(2026, 3, 2, 15, 30)
        self.assertLessEqual(self.worker | self.lena, task.warning_ids.user_id)

    def test_missing_responsible_is_stood_in_for(self):
        self._create_level()
        left, nobody = self._started(2)
        nobody.user_id = False
        self.env.cr.flush()
        self._put_off(self.worker, datetime(2026, 3, 1), datetime(2026, 3, 14))
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(self._task(left).warning_ids.user_id, self.lena)
        self.assertEqual(self._task(nobody).warning_ids.user_id, self.oscar)

    def test_level_by_probability(self):
        self._create_level(trigger='probability', value=60)
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(len(task.warning_ids), 1)

    def test_suspended_process_warns_nobody_until_it_is_active_again(self):
        self._create_level()
        task = self._task(self._started())
        self.process._suspend("Something is wrong")
        self._warn(2026, 3, 2, 15, 30)
        self.assertFalse(task.warning_ids)
        with self._at(2026, 3, 2, 16):
            self.process.action_activate()
        self._warn(2026, 3, 2, 16)
        self.assertEqual(len(task.warning_ids), 1)

    def test_due_steps_are_found_by_the_index(self):
        self._create_level()
        task = self._task(self._started())
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """ INSERT INTO crm_process_run
                       (process_id, state, res_model, res_id, company_id, date_start)
                SELECT process_id, 'open', res_model, -number, company_id, date_start
                  FROM crm_process_run, generate_series(1, 20000) AS number
                 WHERE id = %s """, task.run_id.id))
        self.env.cr.execute(SQL(
            """ INSERT INTO crm_process_task (
                    run_id, process_id, step_id, state, res_model, res_id, company_id, date_ready,
                    date_start, date_warning)
                SELECT id, process_id, %s, 'running', res_model, res_id, company_id,
                       date_start, date_start, date_start - res_id * interval '1 hour'
                  FROM crm_process_run
                 WHERE res_id < 0 """, self.step.id))
        self.env.cr.execute("ANALYZE crm_process_task")
        self.env.cr.execute(SQL(
            "EXPLAIN %s", self.env['crm.process.task']._due_query(datetime(2026, 3, 2, 10))))
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn('crm_process_task_due_idx', plan)
        self.assertNotIn('Seq Scan', plan)

    def test_queries_do_not_grow_with_the_number_of_due_steps(self):
        self._create_level(channel='activity')
        counts = []
        for count in (5, 50):
            self._started(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._at(2026, 3, 2, 15, 30):
                self.assertEqual(self.env['crm.process.task']._in_turn(
                    self.env['crm.process.task']._raise_due), count)
                self.env.flush_all()
                self.assertEqual(self.Warning._send_due(), count)
                self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


class TestClosing(WarningCommon):

    def setUp(self):
        super().setUp()
        self.level = self._create_level(channel='activity')
        self.lead = self._started()
        self.task = self._task(self.lead)
        self._warn(2026, 3, 2, 15, 30)
        self.warning = self.task.warning_ids
        self.assertEqual(self.lead.activity_ids.user_id, self.worker)

    def _assert_closed(self, reason):
        self.assertEqual(self.warning.close_reason, reason)
        self.assertTrue(self.warning.date_closed)
        self.assertFalse(self.lead.activity_ids)

    def test_done_in_time(self):
        with self._at(2026, 3, 2, 16):
            self.lead.stage_id = self.quoted
        self._assert_closed('done')

    def test_done_late(self):
        with self._at(2026, 3, 3, 12):
            self.lead.stage_id = self.quoted
        self._assert_closed('done_late')

    def test_given_up(self):
        with self._at(2026, 3, 2, 16):
            self.lead.type = 'lead'
            self.process.action_stop()
        self._assert_closed('cancelled')

    def test_clock_stands_and_goes_on_without_a_second_warning(self):
        self.process.action_stop()
        process = self._create_process(
            pause_domain="[('priority', '=', '3')]", user_id=self.oscar.id)
        self._create_level(process.step_ids[0])
        self.lead = self._started()
        self._warn(2026, 3, 2, 15, 30)
        self.warning = self._task(self.lead).warning_ids
        with self._at(2026, 3, 2, 16):
            self.lead.priority = '3'
        self._assert_closed('paused')
        with self._at(2026, 3, 3, 9):
            self.lead.priority = '0'
        self._warn(2026, 3, 3, 9, 5)
        self.assertEqual(self._task(self.lead).warning_ids, self.warning)

    def test_longer_norm_moves_the_level_ahead_and_it_is_raised_anew(self):
        with self._at(2026, 3, 2, 16):
            self.step.norm_hours = 16
        self._assert_closed('moved')
        self.assertEqual(self.task.date_warning, datetime(2026, 3, 3, 13, 48))
        self._warn(2026, 3, 3, 13)
        self.assertEqual(self.task.warning_ids, self.warning)
        self._warn(2026, 3, 3, 14)
        self.assertEqual(len(self.task.warning_ids), 2)

    def test_slightly_longer_norm_leaves_the_warning_as_it_is(self):
        with self._at(2026, 3, 2, 16, 30):
            self.step.norm_hours = 8.5
        self.assertFalse(self.warning.date_closed)
        self.assertEqual(self.lead.activity_ids.user_id, self.worker)

    def test_holiday_moves_the_level_ahead(self):
        with self._at(2026, 3, 2, 16):
            self.env['resource.calendar.leaves'].create({
                'name': "Carnival", 'calendar_id': self.calendar.id,
                'date_from': datetime(2026, 3, 2, 12), 'date_to': datetime(2026, 3, 2, 23)})
        self._assert_closed('moved')

    def test_new_responsible_is_warned_instead(self):
        with self._at(2026, 3, 2, 16):
            self.lead.user_id = self.lena
        self._assert_closed('handed_over')
        self._warn(2026, 3, 2, 16)
        self.assertEqual((self.task.warning_ids - self.warning).user_id, self.lena)
        with self._at(2026, 3, 2, 16, 10):
            self.lead.user_id = self.worker
        self._warn(2026, 3, 2, 16, 10)
        self.assertEqual(
            self.task.warning_ids.filtered(lambda warning: not warning.date_closed).user_id,
            self.worker)

    def test_queries_do_not_grow_with_the_number_of_warnings_that_close(self):
        counts = {'done': [], 'moved': []}
        for count in (5, 50):
            leads = self._started(count)
            self._warn(2026, 3, 2, 15, 30)
            tasks = self.env['crm.process.task'].search(
                [('res_model', '=', 'crm.lead'), ('res_id', 'in', leads.ids)])
            for reason, close in (
                ('moved', lambda tasks=tasks: tasks._schedule()),
                ('done', lambda leads=leads: leads.write({'stage_id': self.quoted.id})),
            ):
                if reason == 'moved':
                    # Somebody granted a day, and nothing was planned again yet.
                    tasks.postponed_hours = 8
                else:
                    tasks.postponed_hours = 0
                    tasks.warning_ids.write({'date_closed': False, 'close_reason': False})
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                with self._at(2026, 3, 2, 16):
                    close()
                    self.env.cr.flush()
                counts[reason].append(self.env.cr.sql_log_count - before)
                self.assertEqual(set(tasks.warning_ids.mapped('close_reason')), {reason})
        for few, many in counts.values():
            self.assertLessEqual(many, few + 2)

    def test_activity_that_was_done_is_left_alone(self):
        self.lead.activity_ids.with_user(self.worker).action_feedback("Called")
        with self._at(2026, 3, 2, 16):
            self.lead.stage_id = self.quoted
        self.assertEqual(self.warning.close_reason, 'done')
        self.assertEqual(
            self.env['mail.activity'].with_context(active_test=False).search_count(
                [('res_model', '=', 'crm.lead'), ('res_id', '=', self.lead.id)]), 1)


class TestTelling(WarningCommon):

    def test_one_mail_per_person_lists_all_worst_first(self):
        self._create_level()
        with self._at(2026, 2, 27, 12):
            late = self._create_lead(name="Late One")
        soon = self._started(2)
        self._warn(2026, 3, 2, 15, 30)
        mail = self._mails()
        self.assertRecordValues(mail, [{
            'email_to': self.worker.email_formatted, 'state': 'outgoing',
            'subject': "3 steps need you, first of all Late One"}])
        body = mail.body_html
        self.assertLess(body.index("Late One"), body.index(soon[0].name))
        for lead in late | soon:
            self.assertIn(f'/odoo/crm.lead/{lead.id}"', body)
        self.assertIn("Mon 2 Mar 18:00", body)
        self.assertIn("in 01:30 working hours", body)

    def test_mail_is_in_the_language_of_the_recipient(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.worker.lang = 'fr_FR'
        self.step.with_context(lang='fr_FR').name = "Chiffrer"
        self._create_level()
        self._started()
        self._warn(2026, 3, 2, 15, 30)
        self.assertIn("Chiffrer", self._mails().body_html)
        self.assertIn("lun. 2 mars 18:00", self._mails().body_html)

    def test_template_of_the_level_opens_the_mail(self):
        template = self.env['mail.template'].create({
            'name': "Hurry", 'model_id': self.env['ir.model']._get_id('res.users'),
            'subject': "Hurry up, {{ object.name }}",
            'body_html': '<p>Dear <t t-out="object.login"/></p>'})
        self._create_level(template_id=template.id)
        self._started()
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(self._mails().subject, f"Hurry up, {self.worker.name}")
        self.assertIn("Dear worker", self._mails().body_html)

    def test_template_that_fails_stops_nobody(self):
        template = self.env['mail.template'].create({
            'name': "Broken", 'model_id': self.env['ir.model']._get_id('res.users'),
            'subject': "Hello", 'body_html': '<p><t t-out="object.name"/></p>'})
        self._create_level(template_id=template.id)
        self._started()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s) WHERE id = %s",
            ['<t t-out="object.gone"/>', template.id])
        self.env.invalidate_all()
        with self.assertLogs('odoo.addons.crm_process', 'WARNING'):
            self._warn(2026, 3, 2, 15, 30)
        self.assertIn("late, or will be", self._mails().body_html)

    def test_without_an_address_it_is_an_activity(self):
        self.worker.email = False
        self._create_level()
        lead = self._started()
        self._warn(2026, 3, 2, 15, 30)
        self.assertFalse(self._mails())
        self.assertEqual(lead.activity_ids.user_id, self.worker)

    def test_portal_user_is_never_warned(self):
        portal = new_test_user(self.env, 'guest', 'base.group_portal', email='guest@example.com')
        self._create_level()
        lead = self._started()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_process_task SET user_id = %s WHERE res_id = %s AND res_model = 'crm.lead'",
            [portal.id, lead.id])
        self.env.invalidate_all()
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(self._task(lead).warning_ids.user_id, self.oscar)

    def test_one_activity_per_document_and_person(self):
        self._create_level(channel='activity')
        self._create_level(value=100, channel='activity')
        self._create_step(
            self._create_process(name="Other", user_id=self.oscar.id, activate=False, steps=[]),
            name="Check", domain="[]")
        lead = self._started()
        self._warn(2026, 3, 2, 15, 30)
        self.assertRecordValues(lead.activity_ids, [{
            'user_id': self.worker.id, 'summary': "Due soon: Quote", 'automated': True,
            'date_deadline': datetime(2026, 3, 2).date(),
            'activity_type_id': self.env.ref('crm_process.mail_activity_type_warning').id}])
        self._warn(2026, 3, 3, 9)
        self.assertRecordValues(lead.activity_ids, [{'summary': "Late: Quote"}])
        self.assertEqual(self._task(lead).warning_ids.activity_id, lead.activity_ids)

    def test_activity_sends_no_mail_of_its_own(self):
        self._create_level(channel='activity')
        self._started()
        before = self.env['mail.mail'].search_count([])
        self._warn(2026, 3, 2, 15, 30)
        self.assertEqual(self.env['mail.mail'].search_count([]), before)

    def test_document_without_a_list_of_activities(self):
        self.patch(
            type(self.env['crm.process.warning']), '_document_has_activities', lambda self: False)
        campaign_process = self.env['crm.process'].create({
            'name': "Campaign", 'model_name': 'utm.campaign', 'user_id': self.oscar.id,
            'start_domain': "[('active', '=', True)]", 'end_domain': "[('active', '=', False)]"})
        self._create_level(
            self._create_step(campaign_process, name="Run", domain="[('active', '=', True)]"),
            channel='activity')
        with self._at():
            campaign_process.action_activate()
            campaign = self.env['utm.campaign'].create(
                {'title': "Spring", 'user_id': self.lena.id})
        self._warn(2026, 3, 2, 15, 30)
        activity = self._task(campaign).warning_ids.activity_id
        self.assertRecordValues(activity, [
            {'user_id': self.lena.id, 'res_model': False, 'summary': "Due soon: Run"}])
        self.assertIn("Spring", activity.note)

    def test_message_on_the_screen(self):
        self._create_level(channel='bus')
        self._started(2)
        self.env['bus.bus'].search([]).unlink()
        self._warn(2026, 3, 2, 15, 30)
        messages = [
            message for message in self.env['bus.bus'].search([]).mapped('message')
            if 'crm_process.warning' in message]
        self.assertEqual(len(messages), 1)
        self.assertIn("2 steps need you", messages[0])

    def test_nobody_is_told_at_night(self):
        self._create_level(value=100)
        task = self._task(self._started())
        self.process.calendar_id = self._create_calendar("Always", hours=((0, 12), (12, 24)))
        self._warn(2026, 3, 2, 20)
        self.assertRecordValues(task.warning_ids, [{
            'state': 'waiting', 'date_sent': False, 'date_notify': datetime(2026, 3, 3, 8)}])
        self.assertFalse(self._mails())
        self._warn(2026, 3, 3, 8)
        self.assertEqual(task.warning_ids.state, 'open')
        self.assertEqual(len(self._mails()), 1)

    def test_nobody_is_told_at_the_weekend_although_the_action_ran_late(self):
        self._create_level()
        with self._at(2026, 3, 6, 8):
            task = self._task(self._create_lead())
        with self._at(2026, 3, 6, 16):
            self.env['crm.process.task']._raise_due()
        self.assertEqual(task.warning_ids.date_notify, datetime(2026, 3, 6, 16))
        self._warn(2026, 3, 7, 9)
        self.assertRecordValues(task.warning_ids, [
            {'date_sent': False, 'date_notify': datetime(2026, 3, 9, 8)}])
        self._warn(2026, 3, 9, 8)
        self.assertEqual(task.warning_ids.date_sent, datetime(2026, 3, 9, 8))

    def test_recipient_on_holiday_is_told_when_he_is_back(self):
        self._create_level(notify='owner')
        self._put_off(self.oscar, datetime(2026, 3, 2), datetime(2026, 3, 4, 12))
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        self.assertRecordValues(task.warning_ids, [
            {'date_sent': False, 'date_notify': datetime(2026, 3, 4, 12)}])
        self._warn(2026, 3, 4, 12)
        self.assertTrue(task.warning_ids.date_sent)

    def test_public_holiday_of_the_recipient(self):
        self._create_level()
        self.env['resource.calendar.leaves'].create({
            'name': "Carnival", 'calendar_id': self.calendar.id,
            'date_from': datetime(2026, 3, 3), 'date_to': datetime(2026, 3, 3, 22)})
        self.process.calendar_id = self._create_calendar("Always", hours=((0, 12), (12, 24)))
        task = self._task(self._started())
        self._warn(2026, 3, 2, 20)
        self.assertEqual(task.warning_ids.date_notify, datetime(2026, 3, 4, 8))

    def test_what_was_done_over_night_is_told_to_nobody(self):
        self._create_level(value=100)
        self.process.calendar_id = self._create_calendar("Always", hours=((0, 12), (12, 24)))
        lead = self._started()
        self._warn(2026, 3, 2, 20)
        with self._at(2026, 3, 2, 21):
            lead.stage_id = self.quoted
        self._warn(2026, 3, 3, 9)
        self.assertFalse(self._mails())

    def test_one_person_who_cannot_be_told_does_not_stop_the_others(self):
        self._create_level(channel='activity')
        damaged, whole = self._started(2)
        whole.user_id = self.lena
        self.env.cr.flush()
        with self._at(2026, 3, 2, 15, 30):
            self.env['crm.process.task']._raise_due()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_process_task SET date_deadline = NULL WHERE id = %s",
            [self._task(damaged).id])
        self.env.invalidate_all()
        with self.assertLogs('odoo.addons.crm_process', 'WARNING'):
            self._warn(2026, 3, 2, 15, 31)
        self.assertTrue(self._task(whole).warning_ids.date_sent)
        self.assertRecordValues(self._task(damaged).warning_ids, [
            {'date_sent': False, 'date_notify': datetime(2026, 3, 2, 16, 31)}])

    def test_action_wakes_itself_up_for_what_comes_before_its_next_run(self):
        self._create_level()
        self._started()
        cron = self.env.ref('crm_process.ir_cron_warn')
        self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]).unlink()
        self._warn(2026, 3, 2, 15, 10)
        self.assertFalse(self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]))
        self._warn(2026, 3, 2, 15, 20)
        self.assertEqual(
            self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]).call_at,
            datetime(2026, 3, 2, 15, 24))


class TestWarningAccess(WarningCommon):

    def test_seen_by_whoever_sees_the_document_and_written_by_nobody(self):
        self._create_level()
        task = self._task(self._started())
        self._warn(2026, 3, 2, 15, 30)
        warning = task.warning_ids
        others = new_test_user(self.env, 'others', 'crm_roles.group_account_representative')
        manager = new_test_user(self.env, 'caller', 'crm_roles.group_order_manager')
        self.assertEqual(self.Warning.with_user(self.worker).search([]), warning)
        self.assertEqual(self.Warning.with_user(self.lena).search([]), warning)
        self.assertFalse(self.Warning.with_user(others).search([]))
        self.assertFalse(self.Warning.with_user(manager).search([]))
        for user in (self.worker, self.lena):
            for operation in ('write', 'create', 'unlink'):
                self.assertFalse(warning.with_user(user).has_access(operation))
