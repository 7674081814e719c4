from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestExplain(CampaignCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.silent = {'measure': 'last_date', 'days': 90}
        cls.spent = {'measure': 'amount', 'operator': '>=', 'value': 300}

    def _says(self, audience, partner):
        return [(row['value'], row['holds']) for row in audience._explain(partner)]

    def test_says_what_each_criterion_finds_of_a_customer(self):
        audience = self._audience(self.silent, self.spent)
        [last, amount] = audience._explain(self.acorn)
        self.assertTrue(last['holds'] and amount['holds'])
        self.assertIn("500", amount['value'])
        [last, amount] = audience._explain(self.birch)
        self.assertFalse(last['holds'] or amount['holds'])
        self.assertIn("200", amount['value'])
        self.assertEqual(self._says(audience, self.cedar), [("nothing", False)] * 2)

    def test_says_the_same_as_the_audience(self):
        for criterion in (
            {**self.silent, 'negate': True},
            {'measure': 'count', 'operator': '<', 'value': 1},
            {'measure': 'amount', 'threshold': 'top', 'value': 50},
            {'measure': 'last_date', 'threshold': 'own', 'value': 100},
            {'measure': 'amount', 'threshold': 'own', 'value': 100, 'period': 'this_year'},
            {'source': 'customer', 'partner_domain': "[('name', 'ilike', 'boats')]"},
        ):
            audience = self._audience(criterion)
            found = audience._customers()
            for customer in self.customers:
                with self.subTest(criterion=criterion, customer=customer.name):
                    [row] = audience._explain(customer)
                    self.assertEqual(row['holds'], customer in found)
                    self.assertEqual(audience._contains(customer) == audience, customer in found)

    def test_says_what_is_usual(self):
        self._sell(self.acorn, 300, 100.0)
        audience = self._audience(
            {'measure': 'last_date', 'threshold': 'own', 'value': 200},
            {'measure': 'quantity', 'threshold': 'own', 'value': 50, 'period': 'last',
             'period_unit': 'days', 'period_count': 401})
        [silent, less] = audience._explain(self.acorn)
        self.assertRegex(silent['value'], "usually every 100 days")
        self.assertEqual(less['value'], "2")
        audience.criterion_ids[1].period_count = 100
        self.assertEqual(audience._explain(self.acorn)[1]['value'], "nothing, usually 0.5")

    def test_asks_about_the_customer_of_a_contact(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        audience = self._audience(self.spent)
        self.assertTrue(audience._explain(contact)[0]['holds'])
        self.assertEqual(audience._contains(contact), audience)

    def test_archived_customers_are_in_none(self):
        audience = self._audience(self.spent)
        self.acorn.active = False
        self.assertFalse(audience._contains(self.acorn))

    def test_dialog_shows_why_and_why_not(self):
        audience = self._audience(
            self.spent, {'is_group': True, 'match': 'none'}, self.silent)
        explanation = self.env['crm.audience.explanation'].with_user(
            self.roles['marketing_manager']).create(
                {'partner_id': self.acorn.id, 'audience_id': audience.id})
        self.assertFalse(explanation.is_in)
        self.assertIn("is not in the audience", explanation.explanation)
        self.assertIn("None of these", explanation.explanation)
        explanation.audience_id = self._audience(self.spent)
        self.assertTrue(explanation.is_in)
        self.assertIn("is in the audience", explanation.explanation)
        self.assertIn(explanation.audience_id, explanation.found_ids)
        self.assertNotIn(audience, explanation.found_ids)

    def test_margin_is_not_told_to_marketing(self):
        audience = self._audience({'measure': 'margin', 'operator': '>', 'value': 100})
        with self.assertRaises(AccessError):
            audience._explain(self.acorn)
        self.assertEqual(audience.customer_count, 0)
        self.assertFalse(audience._contains(self.acorn))
        dialog = self.env['crm.audience.explanation'].with_user(
            self.roles['marketing_manager']).create(
                {'partner_id': self.acorn.id, 'audience_id': audience.id})
        self.assertIn("margins are for sales managers", dialog.explanation)
        self.assertTrue(
            audience.with_user(self.roles['sales_manager'])._explain(self.acorn)[0]['holds'])

    def test_dialog_is_refused_to_other_roles(self):
        for role in set(self.roles) - {'marketing_manager', 'sales_manager'}:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env['crm.audience.explanation'].with_user(self.roles[role]).create({})

    def test_each_criterion_says_how_many_it_finds(self):
        audience = self._audience(self.silent, {
            'source': 'customer', 'partner_domain': str([('id', 'in', self.customers.ids)])})
        self.assertEqual(audience.criterion_ids[1].customer_count, 3)
        edited = self.audiences.new({'name': "New", 'criterion_ids': [
            Command.create({'source': 'campaign'}),
            Command.create({'source': 'customer', 'partner_domain': "[('name'"})]})
        self.assertEqual(edited.criterion_ids.mapped('customer_count'), [0, 0])
        self.assertRegex(edited.criterion_ids[0].problem, "at least one campaign")
        self.assertEqual(edited.customer_count, 0)

    def test_many_criteria_are_counted_at_once(self):
        def queries(count):
            audience = self._audience(*[self.spent] * count)
            self.env.flush_all()
            self.env.invalidate_all()
            audience.criterion_ids.mapped('sentence')
            start = self.cr.sql_log_count
            audience.criterion_ids.mapped('customer_count')
            return self.cr.sql_log_count - start

        queries(1)
        self.assertEqual(*(min(queries(count) for _time in range(3)) for count in (2, 9)))
