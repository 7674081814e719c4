from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged, users

from odoo.addons.crm_roles.tests.mixins import RulesMixin

from .common import ProcessCommon


class CockpitCommon(ProcessCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss, cls.colleague, cls.caller = (
            new_test_user(cls.env, login, f'crm_roles.{group}', tz='Europe/Brussels')
            for login, group in (
                ('boss', 'group_sales_manager'), ('colleague', 'group_account_representative'),
                ('caller', 'group_order_manager')))
        cls.env['crm.process'].search([('state', '=', 'active')]).action_stop()
        cls.process = cls._create_process(
            group_id=cls.env.ref('crm_roles.group_account_representative').id)
        cls.Cockpit = cls.env['crm.process.cockpit']

    def _started(self, *time, **values):
        with self._at(*time):
            return self._create_lead(**values)

    def _started_order(self):
        """Return a quotation of the worker that a process waits for."""
        self._create_process(
            name="Orders", model_name='sale.order', start_domain="[('state', '=', 'draft')]",
            end_domain="[('state', '=', 'sale')]",
            steps=[{'name': "Send", 'domain': "[('state', '=', 'draft')]"}])
        with self._at():
            return self.env['sale.order'].create(
                {'partner_id': self.customer.id, 'user_id': self.worker.id})

    def _seen(self, user=None, domain=()):
        """Return the documents on a user's cockpit, in order."""
        self.env.flush_all()
        lines = self.Cockpit.with_user(user or self.boss).search(list(domain))
        return self.env['crm.lead'].browse(lines.mapped('res_id'))


class TestCockpit(CockpitCommon):

    def test_worst_first(self):
        soon = self._started(2026, 3, 2, 12)
        late = self._started(2026, 2, 26, 8)
        risky_and_dear = self._started(expected_revenue=900)
        risky = self._started(expected_revenue=10)
        later = self._started(2026, 3, 3, 15)
        done = self._started(2026, 2, 26, 8, stage_id=self.won.id)
        later.stage_id = self.quoted
        with self._at(2026, 3, 2, 16):
            self.assertEqual(self._seen(), late | risky_and_dear | risky | soon)
            self.assertEqual(
                self.Cockpit.search([]).mapped('status'), ['late', 'at_risk', 'at_risk', 'due'])
        self.assertFalse(self._task(done))

    def test_lines_say_what_is_at_stake(self):
        self._started(2026, 2, 26, 8, expected_revenue=80)
        self._started(expected_revenue=900)
        with self._at(2026, 3, 2, 16):
            self.assertRecordValues(self.Cockpit.search([]), [
                {'probability': 100, 'value': 80, 'stake': 80, 'partner_id': self.customer.id},
                {'probability': 0, 'value': 900, 'stake': 450, 'partner_id': self.customer.id}])
            line = self.Cockpit.search([('status', '=', 'at_risk')])
            self.assertAlmostEqual(line.remaining_hours, 1)
            self.assertAlmostEqual(line.progress, 87.5)

    def test_learnt_probability_decides_the_order(self):
        unlikely, likely = self._started(), self._started()
        self._task(likely).late_probability = 90
        self._task(unlikely).late_probability = 60
        for lead in unlikely, likely:
            lead.expected_revenue = 100
        with self._at(2026, 3, 2, 16):
            self.assertEqual(self._seen(), likely | unlikely)

    def test_document_appears_once_with_its_worst_step(self):
        self.process.action_stop()
        process = self._create_process(steps=[
            {'name': "Call", 'domain': "[('color', '=', 1)]", 'parallel': True, 'norm_hours': 8},
            {'name': "Check", 'domain': "[('color', '=', 1)]", 'parallel': True, 'norm_hours': 4},
        ])
        self._create_process(name="Other", steps=[
            {'name': "Look", 'domain': "[('color', '=', 1)]", 'norm_hours': 9}])
        lead = self._started(color=1)
        with self._at(2026, 3, 2, 16):
            line = self.Cockpit.search([])
            self.assertEqual(line.mapped('res_id'), lead.ids)
            self.assertEqual(line.step_id, process.step_ids[1])
        process._suspend("Something is wrong")
        with self._at(2026, 3, 2, 16):
            self.assertEqual(self.Cockpit.search([]).step_id.name, "Look")

    def test_what_stands_or_is_not_due_is_not_shown(self):
        self._create_process(name="Paused", pause_domain="[('priority', '=', '3')]")
        self.process.action_stop()
        lead = self._started()
        with self._at(2026, 3, 2, 16):
            self.assertEqual(self._seen(), lead)
            lead.priority = '3'
        with self._at(2026, 3, 9, 16):
            self.assertFalse(self._seen())

    def test_everybody_sees_what_he_may_read_and_the_filter_shows_what_is_his(self):
        mine = self._started()
        theirs = self._started(user_id=self.colleague.id)
        free = self._started(user_id=False)
        with self._at(2026, 3, 2, 16):
            self.assertLessEqual(mine | free, self._seen(self.worker))
            self.assertNotIn(theirs, self._seen(self.worker))
            self.assertFalse(self._seen(self.caller))
            for_me = [('for_me', '=', True)]
            self.assertEqual(self._seen(self.boss, for_me), mine | theirs | free)
            self.assertEqual(self._seen(self.worker, for_me), mine | free)
            self.assertFalse(self._seen(self.boss, [('of_my_team', '=', True)]))
            self.env['crm.team'].create({
                'name': "East", 'user_id': self.boss.id,
                'crm_team_member_ids': [Command.create({'user_id': self.worker.id})]})
            self.assertEqual(self._seen(self.boss, [('of_my_team', '=', True)]), mine)
            self.assertEqual(
                self._seen(self.worker, [('of_my_role', '=', True)]), mine | free)
            line = self.Cockpit.with_user(self.worker).search([('res_id', '=', mine.id)])
            self.assertTrue(line.for_me and line.of_my_role)

    def test_who_sees_all_orders_does_not_look_after_all_of_them(self):
        order = self._started_order()
        with self._at(2026, 3, 2, 16):
            self.env.flush_all()
            lines = self.Cockpit.with_user(self.caller).search([('res_id', '=', order.id)])
            self.assertEqual(lines.mapped('for_me'), [False])
            self.assertFalse(lines.search([('for_me', '=', True)]))

    def test_filter_leaves_out_what_a_colleague_answers_for(self):
        self.customer.user_id = self.worker
        theirs = self._started(user_id=self.colleague.id)
        with self._at(2026, 3, 2, 16):
            self.assertEqual(self._seen(self.worker), theirs)
            self.assertFalse(self._seen(self.worker, [('for_me', '=', True)]))

    def test_foreign_line_cannot_be_read(self):
        theirs = self._started(user_id=self.colleague.id)
        with self._at(2026, 3, 2, 16):
            self.env.flush_all()
            line = self.Cockpit.search([('res_id', '=', theirs.id)])
            with self.assertRaises(AccessError):
                line.with_user(self.worker).read(['status'])

    def test_other_companies_stay_to_themselves(self):
        company = self.env['res.company'].create({'name': "Other"})
        stranger = new_test_user(
            self.env, 'stranger', 'crm_roles.group_sales_manager', company_id=company.id,
            company_ids=[Command.set(company.ids)])
        self._started()
        with self._at(2026, 3, 2, 16):
            self.assertTrue(self._seen(self.boss))
            self.assertFalse(self._seen(stranger))

    def test_counters_of_the_panel(self):
        self._started(2026, 2, 26, 8)
        self._started()
        with self._at(2026, 3, 2, 16):
            self.env.flush_all()
            shown = self.Cockpit.with_user(self.boss).search_panel_select_range(
                'status', enable_counters=True)['values']
        self.assertEqual(
            {value['id']: value['__count'] for value in shown},
            {'late': 1, 'at_risk': 1})

    def test_page_costs_the_same_for_many_lines(self):
        counts = []
        for count in (5, 50):
            with self._at():
                self._create_leads(count)
            with self._at(2026, 3, 2, 16):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.Cockpit.with_user(self.boss).search_read(
                    [], ['res_name', 'remaining_hours', 'progress', 'value', 'user_id', 'stake'])
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])


class TestActing(RulesMixin, CockpitCommon):

    def _line(self, lead, user):
        self.env.flush_all()
        return self.Cockpit.with_user(user).search([('res_id', '=', lead.id)])

    def test_take_over(self):
        lead = self._started(user_id=False)
        with self._at(2026, 3, 2, 16):
            self._line(lead, self.worker).action_take_over()
        self.assertEqual(lead.user_id, self.worker)
        self.assertEqual(self._task(lead).user_id, self.worker)

    def test_reassign(self):
        lead = self._started()
        with self._at(2026, 3, 2, 16):
            action = self._line(lead, self.boss).action_reassign()
            with Form(self.env[action['res_model']].with_user(self.boss).with_context(
                    **action['context'])) as form:
                form.user_id = self.colleague
            form.record.action_reassign()
        self.assertEqual(lead.user_id, self.colleague)
        self.assertEqual(self._task(lead).user_id, self.colleague)

    def test_who_may_not_write_the_document_reassigns_nothing(self):
        representative = new_test_user(
            self.env, 'service', 'crm_roles.group_service_representative')
        order = self._started_order()
        task = self._task(order)
        for user in representative, self.caller:
            with self.subTest(user=user.login):
                self._assert_not_reassigned(task.with_user(user), order)
        self._forbid_writing(order)
        self._assert_not_reassigned(task.with_user(self.boss), order)

    def _assert_not_reassigned(self, task, order):
        """Check that a user is told which field of the document he may not change."""
        refused = f'You may not change "Salesperson" of {order.name}'
        with self.assertRaisesRegex(AccessError, refused):
            task._reassign(task.env.user)
        self.assertEqual(order.user_id, self.worker)

    def test_person_without_the_role_is_refused(self):
        lead = self._started()
        with self.assertRaisesRegex(UserError, "does not hold the role"):
            self._task(lead).with_user(self.boss)._reassign(self.caller)

    def test_role_of_the_process_does_not_bind_who_has_it_not_anyway(self):
        self.process.group_id = self.env.ref('crm_roles.group_order_manager')
        lead = self._started()
        self._task(lead).with_user(self.boss)._reassign(self.colleague)
        self.assertEqual(lead.user_id, self.colleague)

    def test_step_of_a_fixed_person_is_reassigned_in_the_process(self):
        self.process.step_ids.write({'responsible': 'user', 'user_id': self.colleague.id})
        lead = self._started()
        with self.assertRaisesRegex(UserError, "in the process"):
            self._task(lead).with_user(self.boss)._reassign(self.worker)

    def test_person_of_another_record_is_changed_there(self):
        self.process.step_ids.responsible_path = 'team_id.user_id'
        lead = self._started()
        with self.assertRaisesRegex(UserError, "team_id.user_id"):
            self._task(lead).with_user(self.boss)._reassign(self.worker)

    def test_postpone(self):
        lead = self._started()
        task = self._task(lead)
        with self._at(2026, 3, 2, 16):
            action = self._line(lead, self.boss).action_postpone()
            with Form(self.env[action['res_model']].with_user(self.boss).with_context(
                    **action['context'])) as form:
                form.hours = 3
                form.reason = "Customer is abroad"
                self.assertEqual(form.date_deadline, datetime(2026, 3, 3, 11))
            form.record.action_postpone()
        self.assertRecordValues(
            task, [{'date_deadline': datetime(2026, 3, 3, 11), 'postponed_hours': 3}])
        self.assertRecordValues(task.extension_ids, [{
            'kind': 'postponement', 'hours': 3, 'reason': "Customer is abroad",
            'user_id': self.boss.id}])
        self.assertIn("Customer is abroad", lead.message_ids[0].body)
        self.assertEqual(lead.message_ids[0].author_id, self.boss.partner_id)

    def test_a_day_from_now_on_is_proposed(self):
        lead = self._started(2026, 2, 27, 8)  # due at the end of Friday
        with self._at(2026, 3, 2, 9, 30):
            wizard = self.env['crm.process.postpone'].with_user(self.boss).create(
                {'task_ids': self._task(lead).ids, 'reason': "Customer is abroad"})
            self.assertEqual(wizard.hours, 10)

    def test_postponing_takes_warnings_back(self):
        self.process.step_ids[0].write({'level_ids': [Command.create({'value': 80})]})
        lead = self._started()
        with self._at(2026, 3, 2, 15, 30), self.enter_registry_test_mode():
            self.env.flush_all()
            self.env.ref('crm_process.ir_cron_warn').method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(lead.activity_ids)
        with self._at(2026, 3, 2, 16):
            self._task(lead).with_user(self.boss)._postpone(8, "Customer is abroad")
        self.assertEqual(self._task(lead).warning_ids.close_reason, 'moved')
        self.assertFalse(lead.activity_ids)

    @users('worker', 'colleague', 'caller')
    def test_only_leads_postpone(self):
        lead = self._started()
        task = self._task(lead).with_env(self.env(su=False))
        with self.assertRaises(AccessError):
            task._postpone(8, "Please")
        with self.assertRaises(AccessError):
            self.env['crm.process.postpone'].create({'task_ids': task.ids, 'reason': "Please"})

    def test_lead_of_another_company_postpones_nothing(self):
        task = self._task(self._started())
        deadline = task.date_deadline
        company = self.env['res.company'].create({'name': "Other"})
        stranger = new_test_user(
            self.env, 'stranger', 'crm_roles.group_sales_manager', company_id=company.id,
            company_ids=[Command.set(company.ids)])
        with self.assertRaises(AccessError):
            self.env['crm.process.postpone'].with_user(stranger).create(
                {'task_ids': task.ids, 'hours': 8, 'reason': "Please"}).action_postpone()
        self.assertEqual(task.date_deadline, deadline)

    def test_what_is_over_or_shorter_is_not_postponed(self):
        lead = self._started()
        task = self._task(lead).with_user(self.boss)
        with self.assertRaisesRegex(UserError, "more than 0"):
            task._postpone(-1, "Less")
        lead.stage_id = self.won
        self.env.cr.flush()
        with self.assertRaisesRegex(UserError, "is over"):
            task._postpone(8, "Too late")

    def test_cause(self):
        lead = self._started(2026, 2, 26, 8)
        with self._at(2026, 3, 2, 16):
            action = self._line(lead, self.worker).action_cause()
            cause = self.env.ref('crm_process.crm_process_cause_load')
            with Form(self.env['crm.process.task'].with_user(self.worker).browse(
                    action['res_id']), action['views'][0][0]) as form:
                form.cause_id = cause
        self.assertEqual(self._task(lead).cause_id, cause)


@tagged('post_install', '-at_install')
class TestCockpitTour(CockpitCommon, HttpCase):

    def test_lead_works_through_his_cockpit(self):
        team = self.env['crm.process.task'].search([])
        self.assertFalse(team.filtered(lambda task: not task.date_end))
        lead = self._create_lead(name="Planing Machine")
        self._move_back(lead, days=20)
        self.start_tour('/odoo', 'crm_process_cockpit', login='boss')
        task = self._task(lead)
        self.assertEqual(lead.user_id, self.boss)
        self.assertEqual(task.postponed_hours, 500)
        self.assertEqual(task.cause_id, self.env.ref('crm_process.crm_process_cause_load'))

    def _move_back(self, lead, days):
        """Let a lead have stood in its step for so many days."""
        task = self._task(lead)
        task.date_start -= timedelta(days=days)
        task._schedule()
