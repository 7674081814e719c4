import json
import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestCampaignMoney(CampaignCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        audience = cls.audiences.create({'name': "All of them", 'criterion_ids': [Command.create({
            'source': 'customer', 'partner_domain': str([('id', 'in', cls.customers.ids)])})]})
        cls.campaign = cls._campaign("Spring", audience_id=audience.id, window_days=10)
        cls.campaign.action_start()
        cls.campaign.date_start = cls._day(30)

    @classmethod
    def _campaign(cls, title, **values):
        return cls.env['utm.campaign'].with_user(cls.roles['marketing_manager']).create(
            {'title': title, **values})

    @classmethod
    def _order(cls, customer, days=0, amount=100.0, **values):
        """Return an order of the customer, confirmed so many days ago."""
        order = cls.env['sale.order'].create({
            'partner_id': customer.id, **values,
            'order_line': [Command.create({
                'product_id': cls.product.id, 'price_unit': amount, 'purchase_price': 60.0,
                'tax_ids': [Command.clear()]})]})
        order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=days)
        return order

    def _contact(self, customer, days, campaign=None, channel='letter'):
        """Write down that a member was contacted so many days ago."""
        campaign = campaign or self.campaign
        member = campaign.member_ids.filtered(lambda member: member.partner_id == customer)
        moment = fields.Datetime.now() - timedelta(days=days)
        member.write({'state': 'contacted', 'contacted_at': moment})
        self.env['crm.campaign.touch'].create({
            'name': "Letter", 'partner_id': customer.id, 'member_id': member.id,
            'campaign_id': campaign.id, 'channel': channel, 'date': moment})
        return member

    def _sales(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['crm.campaign.sale'].search([('partner_id', 'in', self.customers.ids)])

    def test_member_who_orders_in_time(self):
        member = self._contact(self.acorn, 8)
        order = self._order(self.acorn, 1)
        self._order(self.birch, 1)
        sale = self._sales()
        self.assertEqual((sale.order_id, sale.member_id), (order, member))
        self.assertEqual((sale.amount, sale.margin, sale.channel), (100.0, 40.0, 'letter'))

    def test_orders_before_the_contact_or_too_late_are_not_counted(self):
        self._contact(self.acorn, 20)
        self._order(self.acorn, 21)
        self._order(self.acorn, 9)
        self.assertFalse(self._sales())

    def test_quotations_are_not_counted(self):
        self._contact(self.acorn, 8)
        self._order(self.acorn, 1)._action_cancel()
        self.assertFalse(self._sales())

    def test_contact_person_orders_for_the_customer(self):
        self._contact(self.acorn, 8)
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        self.assertEqual(self._sales(), self.env['crm.campaign.sale'])
        self._order(contact, 1)
        self.assertEqual(self._sales().partner_id, self.acorn)

    def test_each_order_counts_for_one_campaign(self):
        self._contact(self.acorn, 8)
        later = self._campaign("Later", audience_id=self.campaign.audience_id.id, window_days=10)
        later.action_start()
        self._contact(self.acorn, 4, campaign=later)
        order = self._order(self.acorn, 1)
        self.assertEqual(self._sales().campaign_id, later)
        named, coded = self._campaign("Named", attribution='utm'), self._campaign(
            "Coded", attribution='code', code='SPRING')
        (named | coded).write({'state': 'running', 'date_start': self._day(5)})
        order.campaign_id = named
        self.assertEqual(self._sales().campaign_id, named)
        order.campaign_code = 'SPRING'
        self.assertEqual(self._sales().campaign_id, coded)

    def test_costs_from_everywhere(self):
        step = self.env['crm.campaign.step'].create({
            'name': "Letter", 'campaign_id': self.campaign.id, 'channel': 'letter',
            'unit_cost': 1.5})
        self._contact(self.acorn, 3)
        self.campaign.touch_ids.step_id = step
        self.env['crm.campaign.cost'].create([
            {'name': "Design", 'campaign_id': self.campaign.id, 'kind': kind, 'amount': amount}
            for kind, amount in (('planned', 300.0), ('spent', 250.0))])
        bill = self._create_vendor_bill()
        bill.invoice_line_ids.campaign_id = self.campaign
        self.env.company.campaign_minute_cost = 0.5
        self.env['crm.call'].create({
            'partner_id': self.acorn.id, 'duration': 10.0, 'res_model': 'crm.campaign.member',
            'res_id': self.campaign.member_ids[0].id})
        self.assertEqual((self.campaign.planned_cost, self.campaign.spent), (300.0, 256.5))
        bill.action_post()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.campaign.spent, 356.5)
        self.assertEqual(
            set(self.campaign.expense_ids.mapped('kind')), {'manual', 'bill', 'touch', 'call'})

    def test_result(self):
        self.env['crm.campaign.cost'].create(
            {'name': "Print", 'campaign_id': self.campaign.id, 'kind': 'spent', 'amount': 15.0})
        self._contact(self.acorn, 8).state = 'responded'
        self._contact(self.birch, 8)
        self._order(self.acorn, 1)
        self.env.flush_all()
        campaign = self.campaign.with_user(self.roles['sales_manager'])
        self.assertEqual((campaign.contacted_count, campaign.response_count), (2, 1))
        self.assertEqual((campaign.response_rate, campaign.order_count), (50.0, 1))
        self.assertEqual((campaign.sales, campaign.margin, campaign.profit), (100.0, 40.0, 25.0))

    def test_board(self):
        self._contact(self.acorn, 8).state = 'responded'
        self._contact(self.birch, 8)
        for days, amount in ((3, 100.0), (3, 50.0), (1, 20.0)):
            self._order(self.acorn, days, amount)
        self.env.flush_all()
        self.assertEqual((self.campaign.addressed_count, self.campaign.buyer_count), (3, 1))
        [line] = json.loads(self.campaign.sales_chart)
        self.assertEqual([point['y'] for point in line['values']], [0, 150.0, 170.0])
        columns = self.env['utm.campaign'].with_context(read_group_expand=True).web_read_group(
            [('id', '=', self.campaign.id)], ['state'], ['__count'])['groups']
        self.assertEqual(
            [column['state'] for column in columns], ['draft', 'approval', 'running', 'done'])

    def test_board_costs_the_same_for_many_campaigns(self):
        campaigns = self.campaign | self.env['utm.campaign'].create(
            [{'title': f"Campaign {number}"} for number in range(9)])
        names = ['addressed_count', 'contacted_count', 'response_count', 'buyer_count', 'sales',
                 'sales_chart']
        self._assert_flat(lambda shown: shown.read(names), campaigns, few=1)

    def test_who_ordered_has_bought(self):
        members = self._contact(self.acorn, 8) | self._contact(self.birch, 8)
        self._order(self.acorn, 1)
        self.env.flush_all()
        for _time in range(2):
            with self.enter_registry_test_mode():
                self.env.ref('crm_campaigns.ir_cron_note_orders').method_direct_trigger()
            self.assertEqual(members.mapped('state'), ['bought', 'contacted'])
        self.assertEqual(self.campaign.response_count, 1)

    def test_margin_is_for_sales_managers(self):
        campaign = self.campaign.with_user(self.roles['marketing_manager'])
        self.assertFalse(campaign.sales)
        for name in ('margin', 'profit'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                campaign.read([name])
        with self.assertRaises(AccessError):
            self.env['crm.campaign.sale'].with_user(
                self.roles['marketing_manager'])._read_group([], [], ['margin:sum'])

    def test_others_see_the_sales_of_their_customers(self):
        self._contact(self.acorn, 8)
        self._contact(self.birch, 8)
        self._order(self.acorn, 1)
        self._order(self.birch, 1)
        self.assertEqual(len(self._sales()), 2)
        seen = self._sales().with_user(self.roles['account_representative']).search([])
        self.assertEqual(seen.partner_id, self.acorn)
        with self.assertRaises(AccessError):
            self._sales().with_user(self.roles['service_representative']).search([])

    def test_forecast_from_the_past_is_kept(self):
        self._contact(self.acorn, 8).state = 'responded'
        self._contact(self.birch, 8)
        self._order(self.acorn, 1)
        self.env.flush_all()
        self.campaign.action_done()
        coming = self._campaign("Coming", audience_id=self.campaign.audience_id.id)
        coming.action_forecast()
        self.assertEqual((coming.forecast_response, coming.forecast_sales), (50.0, 150.0))
        self.assertEqual(coming.forecast_basis, "Spring")
        coming.action_start()
        self._order(self.birch, 1)
        coming.action_forecast()
        self.assertEqual(coming.forecast_sales, 150.0)

    def test_control_group_with_a_planted_effect(self):
        many = self.env['res.partner'].create(
            [{'name': f"Customer {number}", 'ref': 'uplift'} for number in range(80)])
        audience = self.audiences.create({'name': "Many", 'criterion_ids': [Command.create(
            {'source': 'customer', 'partner_domain': "[('ref', '=', 'uplift')]"})]})
        campaign = self._campaign("Planted", audience_id=audience.id, control_percent=50)
        campaign.action_start()
        self.assertRegex(campaign.uplift_text, "No difference")
        campaign.date_start = self._day(5)
        reached = campaign.member_ids.filtered(lambda member: member.state != 'control')
        for place, member in enumerate(reached):
            self._order(member.partner_id, 1, amount=90.0 + place)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(reached.partner_id & many, reached.partner_id)
        found = campaign._uplifts(['amount'])['amount']
        self.assertAlmostEqual(found.value, sum(90.0 + place for place in range(40)))
        self.assertRegex(campaign.uplift_text, "more sales than without, between")
        self.assertNotIn("margin", campaign.uplift_text)
        manager = campaign.with_user(self.roles['sales_manager'])
        self.assertRegex(manager.uplift_text, "more margin than without")

    def test_comparison_of_margins_is_for_sales_managers(self):
        self.env['res.partner'].create(
            [{'name': f"Customer {number}", 'ref': 'margins'} for number in range(40)])
        audience = self.audiences.create({'name': "Forty", 'criterion_ids': [Command.create(
            {'source': 'customer', 'partner_domain': "[('ref', '=', 'margins')]"})]})
        campaign = self._campaign("Quiet", audience_id=audience.id, control_percent=50)
        campaign.action_start()
        for role, compared in (
                ('marketing_manager', ["sales"]), ('sales_manager', ["sales", "margin"])):
            with self.subTest(role=role):
                self.assertEqual(re.findall(
                    "No difference in ([a-z]+)", self._as(campaign, role).uplift_text), compared)

    def test_too_few_for_a_control_group(self):
        campaign = self._campaign(
            "Few", audience_id=self.campaign.audience_id.id, control_percent=40)
        campaign.action_start()
        self.assertRegex(campaign.uplift_text, "Too few customers")
