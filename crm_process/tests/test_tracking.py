from datetime import datetime

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ProcessCommon


class TestTracking(ProcessCommon):

    def test_document_is_timed_from_the_step_it_stands_in(self):
        process = self._create_process()
        with self._at():
            lead = self._create_lead()
        task = self._task(lead)
        self.assertRecordValues(task, [{
            'step_id': process.step_ids[0].id, 'state': 'running', 'user_id': self.worker.id,
            'partner_id': self.customer.id, 'date_start': self.MONDAY,
            'date_deadline': datetime(2026, 3, 2, 17), 'date_late': datetime(2026, 3, 2, 17),
            'date_risk': datetime(2026, 3, 2, 15, 24)}])

    def test_next_step_begins_when_the_document_moves(self):
        self._create_process()
        with self._at():
            lead = self._create_lead()
        with self._at(2026, 3, 3, 9):
            lead.stage_id = self.quoted
        self.assertRecordValues(self._task(lead, "Quote"), [{
            'state': 'done', 'date_end': datetime(2026, 3, 3, 9), 'duration_hours': 9,
            'deviation_hours': 1, 'is_late': True, 'status': 'late'}])
        self.assertRecordValues(self._task(lead, "Win"), [{
            'state': 'running', 'date_start': datetime(2026, 3, 3, 9),
            'date_deadline': datetime(2026, 3, 10, 9)}])

    def test_tolerance_forgives_a_small_delay(self):
        process = self._create_process()
        process.step_ids[0].tolerance_hours = 2
        with self._at():
            lead = self._create_lead()
        with self._at(2026, 3, 3, 9):
            lead.stage_id = self.quoted
        self.assertRecordValues(
            self._task(lead, "Quote"), [{'deviation_hours': 1, 'status': 'on_time'}])

    def test_run_ends_with_the_document_and_keeps_what_it_brought(self):
        process = self._create_process()
        with self._at():
            lead = self._create_lead(expected_revenue=500)
        with self._at(2026, 3, 3, 9):
            lead.stage_id = self.won
        self.assertRecordValues(process.run_ids, [{
            'state': 'done', 'date_end': datetime(2026, 3, 3, 9), 'duration_hours': 9,
            'value': 500, 'customer_class': 'company'}])
        self.assertFalse(process.run_ids.task_ids.filtered(lambda task: not task.date_end))

    def test_document_out_of_scope_gives_up_its_run(self):
        process = self._create_process(domain="[('type', '=', 'opportunity')]")
        with self._at():
            lead = self._create_lead()
        with self._at(2026, 3, 3, 9):
            lead.type = 'lead'
        self.assertEqual(process.run_ids.state, 'cancelled')
        self.assertEqual(self._task(lead).state, 'cancelled')

    def test_document_that_comes_back_starts_the_step_anew(self):
        self._create_process()
        with self._at():
            lead = self._create_lead()
        with self._at(2026, 3, 2, 9):
            lead.stage_id = self.quoted
        with self._at(2026, 3, 3, 9):
            lead.stage_id = self.new
        tasks = self.env['crm.process.task'].search(
            [('res_id', '=', lead.id), ('step_id.name', '=', "Quote")], order='id')
        self.assertEqual(tasks.mapped('state'), ['done', 'running'])

    def test_clock_stands_while_it_is_the_customers_turn(self):
        self._create_process(pause_domain="[('priority', '=', '3')]")
        with self._at():
            lead = self._create_lead()
        with self._at(2026, 3, 2, 10):
            lead.priority = '3'
        task = self._task(lead)
        self.assertRecordValues(task, [
            {'state': 'paused', 'date_deadline': False, 'date_warning': False}])
        with self._at(2026, 3, 4, 10):
            lead.priority = '0'
        self.assertRecordValues(task, [{
            'state': 'running', 'waiting_hours': 16, 'date_deadline': datetime(2026, 3, 4, 17)}])
        with self._at(2026, 3, 4, 16):
            lead.stage_id = self.won
        self.assertRecordValues(task, [{'duration_hours': 7, 'deviation_hours': -1}])

    def test_closing_a_standing_clock_counts_only_what_was_used(self):
        self._create_process(pause_domain="[('priority', '=', '3')]")
        with self._at():
            lead = self._create_lead()
        with self._at(2026, 3, 2, 10):
            lead.priority = '3'
        with self._at(2026, 3, 9, 10):
            lead.stage_id = self.won
        self.assertRecordValues(
            self._task(lead), [{'duration_hours': 2, 'waiting_hours': 40, 'state': 'done'}])

    def test_step_waits_for_the_one_before(self):
        process = self._create_process(activate=False, steps=[
            {'name': "Call", 'domain': "[('priority', '=', '1')]"},
            {'name': "Check", 'domain': "[('color', '=', 1)]", 'parallel': True},
        ])
        process.step_ids[1].depends_on_ids = process.step_ids[0]
        process.action_activate()
        with self._at():
            lead = self._create_lead(priority='1', color=1)
        check = self._task(lead, "Check")
        self.assertRecordValues(check, [
            {'state': 'waiting', 'date_start': False, 'date_ready': self.MONDAY,
             'date_planned_start': datetime(2026, 3, 2, 17),
             'date_planned_end': datetime(2026, 3, 3, 17)}])
        with self._at(2026, 3, 2, 12):
            lead.priority = '0'
        self.assertRecordValues(check, [
            {'state': 'running', 'date_start': datetime(2026, 3, 2, 12)}])

    def test_steps_run_beside_each_other(self):
        self._create_process(steps=[
            {'name': "Call", 'domain': "[('priority', '=', '1')]", 'parallel': True},
            {'name': "Check", 'domain': "[('color', '=', 1)]"},
        ])
        with self._at():
            lead = self._create_lead(priority='1', color=1)
        self.assertEqual(self._task(lead, "Call").state, 'running')
        self.assertEqual(self._task(lead, "Check").state, 'running')

    def test_responsible_follows_the_document(self):
        self._create_process()
        lead = self._create_lead()
        lead.user_id = self.env.ref('base.user_admin')
        self.env.cr.flush()
        self.assertEqual(self._task(lead).user_id, self.env.ref('base.user_admin'))

    def test_deadlines_follow_the_norm_and_closed_ones_do_not(self):
        process = self._create_process()
        with self._at():
            open_lead, closed_lead = self._create_leads(2)
        with self._at(2026, 3, 2, 9):
            closed_lead.stage_id = self.won
        process.step_ids[0].norm_hours = 4
        self.assertRecordValues(self._task(open_lead), [
            {'norm_hours': 4, 'date_deadline': datetime(2026, 3, 2, 13)}])
        self.assertRecordValues(self._task(closed_lead), [
            {'norm_hours': 8, 'date_deadline': datetime(2026, 3, 2, 17)}])

    def test_deadlines_follow_holidays(self):
        self._create_process()
        with self._at():
            lead = self._create_lead()
        holiday = self.env['resource.calendar.leaves'].create({
            'name': "Carnival", 'calendar_id': self.calendar.id,
            'date_from': datetime(2026, 3, 2, 13), 'date_to': datetime(2026, 3, 3, 23)})
        self.assertEqual(self._task(lead).date_deadline, datetime(2026, 3, 4, 13))
        holiday.unlink()
        self.assertEqual(self._task(lead).date_deadline, datetime(2026, 3, 2, 17))

    def test_deadlines_follow_the_hours_of_the_calendar(self):
        self._create_process()
        with self._at():
            lead = self._create_lead()
        self.calendar.attendance_ids.filtered(lambda line: line.hour_to == 18).hour_to = 17
        self.assertEqual(self._task(lead).date_deadline, datetime(2026, 3, 3, 9))
        self.calendar.tz = 'Europe/London'
        self.assertEqual(self._task(lead).date_deadline, datetime(2026, 3, 3, 10))

    def test_deadlines_follow_the_choice_of_another_calendar(self):
        process = self._create_process()
        with self._at():
            lead = self._create_lead()
        process.calendar_id = self._create_calendar("Short", hours=((9, 13),))
        self.assertEqual(self._task(lead).date_deadline, datetime(2026, 3, 3, 12))

    def test_documents_in_the_middle_are_taken_in(self):
        with self._at():
            leads = self._create_leads(3)
        with self._at(2026, 3, 5, 8):
            self._create_process()
        for lead in leads:
            self.assertTrue(self._task(lead).date_start)

    def test_since_when_is_read_from_the_history(self):
        self.env.user.tz = 'UTC'
        lead = self._create_lead()
        self.env['mail.message'].create({
            'model': 'crm.lead', 'res_id': lead.id, 'message_type': 'notification',
            'date': datetime(2026, 3, 2, 9), 'tracking_value_ids': [Command.create({
                'field_id': self.env['ir.model.fields']._get('crm.lead', 'stage_id').id,
                'old_value_integer': self.quoted.id, 'new_value_integer': self.new.id})]})
        with self._at(2026, 3, 5, 8):
            self._create_process()
        self.assertEqual(self._task(lead).date_start, datetime(2026, 3, 2, 9))

    def test_new_version_leaves_old_runs_on_theirs(self):
        process = self._create_process()
        with self._at():
            old = self._create_lead()
        version = process._next_version()
        version.step_ids[0].norm_hours = 2
        version.action_activate()
        self.assertEqual(process.state, 'replaced')
        with self._at():
            new = self._create_lead()
        self.assertEqual(self._task(old).process_id, process)
        self.assertEqual(self._task(new).process_id, version)
        self.assertEqual(self._task(new).norm_hours, 2)
        with self._at(2026, 3, 2, 9):
            old.stage_id = self.quoted
        self.assertEqual(self._task(old).step_id, process.step_ids[1])

    def test_lead_moves_with_its_quotation(self):
        process = self._create_process(activate=False, steps=[
            {'name': "Quote", 'domain': "[('order_ids.state', 'not in', ['sent', 'sale'])]"},
            {'name': "Win", 'domain': "[('order_ids.state', 'in', ['sent', 'sale'])]"}])
        process.action_activate()
        lead = self._create_lead()
        order = self.env['sale.order'].create(
            {'partner_id': self.customer.id, 'opportunity_id': lead.id})
        order.state = 'sent'
        self.env.cr.flush()
        self.assertEqual(self._task(lead).step_id.name, "Win")

    def test_sales_cycle_goes_from_the_lead_to_its_order(self):
        self._create_process()
        self.env.ref('crm_process.crm_process_quotation').action_activate()
        lead = self._create_lead()
        order = self.env['sale.order'].create(
            {'partner_id': self.customer.id, 'opportunity_id': lead.id})
        self.env.cr.flush()
        cycle = self.env['crm.process.task'].search(lead.action_view_process()['domain'])
        self.assertEqual(set(cycle.mapped('step_id.name')), {"Quote", "Send"})
        self.assertEqual(
            self.env['crm.process.task'].search(order.action_view_process()['domain']), cycle)

    def test_deleting_a_document_takes_its_runs_along(self):
        process = self._create_process()
        lead = self._create_lead()
        lead.unlink()
        self.env.cr.flush()
        self.assertFalse(process.run_ids.exists())

    def test_broken_process_suspends_itself_once_and_the_document_goes_on(self):
        process = self._create_process()
        lead = self._create_lead()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_process_step SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s",
            [process.step_ids[1].id])
        process.step_ids.invalidate_recordset(['domain'])
        with self.assertLogs('odoo.addons.crm_process', 'WARNING'):
            lead.stage_id = self.quoted
            self.env.cr.flush()
        self.assertEqual(lead.stage_id, self.quoted)
        self.assertEqual(process.state, 'suspended')
        self.assertIn('gone', process.suspended_reason)
        lead.stage_id = self.new
        self.env.cr.flush()
        self.assertEqual(len(process.activity_ids), 1)

    def test_status_on_the_document(self):
        self._create_process()
        with self._at():
            leads = self._create_leads(2)
            self.assertEqual(leads[0].process_status, 'on_time')
            self.assertEqual(leads[0].process_deadline, datetime(2026, 3, 2, 17))
            self.assertEqual(leads[0].process_step, "Quote")
            leads[1].stage_id = self.quoted
        Lead = self.env['crm.lead'].with_user(self.worker)
        leads.invalidate_recordset()
        for moment, status in [((2026, 3, 2, 16), 'at_risk'), ((2026, 3, 3, 9), 'late')]:
            with self._at(*moment):
                self.env.invalidate_all()
                self.assertEqual(leads[0].with_user(self.worker).process_status, status)
                self.assertEqual(Lead.search([('process_status', '=', status)]), leads[0])
                self.assertEqual(Lead.search([('process_status', '=', 'on_time')]), leads[1])
                self.assertEqual(
                    dict(Lead.with_user(self.worker)._read_group(
                        [('id', 'in', leads.ids)], ['process_status'], ['__count'])),
                    {status: 1, 'on_time': 1})
        self.assertEqual(
            Lead.search([('process_deadline', '<', '2026-03-03 00:00:00')]), leads[0])

    def test_customers_are_not_told_the_timeliness_of_their_orders(self):
        customer = new_test_user(self.env, 'customer', 'base.group_portal')
        orders = self.env['sale.order'].with_user(customer)
        self.assertFalse(orders.formatted_read_group([], ['state'], ['__count']))
        with self.assertRaises(AccessError):
            orders.formatted_read_group([], ['process_status'], ['__count'])

    def test_writing_costs_no_query_without_a_process(self):
        lead = self._create_lead()
        lead.priority = '1'
        self.env.flush_all()
        self.env['crm.process']._watched_fields('crm.lead')
        with self.assertQueryCount(0):
            lead._process_changed(['priority', 'stage_id'])
            self.env['crm.process']._track_changed()

    def test_reading_costs_no_query_without_a_process(self):
        leads = self._create_leads(3)
        self.env['crm.process']._watched_fields('crm.lead')
        with self.assertQueryCount(0):
            self.assertEqual(leads.mapped('process_status'), [False] * 3)
            self.assertEqual(leads.mapped('process_prediction'), [False] * 3)

    def test_queries_do_not_grow_with_the_number_of_documents(self):
        self._create_process()
        counts = []
        for count in (5, 50):
            leads = self._create_leads(count)
            self.env.cr.flush()
            self.env.invalidate_all()
            leads.stage_id = self.quoted
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env['crm.process']._track_changed()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertGreaterEqual(*counts)
