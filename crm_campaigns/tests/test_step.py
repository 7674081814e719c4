from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .step_common import StepCommon


@tagged('post_install', '-at_install')
class TestStep(StepCommon):

    def test_due_so_many_days_after_the_start(self):
        step = self._step('offer', after_days=7)
        self.campaign.date_start = '2026-03-02'
        self.assertEqual(step.date_due, fields.Date.to_date('2026-03-09'))

    def test_nothing_is_done_before_its_day_nor_at_night(self):
        step = self._step('request', after_days=7)
        self._start()
        self._run('2026-03-06 12:00:00')
        self.assertFalse(step.touch_ids)
        self._run('2026-03-09 03:00:00')
        self.assertFalse(step.touch_ids)
        self._run('2026-03-09 12:00:00')
        self.assertEqual(step.touch_ids.partner_id, self.customers)
        self.assertEqual(step.state, 'done')

    def test_each_member_is_reached_once(self):
        step = self._step('request')
        self._start()
        self._run()
        step.state = 'running'
        self._run()
        self.assertEqual(len(step.touch_ids), 3)
        self.assertEqual(set(self.campaign.member_ids.mapped('state')), {'contacted'})

    def test_control_group_and_who_declined_are_left_alone(self):
        step = self._step('request')
        self._start()
        self._member(self.acorn).state = 'declined'
        self.env.cr.execute(
            "UPDATE crm_campaign_member SET state = 'control' WHERE id = %s",
            [self._member(self.birch).id])
        self.env.invalidate_all()
        self._run()
        self.assertEqual(step.touch_ids.partner_id, self.cedar)

    def test_conditions(self):
        again = self._step('request', condition='no_answer')
        thanks = self._step('request', condition='responded')
        self._start()
        self._member(self.acorn).state = 'responded'
        self._run()
        self.assertEqual(again.touch_ids.partner_id, self.birch | self.cedar)
        self.assertEqual(thanks.touch_ids.partner_id, self.acorn)

    def test_nobody_is_reached_more_often_than_the_company_allows(self):
        self.env.company.write({'touch_cap': 2, 'touch_cap_days': 10})
        self.env['crm.campaign.touch'].create([
            {'name': "Mail", 'partner_id': customer.id, 'channel': 'mail', 'date': date}
            for customer, date in [
                (self.acorn, '2026-02-27'), (self.acorn, '2026-02-28'), (self.birch, '2026-02-28'),
                (self.cedar, '2026-02-01'), (self.cedar, '2026-02-02')]])
        step = self._step('request')
        self._start()
        self._run()
        self.assertEqual(self._skipped(step), {self.acorn: 'too_often'})
        later = self._step('request')
        self._run()
        self.assertEqual(self._skipped(later), {self.acorn: 'too_often', self.birch: 'too_often'})
        self.assertEqual((later.touch_count, later.skipped_count), (1, 2))

    def test_who_left_himself_out(self):
        (self.acorn | self.birch | self.cedar).write({'phone': '+353 1 234 5601'})
        self.birch.phone = '+353 1 234 5602'
        self.cedar.phone = False
        self.env['phone.blacklist']._add([self.birch.phone_sanitized])
        self.env['crm.call'].create({
            'partner_id': self.acorn.id, 'date_start': '2026-01-05 10:00:00', 'phone': '1',
            'outcome_id': self.env.ref('crm_calls.crm_call_outcome_opt_out').id})
        step = self._step('call')
        self._start()
        self._run()
        self.assertEqual(self._skipped(step), {
            self.acorn: 'opt_out', self.birch: 'blacklist', self.cedar: 'no_address'})
        self.assertEqual(set(self.campaign.member_ids.mapped('state')), {'planned'})

    def test_archived_customers_are_left_out(self):
        step = self._step('request')
        self._start()
        self.acorn.active = False
        self._run()
        self.assertEqual(self._skipped(step), {self.acorn: 'archived'})

    def test_campaign_that_has_ended_does_nothing_more(self):
        step = self._step('request')
        self._start()
        self.campaign.action_done()
        self._run()
        self.assertEqual((step.touch_ids.ids, step.state), ([], 'planned'))
        with self.assertRaisesRegex(UserError, "does not run: start it first"):
            step.action_run_now()

    def test_run_now_does_not_wait_for_the_day(self):
        step = self._step('request', after_days=30)
        self._start()
        with freeze_time('2026-03-02 12:00:00'):
            self.assertEqual(step.action_run_now()['tag'], 'display_notification')
        self._run()
        self.assertEqual(step.state, 'done')

    def test_only_who_plans_runs_steps(self):
        step = self._step('request')
        self._start()
        for role in ('order_manager', 'account_representative', 'service_supervisor'):
            with self.subTest(role=role):
                self._assert_refused(self._as(step, role).action_run_now)

    def test_request_for_a_sale_goes_to_who_looks_after_the_customer(self):
        script = self.env['crm.call.script'].create({
            'name': "Offer", 'res_model': 'crm.campaign.member', 'step_ids': [Command.create(
                {'name': "Greet", 'text': "<p>Hello {{ object.partner_id.name }}</p>"})]})
        self._step('request', script_id=script.id, name="Sell benches")
        self._start()
        self._run()
        request = self.env['crm.request'].search(
            [('campaign_member_id', '=', self._member(self.acorn).id)])
        self.assertEqual(request.user_id, self.roles['account_representative'])
        self.assertEqual(request.name, "Sell benches: Acorn Joinery")
        self.assertIn("Hello Acorn Joinery", request.description)
        self.assertEqual(request.campaign_id, self.campaign)

    def test_offer_reaches_who_has_access_to_the_portal(self):
        new_test_user(self.env, 'ann', 'base.group_portal').partner_id.parent_id = self.acorn
        self.env.flush_all()
        step = self._step('offer', offer_id=self._offer().id)
        self._start()
        self._run()
        self.assertEqual(
            self._skipped(step), {self.birch: 'no_address', self.cedar: 'no_address'})

    def test_a_step_that_cannot_be_done_holds_up_no_other(self):
        broken = self._step('request')
        fine = self._step('request')
        broken.request_type_id = self.env['crm.request.type'].create({
            'name': "Elsewhere", 'code': 'ELS', 'kind': 'information',
            'company_id': self.env['res.company'].create({'name': "Elsewhere"}).id})
        self._start()
        with self.assertLogs('odoo.addons.crm_campaigns', 'WARNING'):
            self._run()
        self.assertEqual((broken.state, fine.state), ('planned', 'done'))

    def test_as_many_queries_for_many_members(self):
        self._assert_reaching_is_flat(self._step('call'))
