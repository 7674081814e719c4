from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestOffers(CampaignCommon):
    """Acorn bought a bench 400 days ago, Birch one 10 days ago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vice = cls.env['product.product'].create({
            'name': "Vice", 'list_price': 50.0, 'type': 'service', 'taxes_id': [Command.clear()]})
        cls.rules = cls.env['crm.offer.rule'].with_user(cls.roles['marketing_manager'])
        cls.rule = cls._rule()

    @classmethod
    def _rule(cls, **values):
        return cls.rules.create({
            'name': "A Vice for the Bench", 'product_ids': [Command.link(cls.product.id)],
            'months': 0, 'offered_product_ids': [Command.link(cls.vice.id)], **values})

    def _offers(self, rule=None):
        return (rule or self.rule)._make_offers().sudo()

    def _relation_rule(self, **values):
        self.env['crm.partner.relation'].create(
            {'partner_id': self.cedar.id, 'other_id': self.birch.id})
        rule = self._rule(kind='relation', discount=10, **values)
        rule.with_user(self.roles['sales_manager']).action_approve_discount()
        return rule

    def _accept(self, offer, confirm=True):
        action = offer.with_user(self.roles['sales_manager']).action_accept()
        order = self.env['sale.order'].browse(action['res_id'])
        if confirm:
            order.with_context(skip_procurement=True).action_confirm()
        return order

    def test_who_bought_is_offered_with_the_reason(self):
        offer = self._offers()
        self.assertEqual(offer.partner_id, self.birch)
        self.assertEqual(
            (offer.evidence_product_id, offer.evidence_date, offer.state),
            (self.product, self._day(10), 'new'))
        self.assertRegex(offer.evidence, "^because he bought Work Bench on ")

    def test_nothing_is_offered_twice(self):
        offer = self._offers()
        self.assertFalse(self._offers())
        offer.state = 'declined'
        self.assertFalse(self._offers(), "the same reason")
        self._sell(self.birch, 5, 100.0)
        self.assertEqual(self._offers().evidence_date, self._day(5))

    def test_months_and_window(self):
        self.rule.months = 1
        self.assertFalse(self._offers())
        self._sell(self.cedar, 40, 100.0)
        self.assertEqual(self._offers().partner_id, self.cedar)
        self.rule.write({'months': 12, 'window_days': 60})
        self.assertEqual(self._offers().partner_id, self.acorn)

    def test_not_to_whom_has_it(self):
        self.rule.without_product_ids = self.vice
        self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.birch.id,
            'journal_id': self.journal.id, 'invoice_date': self._day(300),
            'invoice_line_ids': [Command.create({
                'product_id': self.vice.id, 'price_unit': 50.0, 'tax_ids': [Command.clear()]})],
        }).action_post()
        self.assertFalse(self._offers())

    def test_credited_in_full_is_no_reason(self):
        self._sell(self.birch, 10, 200.0, move_type='out_refund')
        self.assertFalse(self._offers())

    def test_archived_customers_are_left_out(self):
        self.birch.active = False
        self.assertFalse(self._offers())

    def test_categories_and_audience(self):
        self.product.categ_id = self.env['product.category'].create({'name': "Benches"})
        rule = self._rule(
            product_ids=False, category_ids=[Command.link(self.product.categ_id.id)],
            audience_id=self._audience({
                'source': 'customer', 'partner_domain': "[('name', '=', 'Birch & Sons')]"}).id)
        self.assertEqual(self._offers(rule).partner_id, self.birch)
        rule = self._rule(
            category_ids=[Command.link(self.product.categ_id.id)],
            audience_id=self._audience({
                'source': 'customer', 'partner_domain': "[('name', '=', 'Cedar Boats')]"}).id)
        self.assertFalse(self._offers(rule))

    def test_who_is_in_an_audience_is_offered_once(self):
        rule = self._rule(kind='audience', audience_id=self._audience(
            {'source': 'customer', 'partner_domain': "[('name', '=', 'Cedar Boats')]"}).id)
        offer = self._offers(rule)
        self.assertEqual(offer.partner_id, self.cedar)
        self.assertEqual(offer.evidence, "because he is in the audience Autumn")
        offer.state = 'declined'
        self.assertFalse(self._offers(rule))

    def test_birthday_by_a_property(self):
        definition = self.env['properties.base.definition']._get_definition_for_property_field(
            'res.partner', 'properties')
        definition.properties_definition = [
            {'name': 'born', 'string': "Birthday", 'type': 'date'}]
        soon = fields.Date.context_today(self.rules) + timedelta(days=5)
        self.cedar.properties = {'born': str(fields.Date.subtract(soon, years=40))}
        self.birch.properties = {'born': str(fields.Date.add(soon, days=90))}
        rule = self._rule(kind='date', date_source='born')
        offer = self._offers(rule)
        self.assertEqual((offer.partner_id, offer.evidence_date), (self.cedar, soon))
        self.assertRegex(offer.evidence, "^because of Birthday on ")
        offer.state = 'declined'
        self.assertFalse(self._offers(rule))

    def test_anniversary_of_the_first_purchase(self):
        days = (self._day(0) - fields.Date.subtract(self._day(-7), years=2)).days
        self._sell(self.cedar, days, 70.0)
        rule = self._rule(kind='date', date_source='first_purchase')
        offer = self._offers(rule).filtered(lambda offer: offer.partner_id in self.customers)
        self.assertEqual((offer.partner_id, offer.evidence_date), (self.cedar, self._day(-7)))

    def test_related_person_is_offered_what_does_not_name_the_other(self):
        rule = self._relation_rule()
        offer = self._offers(rule)
        self.assertEqual((offer.partner_id, offer.evidence_partner_id), (self.cedar, self.birch))
        self.assertNotIn("Birch", offer.evidence)
        order = self._accept(offer, confirm=False)
        said = " ".join(order.order_line.mapped('name'))
        self.assertNotIn("Birch", f'{said} {order.note} {order.offer_evidence}')

    def test_relations_hold_in_both_directions_once(self):
        relations = self.env['crm.partner.relation']
        relations.create({'partner_id': self.birch.id, 'other_id': self.cedar.id})
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), (
                self.env.cr.savepoint()):
            relations.create({'partner_id': self.cedar.id, 'other_id': self.birch.id})
        with self.assertRaisesRegex(ValidationError, "himself"):
            relations.create({'partner_id': self.cedar.id, 'other_id': self.cedar.id})

    def test_other_relations_are_no_reason(self):
        rule = self._relation_rule(relation_kind='colleague')
        self.assertFalse(self._offers(rule))

    def test_accepted_offer_is_a_quotation_with_discount_and_reason(self):
        self.rule.discount = 20
        self.rule.with_user(self.roles['sales_manager']).action_approve_discount()
        offer = self._offers()
        order = self._accept(offer, confirm=False)
        line = order.order_line.filtered('product_id')
        self.assertEqual((line.product_id, line.discount), (self.vice, 20))
        self.assertEqual(order.offer_evidence, offer.evidence)
        self.assertEqual(offer.state, 'accepted')
        with self.assertRaisesRegex(UserError, "quotation already"):
            offer.action_accept()
        order.with_context(skip_procurement=True).action_confirm()
        self.assertRecordValues(
            offer, [{'state': 'won', 'amount_sales': 40.0, 'amount_saving': 10.0}])
        self.assertRecordValues(
            self.rule, [{'offer_count': 1, 'amount_sales': 40.0, 'amount_saving': 10.0}])

    def test_cancelled_order_frees_the_offer(self):
        offer = self._offers()
        order = self._accept(offer)
        order._action_cancel()
        self.assertEqual((offer.state, offer.amount_sales), ('offered', 0))
        self._accept(offer)
        self.assertEqual(offer.state, 'won')

    def test_joint_offer_reaches_both_once(self):
        rule = self._relation_rule(joint=True)
        offer = self._offers(rule)
        order = self._accept(offer)
        joint = rule.offer_ids.sudo() - offer
        self.assertRecordValues(joint, [{
            'partner_id': self.birch.id, 'discount': 10.0, 'state': 'new',
            'joint_offer_id': offer.id}])
        self.assertNotIn("Cedar", joint.evidence)
        bill = order._create_invoices()
        bill.action_post()
        rule.product_ids |= self.vice
        self.assertFalse(self._offers(rule), "both had it")
        self._accept(joint)
        self.assertEqual(len(rule.offer_ids), 2)
        self.assertEqual(rule.offer_ids.sudo().mapped('state'), ['won', 'won'])

    def test_joint_offer_goes_when_the_other_does_not_buy_after_all(self):
        rule = self._relation_rule(joint=True)
        offer = self._offers(rule)
        order = self._accept(offer)
        joint = rule.offer_ids.sudo() - offer
        order._action_cancel()
        self.assertEqual(joint.state, 'expired')
        self._accept(offer)
        self.assertEqual(joint.state, 'new')

    def test_discount_waits_for_a_sales_manager(self):
        self.rule.discount = 5
        with self.assertRaisesRegex(UserError, "sales manager"):
            self.rule.action_find()
        with self.assertRaisesRegex(UserError, "sales managers"):
            self.rule.action_approve_discount()
        with self.assertRaises(AccessError):
            self.rule.approved_discount = 5
        self.rule.with_user(self.roles['sales_manager']).action_approve_discount()
        self.rule.action_find()
        self.assertTrue(self.rule.offer_ids)
        self.rule.discount = 6
        self.assertFalse(self.rule.is_approved)

    def test_night_makes_and_ends_offers(self):
        waiting = self._rule(discount=50)
        with self.enter_registry_test_mode():
            self.env.ref('crm_campaigns.ir_cron_make_offers').method_direct_trigger()
        offer = self.rule.sudo().offer_ids
        self.assertEqual(offer.partner_id, self.birch)
        self.assertFalse(waiting.sudo().offer_ids)
        offer.date_end = self._day(1)
        with self.enter_registry_test_mode():
            self.env.ref('crm_campaigns.ir_cron_make_offers').method_direct_trigger()
        self.assertEqual(offer.state, 'expired')
        self.assertEqual(len(self.rule.sudo().offer_ids), 1)

    def test_rules_say_what_they_lack(self):
        for values in (
            {'product_ids': False}, {'kind': 'date', 'date_source': False}, {'kind': 'audience'},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._rule(**values)

    def test_states_in_order(self):
        offer = self._offers()
        offer.action_offered()
        offer.action_decline()
        with self.assertRaisesRegex(UserError, "cannot become to offer"):
            offer.state = 'new'

    def test_who_sees_which_offers(self):
        self._offers()
        self._offers(self._rule(window_days=500))
        offers = self.env['crm.offer'].search([])
        self.assertEqual(offers.partner_id & self.customers, self.acorn | self.birch)
        mine = offers.with_user(self.roles['account_representative'])
        self.assertEqual(mine.search([]).partner_id, self.acorn)
        for role in ('service_representative', 'order_manager', 'marketing_manager'):
            with self.subTest(role=role):
                self.assertIn(self.birch, offers.with_user(self.roles[role]).search([]).partner_id)
        self._assert_refused(
            lambda: self._as(self.rule, 'order_manager').write({'discount': 100}))
        self._assert_refused(
            lambda: self._as(offers, 'account_representative').mapped('evidence_partner_id'))

    def test_customer_shows_his_offers_and_relations(self):
        self._offers()
        self.env['crm.partner.relation'].create(
            {'partner_id': self.cedar.id, 'other_id': self.birch.id})
        shown = self._as(self.birch | self.cedar, 'order_manager')
        self.assertEqual(shown.mapped('offer_count'), [1, 0])
        self.assertEqual(shown.mapped('relation_count'), [1, 1])
        action = shown[0].action_customer_offers()
        found = self.env['crm.offer'].search(action['domain'])
        self.assertEqual(found.partner_id, self.birch)

    def test_customers_who_become_one_are_known_once(self):
        rule = self._relation_rule()
        campaign = self.env['utm.campaign'].create({'title': "Spring"})
        self.env['crm.campaign.member'].create([
            {'campaign_id': campaign.id, 'partner_id': customer.id, 'state': state}
            for customer, state in ((self.birch, 'planned'), (self.acorn, 'bought'))])
        self.env['crm.partner.relation'].create([
            {'partner_id': self.acorn.id, 'other_id': self.cedar.id},
            {'partner_id': self.acorn.id, 'other_id': self.birch.id}])
        self._sell(self.acorn, 10, 100.0)
        offers = self._offers() | self._offers(rule)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.acorn | self.birch).ids, self.birch)
        self.assertRecordValues(
            campaign.member_ids, [{'partner_id': self.birch.id, 'state': 'bought'}])
        relations = self.env['crm.partner.relation']
        self.assertEqual(relations.search(relations._domain_of(self.birch)).other_id, self.birch)
        kept = offers.exists()
        self.assertEqual(len(kept.filtered(lambda offer: offer.rule_id == self.rule)), 1)
