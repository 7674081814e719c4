from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestOfferTaken(CampaignCommon, HttpCase):
    """Birch bought a bench ten days ago, and is offered a vice in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bea = new_test_user(cls.env, 'bea', 'base.group_portal')
        cls.bea.partner_id.parent_id = cls.birch
        cls.vice = cls.env['product.product'].create({
            'name': "Vice", 'list_price': 50.0, 'type': 'service', 'taxes_id': [Command.clear()]})
        rules = cls.env['crm.offer.rule'].with_user(cls.roles['marketing_manager'])
        cls.rule = rules.create({
            'name': "A Vice for the Bench", 'product_ids': [Command.link(cls.product.id)],
            'months': 0, 'offered_product_ids': [Command.link(cls.vice.id)], 'discount': 20,
            'in_portal': True, 'portal_text': "<p>It holds.</p>"})
        cls.rule.with_user(cls.roles['sales_manager']).action_approve_discount()
        cls.offer = cls.rule._make_offers().sudo()

    def setUp(self):
        super().setUp()
        self.authenticate('bea', 'bea')

    def _shown(self, user=None):
        return self.env['crm.portal.offer'].with_user(user or self.bea).search([])

    def _answer(self, answer='accept', **values):
        page = self.url_open(f'/my/offers/{self._shown().id}/{answer}', {
            'csrf_token': http.Request.csrf_token(self), **values})
        self.env.invalidate_all()
        return page

    def test_customer_sees_what_he_is_offered_and_why(self):
        row = self.url_open('/my/offers').text
        page = self.url_open(f'/my/offers/{self._shown().id}').text
        for text in ("A Vice for the Bench", "Because you bought Work Bench on "):
            self.assertIn(text, row)
            self.assertIn(text, page)
        for text in ("Vice", "20 %", "It holds.", "Get the Quotation"):
            self.assertIn(text, page)

    def test_rules_not_meant_for_customers_are_not_shown(self):
        self.rule.in_portal = False
        self.assertFalse(self._shown())
        self.assertIn("There is no offer for you", self.url_open('/my/offers').text)

    def test_who_takes_it_gets_its_quotation_and_his_salesperson_is_told(self):
        page = self._answer()
        order = self.offer.order_ids
        self.assertEqual((order.state, order.partner_id), ('sent', self.bea.partner_id))
        self.assertIn(f'/my/orders/{order.id}', page.url)
        line = order.order_line.filtered('product_id')
        self.assertEqual((line.product_id, line.discount), (self.vice, 20))
        self.assertEqual((self.offer.state, self._shown().state), ('accepted', 'accepted'))
        self.assertEqual(order.activity_ids.user_id, self.colleague)

    def test_taking_it_twice_makes_one_quotation(self):
        self._answer()
        self._answer()
        self.assertEqual(len(self.offer.order_ids), 1)

    def test_who_declines_says_why(self):
        self._answer('decline', reason='price')
        self.assertEqual((self.offer.state, self.offer.decline_reason), ('declined', 'price'))
        self._answer()
        self.assertFalse(self.offer.order_ids)

    def test_unknown_reason_is_none(self):
        self._answer('decline', reason="'; DROP TABLE crm_offer; --")
        self.assertEqual((self.offer.state, self.offer.decline_reason), ('declined', False))

    def test_what_is_over_is_neither_taken_nor_declined(self):
        self.offer.date_end = fields.Date.context_today(self.offer) - timedelta(days=1)
        self._answer()
        self._answer('decline')
        self.assertEqual((self.offer.state, self._shown().state), ('new', 'over'))
        self.assertFalse(self.offer.order_ids)

    def test_related_customer_is_not_told_of_whom_nor_of_what(self):
        self.env['crm.partner.relation'].create(
            {'partner_id': self.cedar.id, 'other_id': self.birch.id})
        rule = self.rule.copy({'kind': 'relation', 'discount': 0})
        offer = rule._make_offers().sudo()
        said = offer._portal_evidence()
        self.assertIn("somebody you have to do with", said)
        for secret in ("Birch", "Work Bench", str(self._day(10).year)):
            self.assertNotIn(secret, said)

    def test_customers_read_nothing_of_it_but_what_is_shown(self):
        for record in (self.offer, self.rule):
            self.assertFalse(record.with_user(self.bea).has_access('read'))

    def test_without_products_customers_could_make_no_quotation(self):
        with self.assertRaisesRegex(ValidationError, "choose the offered products"):
            self.rule.offered_product_ids = False

    def test_list_of_many_costs_as_many_statements_as_of_few(self):
        products = self.env['product.product'].create(
            [{'name': f"Tool {number}"} for number in range(49)])
        self.env['crm.offer'].create([{
            'rule_id': self.rule.copy({'name': product.name}).id, 'partner_id': self.birch.id,
            'evidence_product_id': product.id, 'evidence_date': self._day(3),
        } for product in products[:4]])
        few = self._count_statements(self.url_open, '/my/offers')
        self.env['crm.offer'].create([{
            'rule_id': self.rule.id, 'partner_id': self.birch.id,
            'evidence_product_id': product.id, 'evidence_date': self._day(3),
        } for product in products[4:]])
        self.assertLessEqual(self._count_statements(self.url_open, '/my/offers'), few)
