from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.crm_service_requests.wizard.crm_request_intake import propose_subject

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestIntake(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.ie')
        cls.acorn.phone = '+353 21 555 0142'
        cls.ann = cls.env['res.partner'].create({
            'name': "Ann Oak", 'parent_id': cls.acorn.id, 'email': 'ann@acorn.example'})

    def _take(self, role='service_representative', **values):
        intakes = self.env['crm.request.intake'].with_user(self.roles[role])
        form = Form(intakes)
        for name, value in values.items():
            form[name] = value
        return form.save()

    def _requests(self, action):
        return self.env['crm.request'].browse(action['res_id'])

    def test_caller_is_found_by_whatever_he_says(self):
        request = self._create_request(partner_id=self.birch.id)
        for caller, partner in (
                ('021 5550142', self.acorn), ('+353215550142', self.acorn),
                ('ann@acorn.example', self.ann), ("Ann Oak", self.ann),
                ("acorn join", self.acorn), (request.number.lower(), self.birch)):
            with self.subTest(caller=caller):
                self.assertEqual(self._take(caller=caller).partner_id, partner)

    def test_several_who_fit_are_offered(self):
        twins = self.env['res.partner'].create([
            {'name': "Cedar Works North"}, {'name': "Cedar Works South"}])
        intake = self._take(caller="Cedar Works")
        self.assertFalse(intake.partner_id)
        self.assertEqual([found['id'] for found in intake.candidates], twins.ids)

    def test_subject_is_the_first_sentence(self):
        for text, subject in (
                ("The saw is loud. Since May.", "The saw is loud"),
                ("  Wants clamps\nby Friday", "Wants clamps"),
                ("Bench no. 5 is late", "Bench no. 5 is late"), ("", ""), (False, "")):
            with self.subTest(text=text):
                self.assertEqual(propose_subject(text), subject)
        self.assertLessEqual(len(propose_subject("word " * 40)), 70)
        intake = self._take(description="The saw is loud. Since May.")
        self.assertEqual(intake.name, "The saw is loud")
        self.assertEqual(
            self._take(name="Saw", description="The saw is loud.").name, "Saw")

    def test_what_was_taken_down_becomes_a_request_and_a_call(self):
        with freeze_time('2026-03-02 09:00:00'):
            intake = self._take(
                caller='021 5550142', type_id=self.types['complaint'], priority='2',
                description="The saw is loud.\nSince May.")
        with freeze_time('2026-03-02 09:03:00'):
            request = self._requests(intake.action_save())
        self.assertRecordValues(request, [{
            'name': "The saw is loud", 'channel': 'phone', 'partner_id': self.acorn.id,
            'type_id': self.types['complaint'].id, 'priority': '2',
            'user_id': self.roles['service_representative'].id}])
        self.assertIn("<br>Since May.", request.description)
        self.assertRecordValues(request.call_ids, [{
            'direction': 'incoming', 'partner_id': self.acorn.id, 'duration': 3.0,
            'note': "The saw is loud", 'user_id': self.roles['service_representative'].id}])
        self.assertFalse(request.date_first_answer)

    def test_stranger_is_kept_with_his_number(self):
        request = self._requests(
            self._take(caller='+353 1 555 0100', description="Do you sell saws?").action_save())
        self.assertRecordValues(request, [{'partner_id': False, 'phone': '+353 1 555 0100'}])
        self.assertEqual(request.call_ids.phone, '+353 1 555 0100')

    def test_only_who_may_create_customers_registers_a_stranger(self):
        values = {'caller': '+353 1 555 0100', 'description': "Do you sell saws?"}
        self.assertFalse(self._take(**values).may_create_partner)
        intake = self._take('service_supervisor', **values, new_name="Rowan Ash")
        request = self._requests(intake.action_save())
        self.assertRecordValues(request.partner_id, [{
            'name': "Rowan Ash", 'phone': '+353 1 555 0100'}])

    def test_what_he_adds_goes_under_the_request_he_made(self):
        request = self._create_request()
        request.action_wait()
        intake = self._take(caller='021 5550142', description="It is <b>urgent</b> now.")
        count = self.env['crm.request'].search_count([])
        intake.action_add_to(request.id)
        self.assertEqual(self.env['crm.request'].search_count([]), count)
        self.assertEqual(request.state, 'open')
        self.assertIn("It is &lt;b&gt;urgent&lt;/b&gt; now.", request.message_ids[0].body)
        self.assertEqual(request.call_ids.direction, 'incoming')
        with self.assertRaisesRegex(UserError, "write down"):
            self._take(caller='021 5550142').action_add_to(request.id)

    def test_nothing_is_added_to_a_request_one_does_not_see(self):
        request = self._create_request(partner_id=self.birch.id)
        for text in ("It is urgent now.", ""):
            intake = self._take('account_representative', description=text)
            with self.subTest(text=text):
                self._assert_refused(intake.action_add_to, request.id)

    def test_nothing_is_not_saved(self):
        with self.assertRaisesRegex(UserError, "what the customer wants"):
            self._take(caller='021 5550142').action_save()

    def test_next_one_begins_where_the_last_was_saved(self):
        action = self._take(description="Do you sell saws?").action_save_and_new()
        self.assertIn("Do you sell saws", action['params']['message'])
        self.assertEqual(action['params']['next']['res_model'], 'crm.request.intake')

    def test_representatives_take_down_what_they_may_work_on(self):
        types = self.env['crm.request.intake']
        offered = self.env['crm.request.type'].with_user(
            self.roles['service_representative']).search(
            types.with_user(self.roles['service_representative'])._type_domain())
        self.assertNotIn(self.types['payment'], offered)
        self.assertIn(self.types['information'], offered)
        self._assert_refused(
            types.with_user(self.roles['marketing_manager']).create,
            {'type_id': self.types['information'].id})

    def test_call_the_dialler_told_about_is_the_one_of_the_request(self):
        user = self.roles['service_representative']
        call = self.env['crm.call'].create({
            'direction': 'incoming', 'partner_id': self.acorn.id, 'user_id': user.id,
            'phone': '+353 21 555 0142', 'dialler_ref': 'x-1', 'duration': 2.5})
        [[label, action]] = [
            button for button in call.with_user(user)._calling_buttons()
            if button[1]['res_model'] == 'crm.request.intake']
        self.assertEqual(label, "New Request")
        intake = Form(self.env['crm.request.intake'].with_user(user).with_context(
            **action['context']))
        intake.description = "Where is my bench?"
        request = self._requests(intake.save().action_save())
        self.assertEqual(request.call_ids, call)
        self.assertEqual(call.duration, 2.5)

    def test_call_back_about_a_request_stands_in_the_calendar(self):
        request = self._create_request()
        user = self.roles['service_representative']
        outcomes = self.env['crm.call.outcome']
        later = outcomes.search([('kind', '=', 'callback')], limit=1)
        call = self.env['crm.call'].create({
            'partner_id': self.acorn.id, 'user_id': user.id, 'outcome_id': later.id,
            'callback_at': fields.Datetime.add(fields.Datetime.now(), days=1),
            'res_model': 'crm.request', 'res_id': request.id})
        self.env.cr.flush()
        self.assertEqual(call.callback_event_id.start, call.callback_at)
        self.env['crm.call'].create({
            'partner_id': self.acorn.id, 'user_id': user.id, 'res_model': 'crm.request',
            'date_start': fields.Datetime.add(fields.Datetime.now(), hours=1),
            'outcome_id': outcomes.search([('kind', '=', 'lost')], limit=1).id,
            'res_id': request.id})
        self.env.cr.flush()
        self.assertFalse(call.callback_event_id)

    def test_call_about_a_request_suspends_no_process(self):
        request = self._requests(self._take(
            caller='021 5550142', description="Where is my bench?").action_save())
        self.env.cr.flush()
        self.assertTrue(request.process_deadline)
        self.assertEqual(request.process_id.state, 'active')

    # What there is with the customer already

    def _panel(self, role='service_representative', request=None):
        panel = self.env['crm.request'].with_user(self.roles[role]).get_customer_panel(
            self.ann.id, request and request.id)
        return {section['name']: section for section in panel}

    def test_panel_shows_what_there_is_with_the_whole_company(self):
        request, other = self._create_request(), self._create_request(name="Another bench")
        self._create_request(partner_id=self.birch.id)
        self.env['crm.call'].create({
            'partner_id': self.acorn.id, 'direction': 'incoming', 'note': "Wants a bench\nsoon"})
        self.bill_acorn.invoice_date_due = '2026-02-01'
        panel = self._panel(request=request)
        self.assertEqual([row['id'] for row in panel['requests']['rows']], [other.id])
        self.assertEqual([row['id'] for row in panel['orders']['rows']], self.order_acorn.ids)
        self.assertEqual([row['id'] for row in panel['bills']['rows']], self.bill_acorn.ids)
        self.assertEqual(panel['bills']['rows'][0]['color'], 'danger')
        self.assertIn('100', panel['bills']['total'])
        self.assertEqual(panel['calls']['rows'][0]['title'], "Wants a bench")

    def test_panel_shows_only_what_the_user_may_read(self):
        self.env['crm.call'].create({'partner_id': self.acorn.id})
        self.roles['plain'] = new_test_user(self.env, 'plain', 'base.group_user')
        self.assertEqual(set(self._panel('plain')), {'requests'})
        panel = self.env['crm.request'].with_user(
            self.roles['account_representative']).get_customer_panel(self.birch.id)
        self.assertFalse([row for section in panel for row in section['rows']])

    def test_panel_of_nobody_is_empty(self):
        self.assertEqual(self.env['crm.request'].get_customer_panel(False), [])

    def test_panel_costs_as_many_queries_however_much_there_is(self):
        self._fill(5)
        few = self._count_queries()
        self._fill(45)
        self.assertLessEqual(self._count_queries(), few)

    def _fill(self, number):
        for _count in range(number):
            self._create_request(partner_id=self.ann.id)
            self._create_order(self.acorn)
            self._create_bill(self.acorn)
            self.env['crm.call'].create({'partner_id': self.acorn.id, 'note': "Called"})

    def _count_queries(self):
        return self._count_statements(self._panel)
