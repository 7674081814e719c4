"""A customer who has gone silent is won back: from the audience to what the campaign earned."""

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_campaigns.tests.step_common import StepCommon

CROWD = 58
MAIL_DAY, CALL_DAY, REQUEST_DAY = '2026-03-02', '2026-03-09', '2026-03-23'


@tagged('post_install', '-at_install')
class TestSilentCustomerIsWonBack(StepCommon):
    """Acorn bought twice, a month apart, a year ago; so did a crowd of others. Birch buys once a
    year, as ever. Each bench sold for 100 has cost 60."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.old_bill | cls.new_bill).button_draft()
        cls.product.write({'standard_price': 60.0, 'invoice_policy': 'order'})
        (cls.acorn | cls.cedar).phone = '+353 1 234 5601'
        cls.crowd = cls.env['res.partner'].create([
            {'name': f"Joinery {number}", 'email': f'joinery{number}@example.com',
             'phone': '+353 1 234 5602'} for number in range(CROWD)])
        cls.silent = cls.crowd | cls.acorn | cls.cedar
        cls._bought(cls.silent, '2025-01-20', '2025-02-20')
        cls._bought(cls.birch, '2024-04-20', '2025-04-20')
        cls.marketer, cls.chief, cls.caller, cls.salesperson = (
            cls.roles[role] for role in (
                'marketing_manager', 'sales_manager', 'order_manager', 'account_representative'))
        cls.interested = cls.env.ref('crm_campaigns.crm_call_outcome_interested')

    @classmethod
    def _bought(cls, customers, *days):
        # sudo: crm.sales.fact.delta - what was billed long ago
        cls.env['crm.sales.fact.delta'].sudo().create([
            {'partner_id': customer.id, 'product_id': cls.product.id, 'date': day,
             'company_id': cls.env.company.id, 'quantity': 1, 'amount': 100.0, 'cost': 60.0}
            for customer in customers for day in days])

    def _plan(self):
        """The marketing manager makes the campaign of the template his own."""
        template = self.env.ref('crm_campaigns.utm_campaign_template_win_back')
        campaigns = self.env['utm.campaign'].with_user(self.marketer)
        campaign = campaigns.browse(
            template.with_user(self.marketer).action_use_template()['res_id'])
        campaign.audience_id.write({'criterion_ids': [Command.create({
            'source': 'customer',
            'partner_domain': str([('id', 'in', (self.silent | self.birch).ids)])})]})
        campaign.write({
            'title': "Spring is coming", 'is_promotion': True, 'control_percent': 40,
            'budget': 500, 'window_days': 45,
            'cost_ids': [Command.create(
                {'name': "Photographs", 'kind': 'spent', 'amount': 150, 'date': MAIL_DAY})]})
        campaign.step_ids[1].product_ids = self.product
        return campaign

    def _send_mails(self, campaign, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
        self.env.invalidate_all()
        return self.env['mailing.trace'].search(
            [('mass_mailing_id', '=', campaign.step_ids[:1].mailing_id.id)])

    def _order(self, customers, day, confirm=True):
        with freeze_time(f'{day} 11:00:00'):
            orders = self.env['sale.order'].create([{
                'partner_id': customer.id, 'order_line': [Command.create({
                    'product_id': self.product.id, 'tax_ids': [Command.clear()]})]}
                for customer in customers])
            orders.with_context(skip_procurement=True).action_confirm()
        return orders

    def _call_next(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            action = self.env['crm.campaign.member'].with_user(self.caller).action_call_next()
        return self.env['crm.campaign.member'].with_user(self.caller).browse(action['res_id'])

    def test_story(self):
        with freeze_time(f'{MAIL_DAY} 09:00:00'):
            campaign = self._plan()
            # Acorn is silent for much longer than its month; Birch is not. Prices are given
            # away, so a sales manager has to agree; nobody does it for himself.
            found = campaign.audience_id._customers()
            self.assertEqual(found & (self.acorn | self.birch), self.acorn)
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                campaign.action_start()
            campaign.action_submit()
            with self.assertRaisesRegex(UserError, "by sales managers"):
                campaign.action_approve()
            campaign.with_user(self.chief).action_approve()
            campaign.action_start()
        members = campaign.sudo().member_ids
        alone = members.filtered(lambda member: member.state == 'control')
        reached = members - alone
        self.assertEqual((len(members), len(alone)), (CROWD + 2, (CROWD + 2) * 40 // 100))
        reached.partner_id.user_id = self.salesperson

        # The mail goes to the members, and to nobody who is left alone.
        self._run(f'{MAIL_DAY} 10:00:00')
        traces = self._send_mails(campaign, f'{MAIL_DAY} 10:05:00')
        self.assertEqual(set(traces.mapped('res_id')), set(reached.partner_id.ids))
        traces.write({'trace_status': 'sent'})
        with freeze_time('2026-03-03 08:00:00'):
            traces[:20].set_opened()
            traces[:1].set_replied()
        answered = self.env['res.partner'].browse(traces[:1].res_id)

        # After a week who has not answered is called. One of them is interested; the caller makes
        # the quotation for who looks after him.
        self._run(f'{CALL_DAY} 10:00:00')
        queue = members.filtered(lambda member: member.call_state == 'to_call')
        self.assertEqual(queue.partner_id, reached.partner_id - answered)
        member = self._call_next(f'{CALL_DAY} 10:30:00')
        buyer = member.partner_id
        self.assertIn(buyer, queue.partner_id)
        with freeze_time(f'{CALL_DAY} 10:40:00'):
            member.log_call(self.interested, duration=5, note="Two benches, if they come soon.")
            member.action_make_quotation()
        quotation = member.sudo().order_id
        self.assertEqual(quotation.user_id, self.salesperson)
        self.assertEqual(quotation.activity_ids.user_id, self.salesperson)
        self.assertIn("Two benches", quotation.activity_ids.note)

        # The salesperson sells; the bill is paid. Many others come back by themselves.
        with freeze_time('2026-03-10 09:00:00'):
            order = quotation.with_user(self.salesperson).with_context(skip_procurement=True)
            order.order_line.filtered('product_id').product_uom_qty = 2
            order.action_confirm()
            order.sudo().date_order = fields.Datetime.now()
            self._pay(quotation)
        self.assertEqual(quotation.amount_unpaid, 0)
        self._order((reached.partner_id - answered - buyer)[:30], '2026-03-11')
        self._order(alone.partner_id[:2], '2026-03-11')

        # Of those who have still not answered, the personal manager gets a request.
        self._note_orders('2026-03-12 08:00:00')
        self.assertEqual(member.state, 'bought')
        self._run(f'{REQUEST_DAY} 10:00:00')
        asked = self.env['crm.request'].search([('campaign_id', '=', campaign.id)])
        self.assertTrue(asked)
        self.assertEqual(
            set(asked.campaign_member_id.ids), set(reached.filtered(
                lambda member: member.state == 'contacted').ids))

        # What it earned: who plans sees sales and cost, the sales manager also the margin, and
        # both how much of it would have come anyway.
        with freeze_time('2026-04-20 09:00:00'):
            self._look_at_the_result(campaign, reached.partner_id, alone.partner_id)

    def _look_at_the_result(self, campaign, reached, alone):
        self.env.flush_all()
        self.env.invalidate_all()
        campaign.action_done()
        self.assertEqual((campaign.order_count, campaign.sales), (31, 3200.0))
        self.assertEqual((campaign.contacted_count, campaign.response_count), (36, 32))
        self.assertAlmostEqual(campaign.response_rate, 88.9, 1)
        self.assertEqual(campaign.spent, 150)
        self._assert_refused(campaign.mapped, 'profit')
        result = campaign.with_user(self.chief)
        self.assertEqual((result.margin, result.profit), (1280.0, 1130.0))
        self.assertRegex(result.uplift_text, r"more sales than without, between .*\d")
        self.assertRegex(result.uplift_text, r"more margin than without, between .*\d")
        self.assertNotIn("margin", campaign.uplift_text)
        # Who looks after those who were reached sees what was done with them, and with no others.
        seen = self.env['crm.campaign.member'].with_user(self.salesperson).search(
            [('campaign_id', '=', campaign.id)])
        self.assertEqual(seen.partner_id, reached | (alone & self.acorn))

    def _note_orders(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('crm_campaigns.ir_cron_note_orders').method_direct_trigger()
        self.env.invalidate_all()

    def _pay(self, order):
        """Bill the order, and pay the bill."""
        bill = order._create_invoices()
        bill.action_post()
        self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=bill.ids).create({})._create_payments()
