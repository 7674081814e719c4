from collections import defaultdict
from datetime import timedelta
from itertools import product, repeat

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_campaigns.models.crm_campaign_group import FACTS, _limits
from odoo.addons.crm_campaigns.uplift_tree import NEVER, Bounds, _half

from .common import CampaignCommon

PLANNERS = ('marketing_manager', 'sales_manager')
SILENT, RECENT = 120, 20
MANY = 360
PRICES = repeat(50.0)


@tagged('post_install', '-at_install')
class TestCampaignGroups(CampaignCommon):
    """Customers silent for 120 days buy when they are reached; who ordered of late buys anyway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env['res.partner'].create(
            [{'name': f"Customer {number}", 'ref': 'groups'} for number in range(MANY)])
        cls.silent = cls.people[::2]
        cls.campaign = cls._campaign("Autumn", control_percent=50)
        cls.campaign.action_start()
        cls.start = cls._day(10)
        cls.campaign.date_start = cls.start
        cls._sell_orders([
            (partner, SILENT if partner in cls.silent else RECENT) for partner in cls.people])

    @classmethod
    def _campaign(cls, title, **values):
        audience = cls.audiences.create({'name': title, 'criterion_ids': [Command.create(
            {'source': 'customer', 'partner_domain': "[('ref', '=', 'groups')]"})]})
        return cls.env['utm.campaign'].with_user(cls.roles['marketing_manager']).create(
            {'title': title, 'audience_id': audience.id, **values})

    @classmethod
    def _sell_orders(cls, sold, amounts=PRICES):
        """Make orders confirmed so many days before the start, after it when negative.

        :param list[tuple] sold: customers and days
        :param amounts: of each
        """
        orders = cls.env['sale.order'].create([
            {
                'partner_id': partner.id,
                'order_line': [Command.create({
                    'product_id': cls.product.id, 'price_unit': amount,
                    'tax_ids': [Command.clear()]})],
            } for (partner, _days), amount in zip(sold, amounts, strict=False)])
        orders.state = 'sale'
        noon = fields.Datetime.to_datetime(cls.start) + timedelta(hours=12)
        for order, (_partner, days) in zip(orders, sold, strict=True):
            order.date_order = noon - timedelta(days=days)
        cls.env.flush_all()

    def _sell_what_is_planted(self):
        """Let those who are silent order when reached, and of the others two in three.

        The same share at the same prices in both arms of both halves: nothing is left to chance.
        """
        cells = defaultdict(list)
        for member in self.campaign.member_ids:
            partner = member.partner_id
            cells[partner in self.silent, member.state == 'control', _half(partner.id)].append(
                partner)
        sold, amounts = [], []
        for (silent, alone, _kept), cell in cells.items():
            buyers = [
                partner for place, partner in enumerate(cell)
                if (not alone if silent else place % 3)]
            sold += [(partner, -2) for partner in buyers]
            amounts += [50.0 + place % 7 for place in range(len(buyers))]
        self._sell_orders(sold, amounts)

    def _find(self, role='marketing_manager'):
        self.campaign.with_user(self.roles[role]).action_find_groups()
        self.env.invalidate_all()
        return self.campaign.with_user(self.roles[role]).group_ids

    def test_planted_groups_are_found(self):
        self._sell_what_is_planted()
        for role in PLANNERS:
            with self.subTest(role=role):
                worth, sure = self._find(role)
                self.assertEqual((worth.verdict, sure.verdict), ('persuadable', 'sure'))
                self.assertEqual((worth.customer_count, sure.customer_count), (MANY / 2, MANY / 2))
                self.assertEqual(worth.sentence, "Last order 120 days ago or longer")
                self.assertEqual(sure.sentence, "Last order less than 120 days ago")
                self.assertAlmostEqual(worth.uplift, 53.0, delta=1.0)
                self.assertTrue(worth.low < 53.0 < worth.high)
                self.assertTrue(sure.low < 0 < sure.high)
                self.assertEqual(worth.bought_anyway, 0)
                self.assertAlmostEqual(sure.bought_anyway, 67, delta=3)
                self.assertFalse(self.campaign.group_text)

    def test_found_anew(self):
        self._sell_what_is_planted()
        first = self._find()
        second = self._find()
        self.assertFalse(first.exists())
        self.assertEqual(len(second), 2)
        self.env['sale.order'].search(
            [('partner_id', 'in', self.people.ids), ('date_order', '>=', self.start)]
        ).state = 'cancel'
        self.assertFalse(self._find())
        self.assertRegex(self.campaign.group_text, "No groups differ by more than chance")

    def test_too_few_customers(self):
        self.campaign.member_ids[150:].unlink()
        self._sell_what_is_planted()
        self.assertFalse(self._find())
        self.assertRegex(self.campaign.group_text, "Too few customers.* 80 members")

    def test_refused_without_control_group_or_start(self):
        planned = self._campaign("Planned", control_percent=50)
        with self.assertRaisesRegex(UserError, "Planned has not started"):
            planned.action_find_groups()
        everybody = self._campaign("Everybody")
        everybody.action_start()
        with self.assertRaisesRegex(UserError, "left nobody alone"):
            everybody.action_find_groups()

    def test_refused_for_other_roles(self):
        self._sell_what_is_planted()
        groups = self._find()
        for role in set(self.roles) - set(PLANNERS):
            user = self.roles[role]
            with self.subTest(role=role):
                for refused in (
                        self.campaign.with_user(user).action_find_groups,
                        groups[0].with_user(user).action_make_audience,
                        lambda user=user: groups.with_user(user).read(['uplift']),
                        lambda user=user: self.campaign.with_user(user).read(['group_text'])):
                    with self.assertRaises(AccessError):
                        refused()
        for forged in (
                lambda: groups.write({'uplift': 1}), groups.unlink,
                lambda: groups.create({'campaign_id': self.campaign.id})):
            with self.assertRaises(AccessError):
                forged()

    def test_refused_to_who_may_change_the_campaign_but_plans_none(self):
        admin = self.env['res.users'].create({
            'name': "Ada", 'login': 'ada_admin',
            'group_ids': [Command.link(self.env.ref('base.group_system').id)]})
        for campaign in (self.campaign, self._campaign("Planned", control_percent=50)):
            with self.subTest(campaign=campaign.title), self.assertRaisesRegex(
                    AccessError, "found by marketing managers and sales managers"):
                campaign.with_user(admin).action_find_groups()

    def test_refused_to_planners_who_may_not_change_the_campaign(self):
        planned = self._campaign("Planned", control_percent=50)
        self._forbid_writing(planned)
        with self.assertRaises(AccessError):
            planned.action_find_groups()

    def test_groups_of_another_company_are_not_seen(self):
        self._sell_what_is_planted()
        groups = self._find()
        user = self.roles['marketing_manager']
        other = self.env['res.company'].create({'name': "Elsewhere"})
        user.company_ids = [Command.link(other.id)]
        self.assertEqual(len(self.campaign.group_ids.with_user(user).search([])), len(groups))
        self.assertFalse(groups.with_user(user).with_context(
            allowed_company_ids=other.ids).search([]))

    def test_audience_of_a_group(self):
        self._sell_what_is_planted()
        groups = self._find()
        # The next campaign is planned at the same distance; who was reached has ordered since.
        left = self.campaign.member_ids.filtered(lambda member: member.state == 'control')
        left = left.partner_id & self.silent
        for role in PLANNERS:
            worth, sure = (
                self._audience_of(group.with_user(self.roles[role])) for group in groups)
            self.assertEqual(worth.name, "Worth It: Last order 120 days ago or longer")
            self.assertEqual(sure.note, "Found in Autumn.")
            (worth | sure).criterion_ids.days = SILENT + 10
            self.assertEqual(worth._customers() & self.people, left)
            self.assertEqual(sure._customers() & self.people, self.people - left)

    def _audience_of(self, group):
        action = group.action_make_audience()
        return group.env[action['res_model']].browse(action['res_id'])

    def test_audience_of_all_limits_finds_the_same_customers(self):
        """Each fact, at each end, also of those who never ordered."""
        self.campaign.date_start = fields.Date.context_today(self.campaign)
        self.start = self.campaign.date_start
        some = self.people[:60]
        self.env['sale.order'].search([('partner_id', 'in', some[:20].ids)]).state = 'draft'
        self._sell_orders([(partner, 40) for partner in some[10:40]], repeat(200.0))
        self._sell_orders([(partner, 400) for partner in some[30:50]], repeat(100.0))
        self.env['crm.campaign.touch'].create([
            {'name': "Letter", 'partner_id': partner.id, 'channel': 'letter', 'state': state,
             'date': fields.Datetime.now() - timedelta(days=days)}
            for partner, days, state in [
                *((partner, 3, 'done') for partner in some[5:35]),
                *((partner, 50, 'done') for partner in some[25:35]),
                *((partner, 500, 'done') for partner in some),
                *((partner, 5, 'skipped') for partner in some)]])
        self.env.flush_all()
        customers = self.campaign._compared_customers()
        values = {0: (40, 120, NEVER), 1: (40, 120, NEVER), 2: (1, 2), 3: (60, 250), 4: (1, 2)}
        asked = [
            Bounds(fact, low, high) for fact, cuts in values.items()
            for low, high in product((None, *cuts), repeat=2)
            if (low, high) != (None, None) and (low is None or high is None or low < high)]
        for bounds in asked:
            self._assert_same(bounds, customers)

    def _assert_same(self, bounds, customers):
        group = self.env['crm.campaign.group'].new({
            'campaign_id': self.campaign.id, 'limits': _limits(bounds, True)})
        with self.subTest(customers=group.sentence):
            self.assertTrue(group.sentence)
            wanted = {customer.id for customer in customers if bounds.holds(customer.facts)}
            self.assertTrue(0 < len(wanted) < MANY)
            found = self._audience(*group._criteria())._customers() & self.people
            self.assertEqual(set(found.ids), wanted)

    def test_sentence(self):
        group = self.env['crm.campaign.group'].new({'campaign_id': self.campaign.id, 'limits': [
            ['last_order', 'from', 90], ['orders', 'below', 3], ['sales', 'from', 1200.0],
            ['touches', 'below', 1]]})
        self.assertEqual(
            group.sentence.replace('\N{NO-BREAK SPACE}', ' '),
            "Last order 90 days ago or longer, fewer than 3 orders in 12 months, sales of $ 1,200 "
            "or more in 12 months, no touch in 12 months")
        group.limits = [['first_order', 'from_or_never', 90], ['touches', 'from', 2.0]]
        self.assertEqual(
            group.sentence, "First order 90 days ago or longer, or never, 2 touches or more in 12 "
                            "months")
        self.assertFalse(group.new({'campaign_id': self.campaign.id}).sentence)

    def test_bounds_as_limits(self):
        last, orders = list(FACTS).index('last_order'), list(FACTS).index('orders')
        for bounds, some_never, limits in (
                (Bounds(last, 90), True, [['last_order', 'from_or_never', 90]]),
                (Bounds(last, 90), False, [['last_order', 'from', 90]]),
                (Bounds(last, 90, NEVER), True, [['last_order', 'from', 90]]),
                (Bounds(last, NEVER), True, [['last_order', 'never', 0]]),
                (Bounds(last, None, NEVER), True, [['last_order', 'ever', 0]]),
                (Bounds(orders, 2, 5), True, [['orders', 'from', 2], ['orders', 'below', 5]])):
            with self.subTest(bounds=bounds):
                self.assertEqual(_limits(bounds, some_never), limits)

    def test_purchases_are_those_of_the_result(self):
        self._sell_what_is_planted()
        bought = {
            alone: sum(customer.bought for customer in self.campaign._compared_customers()
                       if customer.alone == alone) for alone in (False, True)}
        rows = self.campaign._compared_rows(['amount'])
        for alone in (False, True):
            self.assertAlmostEqual(
                bought[alone], float(sum(total for _stratum, left, _count, total, _squares in rows
                                         if left == alone)))

    def test_statements_do_not_grow_with_members(self):
        self._sell_what_is_planted()
        few = self._count_statements(lambda campaign: campaign.action_find_groups(), self.campaign)
        self.env.cr.execute(SQL(
            """
            INSERT INTO crm_campaign_member (campaign_id, company_id, partner_id, state)
            SELECT %s, %s, id, 'control' FROM res_partner WHERE id NOT IN %s LIMIT 300
            """, self.campaign.id, self.campaign.company_id.id, tuple(self.people.ids)))
        self.env.invalidate_all()
        self.assertLessEqual(self._count_statements(
            lambda campaign: campaign.action_find_groups(), self.campaign), few)
