from contextlib import suppress

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestIncentives(CampaignCommon):
    """Birch bought for 200 of late, Acorn for 500 more than a year ago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Others of the database would be granted, too.
        cls.env['crm.incentive.rule'].search([]).active = False
        cls.trade, cls.better = cls.env['product.pricelist'].create(
            [{'name': "Good Customers"}, {'name': "Best Customers"}])
        cls.tag = cls.env['res.partner.category'].create({'name': "Good"})
        cls.audience = cls.audiences.create({'name': "Buys much", 'criterion_ids': [
            Command.create({'measure': 'amount', 'operator': '>=', 'value': 150.0,
                            'period': 'last', 'period_count': 12}),
            Command.create({'source': 'customer', 'sequence': 20,
                            'partner_domain': str([('id', 'in', cls.customers.ids)])})]})
        cls.rule = cls._incentive("Prices", reward='pricelist', pricelist_id=cls.trade.id)

    @classmethod
    def _incentive(cls, name, **values):
        return cls.env['crm.incentive.rule'].with_user(cls.roles['sales_manager']).create({
            'name': name, 'audience_id': cls.audience.id, 'period': 'quarter', **values,
        }).with_user(cls.env.user)

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('crm_campaigns.ir_cron_grant_incentives').method_direct_trigger()
        self.env.invalidate_all()

    def _prices(self, customer):
        return customer.specific_property_product_pricelist

    def _turn_bad(self):
        """Let nobody be good enough any more."""
        self.audience.criterion_ids[0].value = 10000.0

    def test_who_does_well_gets_it_once_with_the_reason(self):
        self.assertEqual(self.rule.candidate_count, 1)
        for _time in range(2):
            self.rule.run_on = False
            self._run()
        grant = self.rule.grant_ids
        self.assertEqual((grant.partner_id, grant.state), (self.birch, 'granted'))
        self.assertEqual(self._prices(self.birch), self.trade)
        self.assertFalse(self._prices(self.acorn))
        self.assertIn("Billed without taxes at least", grant.evidence)
        self.assertIn("200.00", grant.evidence)
        self.assertEqual((self.rule.candidate_count, self.rule.grant_count), (0, 1))

    def test_preview_changes_nothing(self):
        rule = self._as(self.rule, 'sales_manager')
        found = self.env['res.partner'].search(rule.action_preview()['domain'])
        self.assertEqual(found, self.birch)
        self.assertFalse(rule.grant_ids)
        self.assertFalse(self._prices(self.birch))

    def test_taken_back_when_he_falls_below(self):
        self.birch.specific_property_product_pricelist = self.better
        self.rule.withdraw = True
        self._run()
        self.assertEqual(self._prices(self.birch), self.trade)
        self._turn_bad()
        self.rule.run_on = False
        self._run()
        self.assertEqual(self.rule.grant_ids.state, 'withdrawn')
        self.assertEqual(self._prices(self.birch), self.better)

    def test_kept_unless_the_rule_takes_it_back(self):
        self._run()
        self._turn_bad()
        self.rule.run_on = False
        self._run()
        self.assertEqual(self.rule.grant_ids.state, 'granted')
        self.assertEqual(self._prices(self.birch), self.trade)

    def test_prices_somebody_changed_since_are_left(self):
        self.rule.withdraw = True
        self._run()
        self.birch.specific_property_product_pricelist = self.better
        self.rule.grant_ids.action_withdraw()
        self.assertEqual(self._prices(self.birch), self.better)

    def test_tag_is_taken_from_who_got_it_by_the_rule(self):
        self.acorn.category_id = self.tag
        self.audience.criterion_ids[0].period = 'always'
        rule = self._incentive("Tag", reward='tag', tag_id=self.tag.id, withdraw=True)
        self._run()
        self.assertEqual((self.acorn | self.birch).category_id, self.tag)
        self._turn_bad()
        rule.run_on = False
        self._run()
        self.assertEqual(set(rule.grant_ids.mapped('state')), {'withdrawn'})
        self.assertEqual(self.acorn.category_id, self.tag)
        self.assertFalse(self.birch.category_id)

    def test_what_another_incentive_gives_as_well_is_kept(self):
        first, second = (
            self._incentive(name, reward='tag', tag_id=self.tag.id) for name in ("One", "Two"))
        self._run()
        second.grant_ids.had_before = False
        second.grant_ids.action_withdraw()
        self.assertEqual(self.birch.category_id, self.tag)
        first.grant_ids.action_withdraw()
        self.assertFalse(self.birch.category_id)

    def test_lost_it_and_gets_it_again_in_the_next_period(self):
        self.rule.withdraw = True
        self._run()
        self.rule.grant_ids.action_withdraw()
        self.rule.run_on = False
        self._run()
        self.assertEqual(len(self.rule.grant_ids), 1)
        self.rule.run_on = False
        with freeze_time(self._day(-100)):
            self._run()
        self.assertEqual(self.rule.grant_ids.mapped('state'), ['granted', 'withdrawn'])
        self.assertEqual(self._prices(self.birch), self.trade)
        with self.assertRaises(UserError):
            self.rule.grant_ids[1].action_withdraw()

    def test_incentive_without_its_reward_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "choose the tag"):
            self._incentive("Nothing", reward='tag')

    def test_incentives_are_for_sales_managers(self):
        for role in ('marketing_manager', 'account_representative', 'call_center_lead'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(self.rule, role).read(['name'])
        self._run()
        granted = self.rule.grant_ids
        for role in set(self.roles) - {'sales_manager'}:
            with self.subTest(role=role):
                self.assertEqual(granted.state, 'granted')
                with suppress(AccessError):
                    granted.with_user(self.roles[role]).action_withdraw()
                self.assertEqual(granted.state, 'granted')
        grant = self._as(self.rule.grant_ids, 'sales_manager')
        self.assertEqual(grant.partner_id, self.birch)
        with self.assertRaises(AccessError):
            grant.evidence = "No reason"
        grant.action_withdraw()
        self.assertEqual(grant.state, 'withdrawn')

    def test_merged_customers_have_it_once(self):
        self.audience.criterion_ids[0].period = 'always'
        self._run()
        self.assertEqual(self.rule.grant_ids.partner_id, self.acorn | self.birch)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.acorn | self.birch).ids, self.acorn)
        self.assertEqual(self.rule.grant_ids.partner_id, self.acorn)

    def test_as_many_queries_for_many_customers(self):
        self.audience.criterion_ids[0].write({'operator': '>=', 'value': 0.0})
        customers = self.env['res.partner'].create(
            [{'name': f"Many {place}"} for place in range(50)])
        self._assert_flat(self._grant_anew, customers, more=2)

    def _grant_anew(self, customers):
        """Grant it to customers who have had nothing of it before."""
        self.env['crm.incentive.grant'].search([('partner_id', 'in', customers.ids)]).unlink()
        customers.specific_property_product_pricelist = False
        self.audience.criterion_ids[1].partner_domain = str([('id', 'in', customers.ids)])
        grants = self.rule._grant_batch()
        self.assertEqual(grants.partner_id, customers)
