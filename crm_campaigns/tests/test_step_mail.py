from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .step_common import StepCommon


@tagged('post_install', '-at_install')
class TestStepMail(StepCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.env['crm.campaign.step'].with_user(cls.roles['marketing_manager']).create({
            'name': "We miss you", 'campaign_id': cls.campaign.id, 'channel': 'mail'})
        cls.step.action_write_mail()
        cls.mailing = cls.step.mailing_id.sudo()
        body = '<p>Come back: <a href="https://example.com">here</a></p>'
        cls.mailing.write({'body_arch': body, 'body_html': body})
        cls.step = cls.step.with_user(cls.env.user)

    def _send(self, moment='2026-03-02 12:05:00'):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
        self.env.invalidate_all()

    def _trace(self, customer):
        return self.env['mailing.trace'].search(
            [('mass_mailing_id', '=', self.mailing.id), ('res_id', '=', customer.id)])

    def _touch(self, customer):
        return self.step.touch_ids.filtered(lambda touch: touch.partner_id == customer)

    def test_mail_goes_to_whom_the_step_reached(self):
        self.cedar.email = False
        self.env['mail.blacklist']._add(self.birch.email)
        self._start()
        self._run()
        self.assertEqual(self.mailing.state, 'in_queue')
        self.assertEqual(self.mailing.campaign_id, self.campaign)
        self.assertEqual(
            self._skipped(self.step), {self.birch: 'blacklist', self.cedar: 'no_address'})
        self.assertEqual(self._touch(self.acorn).state, 'waiting')
        self.assertEqual(self._member(self.acorn).state, 'planned')
        self._send()
        self.assertEqual(self.mailing.mailing_trace_ids.mapped('res_id'), self.acorn.ids)

    def test_recipients_are_frozen_when_it_is_sent(self):
        self._start()
        self._run()
        self.mailing.mailing_domain = self.step._mailing_domain()
        self.campaign.member_ids = [
            (0, 0, {'partner_id': self.env['res.partner'].create(
                {'name': "Late", 'email': 'late@example.com'}).id})]
        self._member(self.birch).state = 'declined'
        self._send()
        self.assertEqual(
            set(self.mailing.mailing_trace_ids.mapped('res_id')), set(self.customers.ids))

    def test_what_became_of_the_mails_comes_back(self):
        self._start()
        self._run()
        self._send()
        self._trace(self.acorn).set_bounced(bounce_message="Unknown here")
        self._trace(self.birch).write({'trace_status': 'sent'})
        self._trace(self.cedar).write({'trace_status': 'open'})
        self._trace(self.cedar).links_click_datetime = '2026-03-03 08:00:00'
        self._run('2026-03-03 12:00:00')
        self.assertEqual(
            [(touch.state, touch.reason) for touch in map(self._touch, self.customers)],
            [('failed', "Bounce"), ('done', False), ('done', False)])
        self.assertEqual(
            [self._member(customer).state for customer in self.customers],
            ['planned', 'contacted', 'responded'])
        self.assertEqual(str(self._member(self.cedar).responded_at), '2026-03-03 08:00:00')

    def test_who_answered_is_not_asked_again(self):
        again = self._step('request', condition='no_answer', after_days=2)
        self._start()
        self._run()
        self._send()
        self._trace(self.acorn).set_replied()
        self._run('2026-03-04 12:00:00')
        self.assertEqual(again.touch_ids.partner_id, self.birch | self.cedar)

    def test_nothing_is_sent_without_a_mail(self):
        self.mailing.body_arch = False
        self._start()
        self._run()
        self.assertEqual((self.step.state, len(self.step.touch_ids)), ('planned', 0))
        self.assertIn("write it first", self.step.problem)
        with self.assertRaisesRegex(UserError, "write it first"):
            self.step.action_run_now()

    def test_nobody_to_write_to_leaves_the_mail_a_draft(self):
        self.customers.email = False
        self._start()
        self._run()
        self.assertEqual((self.step.state, self.mailing.state), ('done', 'draft'))

    def test_a_mailing_to_others_is_refused(self):
        mailing = self.env['mailing.mailing'].create({
            'subject': "Leads", 'mailing_model_id': self.env['ir.model']._get_id('crm.lead')})
        with self.assertRaisesRegex(ValidationError, "not written to contacts"):
            self.step.mailing_id = mailing
