from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .test_personal_manager import PersonalManagerCommon


class FinderCommon(PersonalManagerCommon):
    """Four customers, and what each of them bought when.

    | customer | drill                   | saw (in power tools) |
    |----------|-------------------------|----------------------|
    | both     | 10 days ago, a contact  | 200 days ago         |
    | drill    | 100 days ago            |                      |
    | saw      |                         | 10 days ago          |
    | nothing  | quotation only          |                      |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.power = cls.env['product.category'].create({'name': "Power Tools"})
        cls.saws = cls.env['product.category'].create({
            'name': "Saws", 'parent_id': cls.power.id})
        cls.saw = cls.env['product.product'].create({
            'name': "Saw", 'categ_id': cls.saws.id, 'taxes_id': [Command.clear()]})
        cls.tag = cls.env['res.partner.category'].create({'name': "For This Test"})
        cls.both, cls.only_drill, cls.only_saw, cls.nothing = cls.env['res.partner'].create([
            {'name': name, 'is_company': True, 'category_id': [Command.set(cls.tag.ids)],
             'country_id': cls.env.ref(country).id}
            for name, country in [("Both", 'base.ie'), ("Drill", 'base.ie'), ("Saw", 'base.de'),
                                  ("Nothing", 'base.de')]])
        cls.buyers_contact = cls._create_partner("Contact", parent_id=cls.both.id)
        cls._buy(cls.buyers_contact, cls.drill, 10)
        cls._buy(cls.both, cls.saw, 200)
        cls._buy(cls.only_drill, cls.drill, 100)
        cls._buy(cls.only_saw, cls.saw, 10)
        cls._create_order(partner_id=cls.nothing.id, confirm=False)

    @classmethod
    def _buy(cls, partner, product, days):
        order = cls._create_order(
            partner_id=partner.id, user_id=cls.rival.id,
            order_line=[Command.create({'product_id': product.id, 'price_unit': 10.0})])
        order.date_order = fields.Datetime.now() - timedelta(days)

    def _find(self, user=None, **criteria):
        finder = self.env['crm.customer.finder'].with_user(user or self.seller).create({
            'category_ids': [Command.set(self.tag.ids)],
            **{name: [Command.set(value.ids)] if hasattr(value, 'ids') else value
               for name, value in criteria.items()},
        })
        if not finder.customer_count:
            with self.assertRaises(UserError):
                finder.action_find()
            return self.env['res.partner']
        found = self.env['res.partner'].with_user(user or self.seller).search(
            finder.action_find()['domain'], order='id')
        self.assertEqual(len(found), finder.customer_count)
        return found


@tagged('post_install', '-at_install')
class TestFinder(FinderCommon):

    def test_who_bought_a_product_also_by_a_contact(self):
        self.assertEqual(
            self._find(bought_product_ids=self.drill), self.both + self.only_drill)

    def test_who_bought_something_of_a_category_and_those_below(self):
        self.assertEqual(self._find(bought_category_ids=self.power), self.both + self.only_saw)

    def test_who_bought_this_and_not_that(self):
        self.assertEqual(
            self._find(bought_product_ids=self.drill, missing_category_ids=self.power),
            self.only_drill)
        self.assertEqual(
            self._find(missing_product_ids=self.drill), self.only_saw + self.nothing)

    def test_period_holds_for_bought_and_not_bought(self):
        self.assertEqual(self._find(
            bought_product_ids=self.drill, missing_product_ids=self.saw,
            date_from=date.today() - timedelta(50)), self.both)
        self.assertEqual(self._find(
            bought_product_ids=self.drill, date_to=date.today() - timedelta(50)), self.only_drill)

    def test_by_country_and_state(self):
        self.assertEqual(
            self._find(country_ids=self.env.ref('base.ie')), self.both + self.only_drill)
        state = self.env['res.country.state'].create({
            'name': "Region Z", 'code': 'ZZ', 'country_id': self.env.ref('base.de').id})
        self.nothing.state_id = state
        self.assertEqual(self._find(state_ids=state), self.nothing)

    def test_without_manager_unless_asked_otherwise(self):
        self._put(self.both, self.rival)
        self.assertEqual(self._find(bought_product_ids=self.drill), self.only_drill)
        self.assertEqual(
            self._find(bought_product_ids=self.drill, only_free=False),
            self.both + self.only_drill)

    def test_neither_colleagues_nor_companies_of_ours_are_found(self):
        everybody = self._find(category_ids=self.env['res.partner.category'])
        self.assertLessEqual(self.both + self.nothing, everybody)
        self.assertFalse(
            everybody & (self.env.company.partner_id + self.rival.partner_id
                         + self.buyers_contact))

    def test_nobody_like_that(self):
        self.assertFalse(self._find(
            bought_product_ids=self.drill, country_ids=self.env.ref('base.jp')))

    def test_form_counts_before_anything_is_shown(self):
        form = Form(self.env['crm.customer.finder'].with_user(self.manager))
        form.category_ids.add(self.tag)
        self.assertEqual(form.customer_count, 4)
        form.bought_product_ids.add(self.drill)
        self.assertEqual(form.customer_count, 2)

    def test_period_must_not_end_before_it_begins(self):
        with self.assertRaises(ValidationError):
            self._find(date_from='2026-02-01', date_to='2026-01-01')

    def test_search_of_somebody_else_is_his(self):
        finder = self.env['crm.customer.finder'].with_user(self.rival).create({})
        with self.assertRaises(AccessError):
            self.env['res.partner'].with_user(self.seller).search(finder.action_find()['domain'])

    def test_search_that_is_gone_finds_nobody(self):
        finder = self.env['crm.customer.finder'].create({})
        domain = finder.action_find()['domain']
        finder.sudo().unlink()
        self.assertFalse(self.env['res.partner'].search(domain))


@tagged('post_install', '-at_install')
class TestTake(FinderCommon):

    def _take(self, partners, user):
        partners.with_user(user).action_take()
        self.env.flush_all()

    def test_found_customers_are_taken(self):
        self._take(self._find(bought_product_ids=self.drill), self.seller)
        self._assert_managers(self.both + self.buyers_contact + self.only_drill, self.seller)
        self.assertEqual(set(self._ledger(self.both).mapped('reason')), {'taken'})

    def test_nobody_takes_more_than_the_cap(self):
        self.env.company.customer_cap = 3
        self._take(self.both + self.only_drill, self.seller)
        with self.assertRaises(UserError):
            self._take(self.only_saw + self.nothing, self.seller)
        self._take(self.only_saw, self.seller)
        with self.assertRaises(UserError):
            self.nothing.with_user(self.seller).personal_manager_id = self.seller
        with self.assertRaises(UserError):
            self.env['res.partner'].with_user(self.seller).create({
                'name': "New", 'personal_manager_id': self.seller.id})

    def test_a_lead_gives_more_than_the_cap(self):
        self.env.company.customer_cap = 1
        (self.both + self.only_drill).with_user(self.lead).personal_manager_id = self.seller
        self._assert_managers(self.both + self.only_drill, self.seller)

    def test_contacts_of_a_company_count_once(self):
        self.env.company.customer_cap = 2
        self._take(self.both, self.seller)
        self._take(self.only_saw, self.seller)
        self.assertEqual(self.buyers_contact.personal_manager_id, self.seller)

    def test_no_cap_at_all(self):
        self.env.company.customer_cap = 0
        self._take(self.both + self.only_drill + self.only_saw + self.nothing, self.seller)

    def test_given_up_customer_cools(self):
        self.env.company.customer_cooling_days = 30
        self._take(self.both, self.seller)
        self.both.with_user(self.seller).personal_manager_id = False
        self.assertNotIn(self.both, self._find(bought_product_ids=self.drill))
        for user in (self.seller, self.rival):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self._take(self.both, user)
        with self.assertRaises(UserError):
            self._take(self.buyers_contact, self.rival)

    def test_lead_gives_a_cooling_customer(self):
        self._take(self.both, self.seller)
        self.both.with_user(self.seller).personal_manager_id = False
        self.both.with_user(self.lead).personal_manager_id = self.rival
        self._assert_managers(self.both, self.rival)

    def test_customer_is_free_after_the_cooling_period(self):
        self.env.company.customer_cooling_days = 30
        self._take(self.both, self.seller)
        with freeze_time(date.today() - timedelta(31)):
            self.both.with_user(self.seller).personal_manager_id = False
            self.env.flush_all()
        self.assertIn(self.both, self._find(bought_product_ids=self.drill))
        self._take(self.both, self.rival)
        self._assert_managers(self.both, self.rival)

    def test_somebody_elses_customer_is_not_among_those_taken(self):
        self._put(self.only_drill, self.rival)
        with self.assertRaises(AccessError):
            self._take(self.both + self.only_drill, self.seller)

    def test_cap_is_never_negative(self):
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), \
                self.env.cr.savepoint():
            self.env.company.customer_cap = -1
            self.env.flush_all()
