from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import OrderManagerCommon

# A Monday, ten in the morning in Dublin.
MONDAY = datetime(2026, 3, 2, 10)


class CallRulesCommon(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({'tz': 'Europe/Dublin', 'country_id': cls.env.ref('base.ie').id})
        cls.order = cls._create_order(100.0)

    def _next(self, user=None):
        with self.enter_registry_test_mode():
            action = self.env['sale.order'].with_user(user or self.manager).action_call_next()
        return self.env['sale.order'].browse(action.get('res_id', []))

    def _log(self, outcome, user=None, **values):
        return self.order.with_user(user or self.manager).log_call(outcome, **values)

    def _release(self):
        self.order.with_user(self.manager).action_release()


@tagged('post_install', '-at_install')
class TestWhomNobodyCallsNow(CallRulesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = 'Europe/Dublin'
        cls.env.company.call_calendar_id = cls.env['resource.calendar'].create({
            'name': "Calls", 'attendance_ids': [
                Command.create({
                    'name': "Open", 'dayofweek': str(day), 'hour_from': 9.0, 'hour_to': 18.0,
                    'day_period': 'full_day'})
                for day in range(5)]})

    def test_order_is_offered_only_in_the_hours_of_its_customer(self):
        for hours, offered in ((0, True), (9, False), (-2, False), (24 * 6, False)):
            with self.subTest(hours=hours), freeze_time(MONDAY + timedelta(hours=hours)):
                self.assertEqual(bool(self._next()), offered)
                self._release()

    def test_it_is_the_clock_of_the_customer_that_counts(self):
        self.customer.write({
            'tz': 'America/New_York', 'country_id': self.env.ref('base.us').id})
        with freeze_time(MONDAY):
            self.assertFalse(self._next())
        with freeze_time(MONDAY + timedelta(hours=5)):
            self.assertEqual(self._next(), self.order)

    def test_customer_without_a_clock_lives_by_that_of_the_company(self):
        self.customer.write({'tz': False, 'country_id': False})
        with freeze_time(MONDAY - timedelta(hours=2)):
            self.assertFalse(self._next())
        with freeze_time(MONDAY):
            self.assertEqual(self._next(), self.order)

    def test_failed_payment_does_not_ring_at_night(self):
        with freeze_time(MONDAY + timedelta(hours=12)):
            self._pay_online(self.order, 100.0, 'error')
            self.assertFalse(self._next())

    def test_call_back_is_moved_into_the_hours(self):
        with freeze_time(MONDAY):
            call = self._log(self.callback, callback_at='2026-03-03 20:00:00')
        self.assertEqual(call.callback_at, datetime(2026, 3, 4, 9))

    def test_dialog_tells_that_the_call_back_is_moved(self):
        self.env.company.partner_id.tz = False
        with freeze_time(MONDAY):
            wizard = self.env['crm.call.log'].with_user(self.manager).create({
                'res_model': 'sale.order', 'res_id': self.order.id,
                'outcome_id': self.callback.id, 'callback_at': '2026-03-03 20:00:00'})
            self.assertIn("may not be called then", wizard.callback_hint)

    def test_hours_of_another_company_do_not_matter(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        other.call_calendar_id = self.env.company.call_calendar_id
        self.env.company.call_calendar_id = False
        self.manager.company_ids = [Command.link(other.id)]
        companies = (self.env.company + other).ids
        with freeze_time(MONDAY + timedelta(hours=12)), self.enter_registry_test_mode():
            orders = self.env['sale.order'].with_user(self.manager).with_context(
                allowed_company_ids=companies)
            self.assertEqual(orders.action_call_next().get('res_id'), self.order.id)

    def test_number_nobody_calls_is_not_offered(self):
        self.env.company.call_calendar_id = False
        self.env['phone.blacklist'].add(self.customer.phone)
        self.assertFalse(self._next())
        contact = self.env['res.partner'].create(
            {'name': "Nora Quinn", 'parent_id': self.customer.id})
        order = self._create_order(100.0, partner_id=contact.id)
        self.assertFalse(self._next())
        contact.phone = "+353 21 555 0199"
        self.assertEqual(self._next(), order)

    def test_picking_with_all_rules_costs_a_fixed_number_of_queries(self):
        self.env['phone.blacklist'].add("+353 21 555 0155")
        with freeze_time(MONDAY), self.enter_registry_test_mode():
            orders = self.env['sale.order'].with_user(self.manager)
            orders.action_call_next()
            before = self.cr.sql_log_count
            orders.action_call_next()
            self.assertLessEqual(self.cr.sql_log_count - before, 25)


@tagged('post_install', '-at_install')
class TestCallBackForAnyone(CallRulesCommon):

    def test_call_back_for_anyone_is_anybodys_when_it_is_due(self):
        due = self._tomorrow()
        for personal in (True, False):
            with freeze_time(due - timedelta(hours=3)):
                self._log(self.callback, callback_at=due, callback_personal=personal)
            with freeze_time(due + timedelta(minutes=1)), self.subTest(personal=personal):
                self.assertEqual(bool(self._next(self.colleague)), not personal)
                self.order.with_user(self.colleague).action_release()


@tagged('post_install', '-at_install')
class TestDifficulty(CallRulesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.has_difficulty = cls.env.ref('crm_calls.crm_call_outcome_difficulty')
        cls.has_difficulty.ask_difficulty = True
        cls.money = cls.env.ref('crm_calls.crm_call_difficulty_money')

    def test_difficulty_is_asked_when_money_is_the_matter(self):
        with self.assertRaisesRegex(UserError, f"{self.order.name}.*No money at the moment"):
            self._log(self.has_difficulty)
        with self.assertRaisesRegex(UserError, "Choose one of"):
            self._log(self.promised, difficulty=987654321)
        call = self._log(self.has_difficulty, difficulty=self.money.id)
        self.assertEqual(call.difficulty_id, self.money)

    def test_dialog_asks_for_it_with_what_the_failed_payment_says(self):
        transaction = self._pay_online(self.order, 100.0, 'draft')
        transaction._set_error("Insufficient funds.")
        wizard = Form(self.env['crm.call.log'].with_user(self.manager).with_context(
            default_res_model='sale.order', default_res_id=self.order.id))
        wizard.outcome_id = self.has_difficulty
        self.assertEqual(wizard.difficulty_id, self.money)
        self.assertIn("part now", wizard.advice)
        wizard.save().action_log()
        self.assertEqual(self.order.last_call_id.difficulty_id, self.money)

    def test_answers_of_the_script_are_kept_with_the_call(self):
        script = self.order.with_user(self.manager).get_call_script()
        first = script['steps'][0]
        self.assertIn(self.manager.name, first['text'])
        call = self._log(self.promised, answers=[
            {'step_id': first['id'], 'choice_id': first['choices'][0]['id']}])
        self.assertEqual(call.answer_ids.step_id.id, first['id'])

    def test_dialog_follows_the_script_and_keeps_its_answers(self):
        wizard = Form(self.env['crm.call.log'].with_user(self.manager).with_context(
            default_res_model='sale.order', default_res_id=self.order.id))
        greeting, reason = wizard.script['steps'][:2]
        wizard.outcome_id = self.promised
        wizard.answers = [
            {'step_id': greeting['id'], 'choice_id': greeting['choices'][0]['id'], 'text': ''},
            {'step_id': reason['id'], 'choice_id': False, 'text': "On Friday."}]
        wizard.save().action_log()
        self.assertEqual(
            [(answer.step_id.id, answer.choice_id.id, answer.text)
             for answer in self.order.last_call_id.answer_ids],
            [(greeting['id'], greeting['choices'][0]['id'], ''),
             (reason['id'], False, "On Friday.")])

    def test_who_was_not_reached_was_lost_at_no_step(self):
        first = self.order.with_user(self.manager).get_call_script()['steps'][0]
        heard_nothing = [{'step_id': first['id'], 'choice_id': False, 'text': ''}]
        for outcome, kept in ((self.no_answer, 0), (self.promised, 1)):
            with self.subTest(outcome=outcome.name):
                self.assertEqual(len(self._log(outcome, answers=heard_nothing).answer_ids), kept)

    def test_default_script_has_no_dead_ends(self):
        script = self.env.ref('crm_order_manager.crm_call_script_unpaid')
        self.assertFalse(script.warning)
        self.assertEqual(self.env['crm.call.script']._find_for(self.order), script)
        self.assertIn("100.00 are", script._prepare_for(self.order)['steps'][1]['text'])


@tagged('post_install', '-at_install')
class TestWhatThen(CallRulesCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'quinn@example.com'
        cls.no_answer.max_attempts = 2
        # Of the people of the database only those of the test lead the call centre.
        role = cls.env.ref('crm_roles.group_call_center_lead')
        others = cls.env['res.users'].search(
            [('all_group_ids', 'in', role.ids), ('id', '!=', cls.lead.id)])
        others.write({'group_ids': [Command.unlink(role.id)]})

    def _activities(self, kind):
        kind = self.env.ref(f'crm_calls.mail_activity_type_call_{kind}')
        return self.order.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_nothing_happens_before_the_last_attempt(self):
        self.no_answer.then = 'lead'
        self._log(self.no_answer)
        self.assertFalse(self._activities('lead'))

    def test_lead_is_handed_the_order_after_the_last_attempt_once(self):
        self.no_answer.write({'then': 'lead', 'then_reason': "Find another number."})
        self._log(self.no_answer)
        self._log(self.no_answer)
        self.order._call_cap_reached(self.no_answer)
        activity = self._activities('lead')
        self.assertRecordValues(activity, [{'user_id': self.lead.id}])
        self.assertIn("Find another number.", activity.note)
        self.assertEqual(self.order.call_state, 'done')

    def test_lead_can_be_told_at_once(self):
        self.no_answer.write({'then': 'lead', 'then_at_once': True})
        self._log(self.no_answer)
        self.assertTrue(self._activities('lead'))
        self.assertEqual(self.order.call_state, 'no_answer')

    def test_customer_gets_the_mail_once(self):
        template = self.env.ref('crm_order_manager.mail_template_payment_link')
        self.no_answer.write({'then': 'mail', 'then_template_id': template.id})
        known = self.order.message_ids
        for _number in range(2):
            self._log(self.no_answer)
        self.order._call_cap_reached(self.no_answer)
        self._log(self.no_answer)
        mails = (self.order.message_ids - known).filtered(
            lambda message: self.customer in message.partner_ids)
        self.assertEqual(len(mails), 1)

    def test_without_address_no_mail_is_sent_and_the_call_is_kept(self):
        self.customer.email = False
        template = self.env.ref('crm_order_manager.mail_template_payment_link')
        self.no_answer.write({
            'then': 'mail', 'then_template_id': template.id, 'then_at_once': True})
        self.assertFalse(self._log(self.no_answer).mail_sent)

    def test_giving_up_is_noted_and_left_to_the_salesperson(self):
        seller = self._create_user('account_representative')
        self.order.user_id = seller
        self.no_answer.write({'then': 'lost', 'then_reason': "Cannot be reached"})
        for _number in range(2):
            self._log(self.no_answer)
        self.assertRecordValues(self._activities('given_up'), [{'user_id': seller.id}])
        self.assertIn("Cannot be reached", self.order.message_ids[0].body)
        self.assertEqual(self.order.state, 'sale')

    def test_giving_up_at_once_ends_the_calls(self):
        self.promised.write({'then': 'lost', 'then_at_once': True})
        self._log(self.promised)
        self.assertEqual(self.order.call_state, 'done')
