from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.crm_campaigns.tests.step_common import StepCommon
from odoo.addons.sms.tests.common import SMSCase

NUMBERS = ['+35312345601', '+35312345602', '+35312345603']


@tagged('post_install', '-at_install')
class TestSmsStep(StepCommon, SMSCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for customer, number in zip(cls.customers, NUMBERS, strict=True):
            customer.phone = number
        cls.step = cls.env['crm.campaign.step'].with_user(cls.roles['marketing_manager']).create({
            'name': "Sale", 'campaign_id': cls.campaign.id, 'channel': 'sms'})
        cls.step.action_write_mail()
        cls.step.mailing_id.body_plaintext = "Two benches for one: https://example.com/sale"
        cls.step = cls.step.with_user(cls.env.user)
        cls.mailing = cls.step.mailing_id

    def _send(self, moment='2026-03-02 12:05:00', **errors):
        """Let Odoo send what waits, with the stock stand-in for the gateway."""
        with self.mockSMSGateway(**errors):
            self._trigger('mass_mailing.ir_cron_mass_mailing_queue', moment)
            self._trigger('sms.ir_cron_sms_scheduler_action', moment)
            return {sms['number']: sms['body'] for sms in self._sms}

    def _trace(self, customer):
        return self.mailing.mailing_trace_ids.filtered(lambda trace: trace.res_id == customer.id)

    def _touches(self):
        """Return what became of the touches of Acorn, Birch and Cedar."""
        touches = {touch.partner_id: touch for touch in self.step.touch_ids}
        return [(touches[customer].state, touches[customer].reason) for customer in self.customers]

    def test_text_goes_to_whom_the_step_reached(self):
        self.cedar.phone = False
        self._start()
        self._run('2026-03-02 03:00:00')
        self.assertFalse(self.step.touch_ids)
        self._run()
        self.assertEqual((self.mailing.state, self.mailing.mailing_type), ('in_queue', 'sms'))
        self.assertEqual(self._touches(), [
            ('waiting', False), ('waiting', False), ('skipped', False)])
        sent = self._send()
        self.assertEqual(set(sent), set(NUMBERS[:2]))
        self.assertIn("Two benches for one", sent[NUMBERS[0]])
        self.assertIn(f'/sms/{self.mailing.id}/', sent[NUMBERS[0]])
        self._run('2026-03-02 12:15:00')
        self.assertEqual(self._touches(), [('done', False), ('done', False), ('skipped', False)])
        self.assertEqual(
            [self._member(customer).state for customer in self.customers],
            ['contacted', 'contacted', 'planned'])
        self.assertFalse(self._send('2026-03-02 12:20:00'))

    def test_what_became_of_the_texts_comes_back(self):
        self._start()
        self._run()
        self._send(nbr_t_error={NUMBERS[0]: 'credit'})
        self._trace(self.birch).set_bounced()
        self._trace(self.cedar).set_clicked()
        self._run('2026-03-02 12:15:00')
        self.assertEqual(self._touches(), [
            ('failed', "Insufficient Credit"), ('failed', "Bounce"), ('done', False)])
        self.assertEqual(
            [self._member(customer).state for customer in self.customers],
            ['planned', 'planned', 'responded'])

    def test_a_number_gets_the_text_once(self):
        self.birch.phone = NUMBERS[0]
        self._start()
        self._run()
        self.env['phone.blacklist']._add([NUMBERS[2]])
        self.assertEqual(list(self._send()), NUMBERS[:1])
        self._run('2026-03-02 12:15:00')
        self.assertEqual(
            self._touches(), [('done', False), ('failed', "Duplicate"), ('failed', "Blacklisted")])

    def test_who_is_left_out(self):
        wrong, often = self.env['res.partner'].create([
            {'name': "Wrong", 'phone': '12'}, {'name': "Often", 'phone': '+35312345604'}])
        self.audience.criterion_ids.partner_domain = str(
            [('id', 'in', (self.customers | wrong | often).ids)])
        self.env.company.write({'touch_cap': 1, 'touch_cap_days': 10})
        self.env['crm.campaign.touch'].create({
            'name': "Text", 'partner_id': often.id, 'channel': 'sms', 'date': '2026-02-28'})
        self.env['phone.blacklist']._add([NUMBERS[1]])
        self.env['crm.call'].create({
            'partner_id': self.cedar.id, 'date_start': '2026-01-05 10:00:00', 'phone': '1',
            'outcome_id': self.env.ref('crm_calls.crm_call_outcome_opt_out').id})
        self._start()
        self._run()
        self.assertEqual(self._skipped(self.step), {
            wrong: 'no_address', self.birch: 'blacklist', self.cedar: 'opt_out',
            often: 'too_often'})
        self.assertEqual(set(self._send()), {NUMBERS[0]})

    def test_nothing_is_sent_without_a_text(self):
        self.mailing.body_plaintext = " "
        self._start()
        self._run()
        self.assertEqual((self.step.state, len(self.step.touch_ids)), ('planned', 0))
        self.assertIn("write it first", self.step.problem)
        self.mailing.write({'body_plaintext': "Sale", 'state': 'done'})
        self.assertIn("sent already", self.step.problem)

    def test_text_is_copied_with_the_plan(self):
        copied = self.campaign._copy_plan("Summer").step_ids.mailing_id
        self.assertEqual(
            (copied.mailing_type, copied.body_plaintext), ('sms', self.mailing.body_plaintext))

    def test_a_mail_is_no_text_message(self):
        with self.assertRaisesRegex(ValidationError, "does not fit the channel Mail"):
            self.step.channel = 'mail'

    def test_only_who_plans_writes_the_text(self):
        for role in ('sales_manager', 'order_manager'):
            step = self._step('sms')
            with self.subTest(role=role):
                self._assert_refused(self._as(step, role).action_write_mail)

    def test_who_may_not_read_mailings_sees_the_campaign(self):
        seen = self._as(self.campaign, 'sales_manager')
        self.assertEqual(seen.read(['ab_testing_mailings_sms_count'])[0], {
            'id': self.campaign.id, 'ab_testing_mailings_sms_count': 0})

    def test_as_many_queries_for_many_members(self):
        self._assert_reaching_is_flat(self.step, few=3, many=15)

    def test_number_of_a_mailing_contact_comes_with_him(self):
        contact = self.env['mailing.contact'].create(
            {'name': "Ann", 'email': 'ann@a.example', 'mobile': NUMBERS[0]})
        action = contact.with_user(self.roles['marketing_manager']).action_import_prospects()
        prospects = self.env['crm.prospect.import'].browse(action['res_id'])
        prospects.action_read()
        self.assertEqual(prospects.row_ids.phone_sanitized, NUMBERS[0])
