from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_campaigns.tests.step_common import StepCommon


@tagged('post_install', '-at_install')
class TestPromotion(StepCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Other promotions of the database would be given, too.
        cls.env['loyalty.program'].search([]).active = False
        cls.campaign.write({'attribution': 'code'})
        cls.program = cls.env['loyalty.program'].with_user(cls.roles['sales_manager']).create({
            'name': "Ten less", 'program_type': 'coupons', 'campaign_id': cls.campaign.id,
            'reward_ids': [Command.clear(), Command.create({
                'discount': 10.0, 'discount_mode': 'percent', 'required_points': 1})],
        }).with_user(cls.env.user)
        cls.step = cls.env['crm.campaign.step'].create({
            'name': "Ten less for you", 'campaign_id': cls.campaign.id, 'channel': 'coupon',
            'program_id': cls.program.id, 'message': "<p>Only this spring.</p>"})

    def _begin_campaign(self):
        self._as(self.campaign, 'marketing_manager').action_submit()
        self._as(self.campaign, 'sales_manager').action_approve()
        self._start()

    def _buy(self, customer, code=None):
        """Return a confirmed order of the customer for two benches, with a code."""
        order = self.env['sale.order'].create({
            'partner_id': customer.id, 'order_line': [Command.create({
                'product_id': self.product.id, 'product_uom_qty': 2, 'price_unit': 100.0,
                'tax_ids': [Command.clear()]})]})
        if code:
            for card, rewards in order._try_apply_code(code).items():
                order._apply_program_reward(rewards, card)
        order.with_context(skip_procurement=True).action_confirm()
        order.date_order = fields.Datetime.now()
        self.env.flush_all()
        self.env.invalidate_all()
        return order

    def _program(self, name):
        return self.env['loyalty.program'].create({
            'name': name, 'program_type': 'promotion', 'trigger': 'auto', 'applies_on': 'current',
            'rule_ids': [Command.clear(), Command.create({'minimum_qty': 2})],
            'reward_ids': [Command.clear(), Command.create({
                'reward_type': 'product', 'reward_product_id': self.product.id,
                'required_points': 1})]})

    def test_promotion_waits_for_approval_and_ends_with_the_campaign(self):
        self.assertTrue(self.campaign.is_promotion)
        self.assertFalse(self.program.active)
        with self.assertRaises(ValidationError) as refused:
            self._start()
        self.assertIn("let a sales manager approve it first", str(refused.exception))
        self._begin_campaign()
        self.assertTrue(self.program.active)
        self.assertTrue(self.program.reward_ids.active)
        self.campaign.with_user(self.roles['marketing_manager']).action_done()
        self.assertFalse(self.program.active)

    def test_promotion_cannot_be_opened_by_hand(self):
        with self.assertRaisesRegex(UserError, "Ten less belongs to Spring, which does not run"):
            self.program.active = True

    def test_cancelled_campaign_closes_its_promotions(self):
        self._begin_campaign()
        self.campaign.action_cancel()
        self.assertFalse(self.program.active)

    def test_a_promotion_that_holds_already_waits_once_it_is_in_a_campaign(self):
        program = self._program("Always")
        self.assertTrue(program.active)
        program.campaign_id = self.campaign
        self.assertFalse(program.active)

    def test_promotions_are_added_before_the_approval(self):
        program = self._program("Late")
        self._begin_campaign()
        with self.assertRaisesRegex(ValidationError, "Spring has been started"):
            program.campaign_id = self.campaign

    def test_campaign_with_promotions_stays_a_promotion(self):
        with self.assertRaisesRegex(ValidationError, "Ten less belongs to Spring"):
            self.campaign.is_promotion = False

    def test_marketing_managers_see_promotions_and_change_none(self):
        program = self._as(self.program, 'marketing_manager')
        self.assertEqual(
            program.with_context(active_test=False).reward_ids.discount, 10.0)
        for values in ({'name': "More"}, {'campaign_id': False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                program.write(values)
        with self.assertRaises(AccessError):
            program.with_context(active_test=False).reward_ids.write({'discount': 90.0})

    def test_each_member_gets_his_own_code_once(self):
        self._begin_campaign()
        self._run()
        self.step.state = 'running'
        self._run()
        cards = self.program.coupon_ids
        self.assertEqual(cards.partner_id, self.customers)
        self.assertEqual(len(cards), 3)
        mails = self.env['mail.mail'].search([
            ('model', '=', 'crm.campaign.touch'), ('res_id', 'in', self.step.touch_ids.ids)])
        self.assertEqual(len(mails), 3)
        for mail in mails:
            card = cards.filtered(lambda card, mail=mail: card.partner_id == mail.recipient_ids)
            self.assertIn(card.code, mail.body_html)
            self.assertIn("Only this spring.", mail.body_html)

    def test_reminder_tells_the_same_code(self):
        reminder = self.step.copy({'program_id': self.program.id, 'condition': 'no_answer'})
        self._begin_campaign()
        self._run()
        self.assertEqual(len(self.program.coupon_ids), 3)
        self.assertEqual(reminder.touch_ids.card_id, self.step.touch_ids.card_id)

    def test_step_without_coupons_says_so(self):
        self.step.program_id = False
        self.assertIn("let a sales manager add a promotion", self.step.problem)
        self.step.program_id = self.program
        self.assertFalse(self.step.problem)

    def test_order_with_a_coupon_counts_for_the_campaign_and_says_what_was_saved(self):
        self._begin_campaign()
        self._run()
        self.campaign.date_start = self._day(1)
        order = self._buy(self.acorn, self.step.touch_ids.filtered(
            lambda touch: touch.partner_id == self.acorn).coupon_code)
        other = self._buy(self.birch)
        self.assertEqual(order.amount_untaxed, 180.0)
        sale = self.env['crm.campaign.sale'].search([('order_id', 'in', (order | other).ids)])
        self.assertEqual(
            (sale.order_id, sale.campaign_id, sale.amount, sale.saving),
            (order, self.campaign, 180.0, 20.0))
        self.assertEqual((self.campaign.sales, self.campaign.saving), (180.0, 20.0))

    def test_free_product_is_saved_at_its_price(self):
        program = self._program("Two for one")
        program.campaign_id = self.campaign
        self._begin_campaign()
        self.campaign.date_start = self._day(1)
        order = self.env['sale.order'].create({
            'partner_id': self.cedar.id, 'order_line': [Command.create({
                'product_id': self.product.id, 'product_uom_qty': 2, 'price_unit': 100.0,
                'tax_ids': [Command.clear()]})]})
        order._update_programs_and_rewards()
        for card, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(
                rewards.filtered(lambda reward: reward.program_id == program), card)
        order.with_context(skip_procurement=True).action_confirm()
        order.date_order = fields.Datetime.now()
        self.env.flush_all()
        self.env.invalidate_all()
        sale = self.env['crm.campaign.sale'].search([('order_id', '=', order.id)])
        self.assertEqual((sale.amount, sale.saving), (200.0, 100.0))

    def test_who_sees_no_money_opens_the_campaign(self):
        campaign = self._as(self.campaign, 'order_manager')
        self.assertEqual(campaign.read(['title'])[0]['title'], "Spring")
        with self.assertRaises(AccessError):
            campaign.read(['program_ids'])
