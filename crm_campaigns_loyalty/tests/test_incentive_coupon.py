from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.crm_campaigns.tests.common import CampaignCommon


@tagged('post_install', '-at_install')
class TestIncentiveCoupon(CampaignCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.audience = cls.audiences.create({'name': "All of them", 'criterion_ids': [
            Command.create({
                'source': 'customer',
                'partner_domain': str([('id', 'in', cls.customers.ids)])})]})
        defaults = cls.env['loyalty.program']._program_type_default_values()
        cls.coupons, cls.card = cls.env['loyalty.program'].create([
            {'name': name, 'program_type': kind, **defaults[kind]} for name, kind in (
                ("Ten less", 'coupons'), ("Card", 'loyalty'))])
        cls.rule = cls.env['crm.incentive.rule'].create({
            'name': "Thank you", 'audience_id': cls.audience.id, 'reward': 'coupon',
            'program_id': cls.coupons.id, 'period': 'quarter', 'withdraw': True})

    def test_each_customer_gets_a_coupon_by_mail_once(self):
        self.rule._grant_batch()
        self.assertFalse(self.rule._grant_batch())
        cards = self.rule.grant_ids.card_id
        self.assertEqual(cards.partner_id, self.customers)
        self.assertEqual((cards.program_id, cards.mapped('points')), (self.coupons, [1.0] * 3))
        mails = self.env['mail.mail'].search(
            [('model', '=', 'crm.incentive.grant'), ('res_id', 'in', self.rule.grant_ids.ids)])
        self.assertEqual(len(mails), 3)
        for mail in mails:
            card = cards.filtered(lambda card, mail=mail: card.partner_id == mail.recipient_ids)
            self.assertIn(card.code, mail.body_html)
            self.assertIn("10% on your order", mail.body_html)

    def test_unused_coupon_is_taken_back(self):
        self.rule._grant_batch()
        grant = self.rule.grant_ids.filtered(lambda grant: grant.partner_id == self.acorn)
        used = self.rule.grant_ids.filtered(lambda grant: grant.partner_id == self.birch)
        order = self._create_order(self.birch)
        for card, rewards in order._try_apply_code(used.card_id.code).items():
            order._apply_program_reward(rewards, card)
        (grant | used).action_withdraw()
        self.assertFalse(grant.card_id.active)
        self.assertTrue(used.card_id.active)

    def test_points_are_added_to_the_card_he_has(self):
        card = self.env['loyalty.card'].create(
            {'program_id': self.card.id, 'partner_id': self.acorn.id, 'points': 5.0})
        self.rule.write({'program_id': self.card.id, 'points': 20.0})
        self.rule._grant_batch()
        self.assertEqual(card.points, 25.0)
        self.assertEqual(
            self.card.coupon_ids.mapped(lambda card: (card.partner_id.name, card.points)),
            [("Acorn Joinery", 25.0), ("Birch & Sons", 20.0), ("Cedar Boats", 20.0)])
        self.rule.grant_ids.action_withdraw()
        self.assertEqual(card.points, 25.0)

    def test_incentive_without_a_promotion_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "choose a promotion with coupons"):
            self.rule.program_id = False
