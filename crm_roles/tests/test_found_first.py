import random

from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.base.tests.common import BaseCommon

from ..found_first import FoundFirst, found_first
from .mixins import PeopleMixin


@tagged('post_install', '-at_install')
class TestFoundFirst(PeopleMixin, BaseCommon):
    """Documents found from the customer's side are those that the rule says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dice = random.Random(7)
        cls.people = [
            cls._create_user('account_representative', login=login) for login in ('ann', 'bob')]
        people = [*cls.people, cls.env['res.users']]
        customers = cls.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True, 'active': dice.random() < 0.8,
             'user_id': dice.choice(people).id} for number in range(12)])
        customers |= cls.env['res.partner'].create([
            {'name': f"Contact {number}", 'parent_id': dice.choice(customers).id,
             'active': dice.random() < 0.8} for number in range(30)])
        for contact in customers[12:]:
            contact.user_id = dice.choice(people)
        cls.orders = cls.env['sale.order'].create([
            {'partner_id': dice.choice(customers).id, 'user_id': dice.choice(people).id}
            for _number in range(80)])
        cls.ann = cls.people[0]
        cls.rule = (
            Domain('user_id', '=', cls.ann.id) | Domain('partner_id.user_id', '=', cls.ann.id)
            | Domain('partner_id.commercial_partner_id.user_id', '=', cls.ann.id))

    def _found_first(self, domain, model='sale.order'):
        model = self.env[model]
        return found_first(Domain(domain).optimize(model), model)

    def _by_hand(self):
        return self.orders.filtered(lambda order: self.ann in (
            order.user_id | order.partner_id.user_id
            | order.partner_id.commercial_partner_id.user_id))

    def test_search_and_filter_say_what_the_domain_says(self):
        found = self._found_first(self.rule)
        own = Domain('id', 'in', self.orders.ids)
        orders = self.env['sale.order']
        self.assertEqual(orders.search(own & found), orders.search(own & self.rule))
        self.assertEqual(self.orders.filtered_domain(found), self._by_hand())
        self.assertEqual(orders.search(own & found).sorted('id'), self._by_hand())
        self.assertTrue(0 < len(self._by_hand()) < 80)

    def test_who_looks_after_a_customer_changes(self):
        found = self._found_first(self.rule)
        order = (self.orders - self._by_hand())[0]
        order.partner_id.user_id = self.ann
        # Not in the database yet.
        self.assertIn(order, self.env['sale.order'].search(found))
        self.assertTrue(order.filtered_domain(found))

    def test_customers_are_found_first(self):
        statement = self.env['sale.order']._search(self._found_first(self.rule)).select().code
        self.assertIn('ANY(ARRAY(', statement)
        self.assertNotIn('JOIN', statement)

    def test_the_rules_of_a_role_are_asked_so(self):
        env = self.env(user=self.ann)
        for model in ('sale.order', 'res.partner'):
            with self.subTest(model=model):
                parts = list(env['ir.rule']._compute_domain(model))
                self.assertEqual(
                    any(isinstance(getattr(part, '_sql', None), FoundFirst) for part in parts),
                    model == 'sale.order')
        seen = env['sale.order'].search([('id', 'in', self.orders.ids)]).sorted('id')
        self.assertLessEqual(set(self._by_hand()), set(seen))
        self.assertFalse(seen.filtered(lambda order: order.user_id == self.people[1]
                                       and order not in self._by_hand()
                                       and 'personal_manager_id' not in order.partner_id))

    def test_where_a_way_has_no_index_nothing_changes(self):
        for other in (
                Domain('client_order_ref', '=', 'x'), Domain('note', 'ilike', 'x'),
                Domain('partner_id.name', '=', 'x'), Domain('user_id', '!=', self.ann.id)):
            with self.subTest(other=other):
                domain = (other | Domain('partner_id.user_id', '=', self.ann.id)).optimize(
                    self.env['sale.order'])
                self.assertEqual(self._found_first(domain), domain)

    def test_customers_by_something_else_stay_as_they_are(self):
        for domain in (
                Domain('partner_id.name', '=', 'x'), Domain('partner_id.user_id', '=', False),
                Domain('partner_id.user_id', '!=', self.ann.id),
                Domain('partner_id', 'not any', [('user_id', '=', self.ann.id)])):
            with self.subTest(domain=domain):
                statement = self.env['sale.order']._search(self._found_first(domain)).select().code
                self.assertNotIn('ANY(ARRAY(', statement)
