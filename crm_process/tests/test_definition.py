from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common import ProcessCommon


class TestDefinition(ProcessCommon):

    def _refused(self, words, **values):
        """Expect that the definition is refused, with the words in the reason."""
        with self.assertRaisesRegex(ValidationError, words):
            self._create_process(**values)

    def test_process_needs_steps(self):
        self._refused("has no step", steps=[])

    def test_process_needs_an_end(self):
        self._refused("does not say when it ends", end_domain='[]')

    def test_condition_that_cannot_be_read_is_refused(self):
        self._refused("cannot be read", start_domain="[('type', '=',")

    def test_condition_for_an_unknown_field_is_refused_with_the_name_of_the_step(self):
        self._refused("Quote.*gone", steps=[{'name': "Quote", 'domain': "[('gone', '=', 1)]"}])

    def test_each_condition_of_a_process_is_checked_when_it_is_saved(self):
        process = self._create_process(activate=False)
        for name in ('domain', 'start_domain', 'end_domain', 'pause_domain'):
            with self.subTest(name=name), self.assertRaisesRegex(ValidationError, "gone"):
                process[name] = "[('gone', '=', 1)]"
        with self.assertRaisesRegex(ValidationError, "Quote.*stage_id"):
            process.write({
                'model_name': 'sale.order', 'start_domain': "[('state', '=', 'draft')]",
                'end_domain': "[('state', '=', 'sale')]", 'domain': '[]', 'pause_domain': False})

    def test_process_is_not_activated_with_a_step_from_one_about_other_documents(self):
        orders = self._create_process(
            activate=False, name="Order", model_name='sale.order', start_domain='[]',
            end_domain="[('state', '=', 'sale')]", steps=[])
        self._create_process(activate=False).step_ids[0].process_id = orders
        with self.assertRaisesRegex(ValidationError, "Quote.*asks for the field stage_id"):
            orders.action_activate()

    def test_condition_for_a_value_that_never_comes_is_refused(self):
        self._refused("Quote.*asks for idea", steps=[
            {'name': "Quote", 'domain': "[('type', '=', 'idea')]"}])

    def test_step_nobody_can_reach_is_refused(self):
        self._refused(
            "Quote: no document can ever stand in it", domain="[('type', '=', 'opportunity')]",
            steps=[{'name': "Quote", 'domain': "[('type', '=', 'lead')]"}])

    def test_step_for_every_document_is_refused(self):
        self._refused("every document would stand", steps=[{'name': "Quote", 'domain': '[]'}])

    def test_steps_that_overlap_are_refused(self):
        self._create_lead(priority='1')
        self._refused("stands in Quote and in Call at once", steps=[
            {'name': "Quote", 'domain': f"[('stage_id', '=', {self.new.id})]"},
            {'name': "Call", 'domain': "[('priority', '=', '1')]"}])

    def test_steps_with_the_same_condition_are_refused_without_a_document(self):
        self._refused("every document stands in Quote and in Call at once", steps=[
            {'name': name, 'domain': "[('priority', '=', '1')]"} for name in ("Quote", "Call")])

    def test_steps_beside_each_other_may_overlap(self):
        self._create_lead(priority='1')
        self.assertEqual(self._create_process(steps=[
            {'name': "Quote", 'domain': f"[('stage_id', '=', {self.new.id})]"},
            {'name': "Call", 'domain': "[('priority', '=', '1')]", 'parallel': True},
        ]).state, 'active')

    def test_circle_of_dependencies_is_refused(self):
        process = self._create_process(activate=False)
        first, second = process.step_ids
        second.depends_on_ids = first
        with self.assertRaisesRegex(ValidationError, "Quote would wait for itself"):
            first.depends_on_ids = second

    def test_step_waits_for_steps_of_its_own_process_only(self):
        other = self._create_process(activate=False, name="Other")
        process = self._create_process(activate=False)
        with self.assertRaisesRegex(ValidationError, "own process only"):
            process.step_ids[0].depends_on_ids = other.step_ids[0]

    def test_norm_of_nought_is_refused(self):
        self._refused("Quote: the norm is more than 0 working hours", steps=[
            {'name': "Quote", 'domain': "[('priority', '=', '1')]", 'norm_hours': 0}])

    def test_calendar_without_hours_is_refused(self):
        calendar = self._create_calendar("Never", hours=())
        self._refused("Never has no working hours", calendar_id=calendar.id)
        process = self._create_process()
        with self.assertRaisesRegex(ValidationError, "Never has no working hours"):
            process.calendar_id = calendar
        self.env.company.resource_calendar_id = calendar
        self._refused("Never has no working hours", calendar_id=False)

    def test_responsible_must_be_a_person(self):
        self._refused("names no user", steps=[{
            'name': "Quote", 'domain': "[('priority', '=', '1')]",
            'responsible_path': 'partner_id'}])

    def test_responsible_is_found_along_a_path(self):
        self._create_process(steps=[{
            'name': "Quote", 'domain': f"[('stage_id', '=', {self.new.id})]",
            'responsible_path': 'team_id.user_id'}])
        team = self.env['crm.team'].create({'name': "Team", 'user_id': self.worker.id})
        self.assertEqual(self._task(self._create_lead(team_id=team.id)).user_id, self.worker)

    def test_what_documents_are_measured_by_is_changed_by_a_new_version_only(self):
        process = self._create_process()
        with self.assertRaisesRegex(UserError, "Make a new version"):
            process.end_domain = "[('active', '=', False)]"
        with self.assertRaisesRegex(UserError, "Make a new version"):
            process.step_ids[0].domain = "[('priority', '=', '1')]"
        with self.assertRaisesRegex(UserError, "Make a new version"):
            process.step_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "Make a new version"):
            self._create_step(process, name="Call", domain="[('priority', '=', '1')]")
        process.step_ids[0].norm_hours = 4

    def test_form_saves_a_norm_of_a_process_in_force(self):
        process = self._create_process()
        with Form(process) as form, form.step_ids.edit(0) as step:
            step.norm_hours = 5
        self.assertEqual(process.step_ids[0].norm_hours, 5)

    def test_versions_keep_steps_dependencies_and_warnings(self):
        process = self._create_process(activate=False)
        first, second = process.step_ids
        second.depends_on_ids = first
        first.level_ids = [Command.create({'trigger': 'percent', 'value': 80})]
        process.action_activate()
        version = process._next_version()
        self.assertRecordValues(version, [
            {'version': 2, 'origin_id': process.id, 'state': 'draft', 'name': "Sale"}])
        self.assertEqual(version.step_ids.mapped('key'), process.step_ids.mapped('key'))
        self.assertEqual(version.step_ids[1].depends_on_ids, version.step_ids[0])
        self.assertEqual(version.step_ids[0].level_ids.value, 80)
        with self.assertRaisesRegex(UserError, "already being prepared"):
            process._next_version()

    def test_a_copy_is_a_process_of_its_own(self):
        process = self._create_process()
        copy = process.copy()
        self.assertFalse(set(copy.step_ids.mapped('key')) & set(process.step_ids.mapped('key')))
        self.assertEqual(copy.state, 'draft')

    def test_suspended_process_is_mended_and_activated_again(self):
        process = self._create_process()
        process._suspend(ValueError("broken"))
        process.step_ids[0].domain = "[('priority', '=', '1')]"
        process.action_activate()
        self.assertFalse(process.suspended_reason)

    def test_stopped_process_gives_up_its_runs_and_can_start_again(self):
        process = self._create_process()
        self._create_lead()
        process.action_stop()
        self.assertEqual(process.run_ids.state, 'cancelled')
        self._create_lead()
        self.assertEqual(len(process.run_ids), 1)
        process.action_activate()
        self.assertEqual(len(process.run_ids.filtered(lambda run: run.state == 'open')), 2)

    def test_process_that_was_used_is_not_deleted(self):
        process = self._create_process()
        self._create_lead()
        process.action_stop()
        with self.assertRaisesRegex(UserError, "archive it"):
            process.unlink()

    def test_try_counts_the_documents_of_today(self):
        with self._at():
            self._create_leads(3)
        process = self._create_process(activate=False)
        picture = process.get_picture()
        self.assertTrue(picture['tried'])
        self.assertEqual([step['count'] for step in picture['steps']], [3, 0])
        self.assertFalse(process.run_ids)
        process.action_activate()
        self.assertEqual(
            [step['count'] for step in process.get_picture()['steps']], [3, 0])

    def test_ready_made_processes_can_be_activated(self):
        for name in ('order', 'quotation', 'lead', 'complaint', 'campaign'):
            process = self.env.ref(f'crm_process.crm_process_{name}')
            process.action_activate()
            self.assertEqual(process.state, 'active', process.name)

    def test_complaint_is_taken_up_and_settled(self):
        self.env.ref('crm_process.crm_process_complaint').action_activate()
        tag = self.env.ref('crm_process.crm_tag_complaint')
        lead = self._create_lead(user_id=False, tag_ids=[Command.link(tag.id)])
        self.assertEqual(self._task(lead).step_id.name, "Take Up")
        lead.user_id = self.worker
        self.env.cr.flush()
        self.assertEqual(self._task(lead).step_id.name, "Answer and Settle")
        self.assertFalse(self._task(self._create_lead()))

    def test_order_goes_from_bill_to_payment(self):
        self.env.ref('crm_process.crm_process_order').action_activate()
        product = self.env['product.product'].create(
            {'name': "Drill", 'invoice_policy': 'order', 'list_price': 100, 'taxes_id': False})
        order = self.env['sale.order'].create({
            'partner_id': self.customer.id, 'user_id': self.worker.id,
            'order_line': [Command.create({'product_id': product.id})]})
        order.action_confirm()
        self.env.cr.flush()
        self.assertEqual(self._task(order).step_id.name, "Bill")
        bill = order._create_invoices()
        bill.action_post()
        self.env.cr.flush()
        self.assertEqual(self._task(order).step_id.name, "Payment")
        self.assertEqual(self._task(order).user_id, self.worker)


class TestAccess(ProcessCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls._create_process()
        cls.lead = cls._create_lead()
        cls.foreign = cls._create_lead(user_id=cls.env.ref('base.user_admin').id)

    def _user(self, role):
        return new_test_user(self.env, role, f'crm_roles.group_{role}')

    def test_steps_are_seen_with_their_documents(self):
        tasks = self._task(self.lead) + self._task(self.foreign)
        Task = self.env['crm.process.task'].with_user(self.worker)
        self.assertEqual(Task.search([('id', 'in', tasks.ids)]), tasks[0])
        self.assertEqual(Task._read_group([('id', 'in', tasks.ids)], [], ['__count']), [(1,)])
        self.assertFalse(tasks[1].with_user(self.worker).has_access('read'))
        manager = self._user('sales_manager')
        self.assertEqual(
            len(self.env['crm.process.task'].with_user(manager).search(
                [('id', 'in', tasks.ids)])), 2)

    def test_reasons_of_postponements_are_seen_with_their_documents(self):
        extensions = self.env['crm.process.extension'].create([{
            'task_id': self._task(lead).id, 'kind': 'postponement', 'hours': 1, 'reason': "Fair",
            'date_start': self.MONDAY} for lead in (self.lead, self.foreign)])
        Extension = self.env['crm.process.extension'].with_user(self.worker)
        self.assertEqual(Extension.search([('id', 'in', extensions.ids)]), extensions[0])
        self.assertFalse(extensions[1].with_user(self.worker).has_access('read'))

    def test_responsible_tells_the_cause_and_nothing_else(self):
        task = self._task(self.lead).with_user(self.worker)
        task.cause_id = self.env.ref('crm_process.crm_process_cause_load')
        with self.assertRaises(UserError):
            task.date_deadline = '2030-01-01'
        with self.assertRaises(UserError):
            task.create({'run_id': task.run_id.id, 'step_id': task.step_id.id})
        with self.assertRaises(UserError):
            task.unlink()

    def test_definitions_are_changed_by_managers_and_supervisors_only(self):
        for role, may in [
                ('sales_manager', True), ('service_supervisor', True),
                ('call_center_lead', False), ('order_manager', False),
                ('account_representative', False), ('service_representative', False),
                ('marketing_manager', False)]:
            with self.subTest(role=role):
                process = self.process.with_user(self._user(role))
                self.assertTrue(process.name)
                self.assertEqual(process.has_access('write'), may)
                self.assertEqual(process.step_ids.has_access('write'), may)

    def test_managers_make_and_activate_a_process_by_themselves(self):
        for role in ('sales_manager', 'service_supervisor'):
            process = self.process.with_user(self._user(role)).create({
                'name': role, 'model_name': 'crm.lead',
                'end_domain': f"[('stage_id', '=', {self.won.id})]"})
            process.step_ids = [Command.create({
                'name': "Quote", 'domain': f"[('stage_id', '=', {self.new.id})]"})]
            process.action_activate()
            self.assertEqual(process.state, 'active')
            process._next_version().action_activate()
            process.browse(process.version_ids.ids).action_stop()

    def test_document_is_timed_whoever_writes_it(self):
        lead = self._create_lead(user_id=self.worker.id)
        lead.with_user(self.worker).stage_id = self.quoted
        self.env.cr.flush()
        self.assertEqual(self._task(lead).step_id.name, "Win")

    def test_other_companies_are_not_seen(self):
        company = self.env['res.company'].create({'name': "Elsewhere"})
        lead = self._create_lead(company_id=company.id, team_id=False, user_id=False)
        manager = self._user('sales_manager')
        self.assertTrue(self._task(lead))
        self.assertFalse(self.env['crm.process.task'].with_user(manager).search(
            [('id', 'in', self._task(lead).ids)]))
        process = self._create_process(name="Theirs", company_id=company.id)
        with self.assertRaises(AccessError):
            process.with_user(manager).get_picture()

    def test_outsiders_see_no_processes(self):
        outsider = new_test_user(self.env, 'outsider', 'base.group_portal')
        for model in ('crm.process', 'crm.process.task', 'crm.process.run'):
            self.assertFalse(self.env[model].with_user(outsider).has_access('read'))
