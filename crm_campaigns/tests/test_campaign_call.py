from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .step_common import StepCommon


@tagged('post_install', '-at_install')
class TestCampaignCall(StepCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers.phone = '+353 1 234 5601'
        cls.caller = cls.roles['order_manager']
        cls.script = cls.env['crm.call.script'].create({
            'name': "Benches", 'res_model': 'crm.campaign.member', 'step_ids': [Command.create(
                {'name': "Ask", 'text': "<p>Do you want benches?</p>", 'ask_text': True})]})
        cls.step = cls.env['crm.campaign.step'].create({
            'name': "Call", 'campaign_id': cls.campaign.id, 'channel': 'call',
            'script_id': cls.script.id, 'product_ids': cls.product.ids})

    def setUp(self):
        super().setUp()
        self._start()
        self._run()
        self.acorn_member = self._member(self.acorn).with_user(self.caller)

    def _ending(self, name):
        return self.env.ref(f'crm_calls.crm_call_outcome_{name}')

    def _touch(self):
        return self.acorn_member.touch_ids.filtered(lambda touch: touch.step_id == self.step)

    def test_members_wait_for_a_call_when_the_step_is_due(self):
        self.assertEqual(set(self.campaign.member_ids.mapped('call_state')), {'to_call'})
        self.assertEqual(set(self.step.touch_ids.mapped('state')), {'waiting'})
        queue = self.acorn_member.search(self.acorn_member._call_waiting_domain())
        self.assertEqual(queue.partner_id & self.customers, self.customers)

    def test_who_sells_benches_sees_the_script_of_the_step(self):
        script = self.acorn_member.get_call_script()
        self.assertEqual(script['steps'][0]['name'], "Ask")

    def test_answers_are_kept_with_the_member(self):
        call = self.acorn_member.log_call(
            self._ending('promised'),
            answers=[{'step_id': self.script.step_ids.id, 'text': "Two of them"}])
        self.assertEqual(call.answer_ids.text, "Two of them")
        self.assertEqual(self.acorn_member.state, 'contacted')
        self.assertEqual((self._touch().state, self._touch().user_id), ('done', self.caller))

    def test_yes_is_an_answer_and_ends_the_calls(self):
        self.acorn_member.log_call(self._ending('paid'))
        self.assertEqual(self.acorn_member.state, 'responded')
        self.assertTrue(self.acorn_member.responded_at)
        self.assertEqual(self.acorn_member.call_state, 'done')

    def test_no_declines(self):
        self.acorn_member.log_call(self._ending('lost'))
        self.assertEqual(self.acorn_member.state, 'declined')
        self.assertEqual(self.acorn_member.call_state, 'done')
        with self.assertRaisesRegex(UserError, "not to be called for Spring"):
            self.acorn_member.log_call(self._ending('promised'))

    def test_who_wants_no_calls_gets_none(self):
        self.acorn.phone = '+353 1 679 8800'
        self.acorn_member.log_call(self._ending('opt_out'))
        self.assertEqual(self.acorn_member.state, 'declined')
        self.assertTrue(self.env['phone.blacklist'].search_count(
            [('number', '=', self.acorn.phone_sanitized)]))

    def test_nobody_answered_is_no_touch(self):
        self.acorn_member.log_call(self._ending('no_answer'))
        self.assertEqual(self.acorn_member.call_state, 'no_answer')
        self.assertEqual((self.acorn_member.state, self._touch().state), ('planned', 'waiting'))
        self.acorn_member.log_call(self._ending('invalid'))
        self.assertEqual(self._touch().state, 'failed')

    def test_the_next_call_of_the_campaign_begins_anew(self):
        self.acorn_member.log_call(self._ending('paid'))
        again = self._step('call')
        self.env['crm.call'].search([('res_id', '=', self.acorn_member.id)]).date_start = (
            '2026-03-02 12:10:00')
        self._run('2026-03-03 12:00:00')
        self.assertEqual(again.touch_ids.partner_id, self.customers)
        self.assertEqual(self.acorn_member.call_state, 'to_call')

    def test_call_that_cannot_be_is_refused(self):
        for outcome, values, message in (
                ('promised', {'duration': -1}, "cannot last -1"),
                ('callback', {}, "say when"),
                ('callback', {'callback_at': '2020-01-01 10:00:00'}, "lies in the past")):
            with self.subTest(message=message), self.assertRaisesRegex(
                    UserError, f"Acorn Joinery.*{message}"):
                self.acorn_member.log_call(self._ending(outcome), **values)

    def test_script_that_speaks_of_the_campaign_is_for_no_customer(self):
        self.script.step_ids.text = "<p>It is about {{ object.campaign_id.title }}.</p>"
        with self.assertRaisesRegex(ValidationError, "no field \"campaign_id\""):
            self.script.res_model = 'res.partner'

    def test_nobody_is_called_after_the_end(self):
        self.campaign.action_done()
        self.assertEqual(set(self.campaign.member_ids.mapped('call_state')), {'done'})

    def test_interest_makes_an_opportunity_for_the_salesperson_once(self):
        self.acorn_member.log_call(self._ending('promised'), note="Wants two")
        self.acorn_member.action_make_lead()
        self.acorn_member.action_make_lead()
        lead = self.env['crm.lead'].search([('partner_id', '=', self.acorn.id)])
        self.assertEqual(len(lead), 1)
        self.assertEqual(lead.user_id, self.roles['account_representative'])
        self.assertEqual(lead.campaign_id, self.campaign)
        self.assertEqual(lead.activity_ids.user_id, self.roles['account_representative'])
        self.assertIn("Wants two", lead.description)
        self.assertEqual(self.acorn_member.state, 'responded')

    def test_opportunity_opens_for_who_may_see_it(self):
        self.assertEqual(self.acorn_member.action_make_lead()['tag'], 'soft_reload')
        opened = self._as(self.acorn_member, 'sales_manager').action_make_lead()
        self.assertEqual(
            (opened['res_model'], opened['res_id']),
            ('crm.lead', self.acorn_member.sudo().lead_id.id))

    def test_interest_makes_a_quotation_over_what_was_offered(self):
        self.acorn_member.action_make_quotation()
        order = self.acorn_member.sudo().order_id
        self.assertEqual(order.order_line.product_id, self.product)
        self.assertEqual(
            (order.partner_id, order.campaign_id, order.state),
            (self.acorn, self.campaign, 'draft'))

    def test_dialog_makes_what_the_step_proposes(self):
        with Form(self.env['crm.call.log'].with_user(self.caller).with_context(
                default_res_model='crm.campaign.member',
                default_res_id=self.acorn_member.id)) as form:
            self.assertEqual(form.purpose, 'sale')
            form.outcome_id = self.env.ref('crm_campaigns.crm_call_outcome_not_interested')
            self.assertEqual(form.interest, 'nothing')
            form.outcome_id = self.env.ref('crm_campaigns.crm_call_outcome_interested')
            self.assertEqual(form.interest, 'lead')
        form.record.action_log()
        self.assertTrue(self.acorn_member.sudo().lead_id)
        self.assertEqual(self.acorn_member.call_state, 'done')

    def test_dialog_about_an_order_makes_nothing(self):
        self.order_acorn.action_quotation_sent()
        with Form(self.env['crm.call.log'].with_user(self.caller).with_context(
                default_res_model='sale.order', default_res_id=self.order_acorn.id)) as form:
            form.outcome_id = self._ending('paid')
            self.assertEqual(form.purpose, 'payment')
        form.record.action_log()
        self.assertEqual(form.record.interest, 'nothing')

    def test_callers_change_nothing_but_what_came_of_the_call(self):
        for role in ('order_manager', 'call_center_lead'):
            member = self._as(self._member(self.acorn), role)
            self._assert_cannot_write(
                member, partner_id=self.birch.id, stratum=3, call_step_id=False)
            member.action_hold()
            self.assertEqual(member.call_user_id, self.roles[role])
            member.action_release()

    def test_others_do_not_call(self):
        for role in ('service_representative', 'account_representative'):
            member = self._as(self._member(self.acorn), role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                member.action_hold()
            self._assert_refused(member.action_make_lead)
        self.acorn_member.action_make_lead()
        for role in ('service_representative', 'account_representative'):
            with self.subTest(role=role, made=True):
                self._assert_refused(
                    self._as(self._member(self.acorn), role).action_make_lead)
