from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestCampaign(CampaignCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.audience = cls.audiences.create({'name': "All of them", 'criterion_ids': [(0, 0, {
            'source': 'customer', 'partner_domain': str([('id', 'in', cls.customers.ids)])})]})
        cls.campaign = cls.env['utm.campaign'].with_user(cls.roles['marketing_manager']).create(
            {'title': "Spring", 'audience_id': cls.audience.id})

    def test_start_makes_members_of_the_audience(self):
        self.campaign.action_start()
        self.assertEqual(self.campaign.state, 'running')
        self.assertEqual(self.campaign.member_ids.partner_id, self.customers)
        self.assertEqual(set(self.campaign.member_ids.mapped('state')), {'planned'})
        self.assertTrue(self.campaign.date_start)

    def test_who_may_make_no_members_starts_nothing(self):
        self._take_right('crm.campaign.member', 'create')
        with self.assertRaises(AccessError):
            self.campaign.action_start()

    def test_members_stay_when_the_audience_changes(self):
        self.campaign.action_start()
        self.audience.criterion_ids.partner_domain = "[('id', '=', 0)]"
        self.assertEqual(self.campaign.member_count, 3)

    def test_control_group_is_drawn_evenly(self):
        many = self.env['res.partner'].create(
            [{'name': f"Customer {number}", 'ref': 'drawn'} for number in range(40)])
        for customer in many[:10]:
            self._sell(customer, 20, 100.0)
        self.audience.criterion_ids.partner_domain = "[('ref', '=', 'drawn')]"
        self.campaign.control_percent = 20
        self.campaign.action_start()
        self.assertEqual((self.campaign.member_count, self.campaign.control_count), (40, 8))
        for stratum in range(1, 5):
            members = self.campaign.member_ids.filtered(lambda m, s=stratum: m.stratum == s)
            self.assertEqual(
                [len(members), len(members.filtered(lambda m: m.state == 'control'))], [10, 2])
        best = self.campaign.member_ids.filtered(lambda member: member.stratum == 1)
        self.assertEqual(best.partner_id, many[:10])

    def test_control_group_is_never_contacted(self):
        self.campaign.control_percent = 40
        self.campaign.action_start()
        control = self.campaign.member_ids.filtered(lambda member: member.state == 'control')
        with self.assertRaisesRegex(UserError, "cannot become contacted"):
            control.state = 'contacted'

    def test_nobody_in_the_audience(self):
        self.audience.criterion_ids.partner_domain = "[('id', '=', 0)]"
        with self.assertRaisesRegex(UserError, "Nobody is in the audience"):
            self.campaign.action_start()
        self.campaign.audience_id = False
        with self.assertRaisesRegex(UserError, "choose one first"):
            self.campaign.action_start()

    def test_promotion_is_approved_by_a_sales_manager(self):
        self.campaign.is_promotion = True
        self.campaign.action_submit()
        with self.assertRaises(ValidationError):
            self.campaign.action_start()
        with self.assertRaisesRegex(UserError, "sales managers"):
            self.campaign.action_approve()
        with self.assertRaises(AccessError):
            self.campaign.approved_by_id = self.env.user
        self.campaign.with_user(self.roles['sales_manager']).action_approve()
        self.campaign.action_start()
        self.assertEqual(self.campaign.approved_by_id, self.roles['sales_manager'])

    def test_what_is_done_stays_done(self):
        self.campaign.action_start()
        self.campaign.action_done()
        with self.assertRaisesRegex(UserError, "is done"):
            self.campaign.action_start()

    def test_others_see_the_touches_of_their_customers(self):
        self.campaign.action_start()
        touches = self.env['crm.campaign.touch'].create([
            {'name': "Brochure", 'partner_id': customer.id} for customer in self.customers])
        seen = touches.with_user(self.roles['account_representative']).search(
            [('id', 'in', touches.ids)])
        self.assertEqual(seen.partner_id, self.acorn)
        for role in ('service_representative', 'order_manager', 'marketing_manager'):
            with self.subTest(role=role):
                found = touches.with_user(self.roles[role]).search([('id', 'in', touches.ids)])
                self.assertEqual(len(found), 3)

    def test_customer_shows_what_he_was_given_and_sent(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        self.env['crm.campaign.touch'].create([
            {'name': "Brochure", 'partner_id': self.acorn.id, 'state': state}
            for state in ('done', 'failed', 'skipped')])
        for role in ('account_representative', 'service_representative', 'marketing_manager'):
            with self.subTest(role=role):
                seen = contact.with_user(self.roles[role])
                self.assertEqual(seen.touch_count, 2)
                action = seen.action_customer_touches()
                self.assertEqual(
                    set(self.env[action['res_model']].with_user(self.roles[role]).search(
                        action['domain']).mapped('state')), {'done', 'failed'})
                self.assertEqual(action['context']['default_partner_id'], self.acorn.id)

    def test_costs_are_refused_to_who_serves(self):
        for role in ('service_representative', 'order_manager', 'account_representative'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env['crm.campaign.cost'].with_user(self.roles[role]).search([])
