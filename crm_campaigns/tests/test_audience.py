from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestAudience(CampaignCommon):

    def test_only_what_is_known_of_a_source_is_offered(self):
        requests, bills = self._audience({'source': 'request'}, {}).criterion_ids
        self.assertEqual(requests.offered_measures, ['last_date', 'first_date', 'count'])
        self.assertNotIn('margin', bills.offered_measures)
        self.assertIn('margin', bills.with_user(self.roles['sales_manager']).offered_measures)

    def test_last_bill_before_a_day(self):
        self.assertEqual(self._found({'measure': 'last_date', 'days': 90}), self.acorn)
        self.assertEqual(
            self._found({'measure': 'last_date', 'operator': '>=', 'days': 90}), self.birch)

    def test_who_never_bought_has_no_last_bill_but_bought_for_nothing(self):
        self.assertEqual(
            self._found({'measure': 'amount', 'operator': '<', 'value': 1}), self.cedar)
        self.assertEqual(
            self._found({'measure': 'count', 'operator': '<=', 'value': 0}), self.cedar)

    def test_credit_notes_count_negative(self):
        self._sell(self.birch, 5, 150.0, move_type='out_refund')
        found = {'measure': 'amount', 'operator': '>=', 'value': 51}
        self.assertEqual(self._found(found), self.acorn)
        self.assertEqual(self._found({**found, 'value': 50}), self.acorn | self.birch)

    def test_credited_in_full_on_the_day_is_no_purchase(self):
        self._sell(self.birch, 10, 200.0, move_type='out_refund')
        self.assertFalse(self._found(
            {'measure': 'last_date', 'operator': '>', 'days': 90}))

    def test_period(self):
        criterion = {'measure': 'amount', 'operator': '>', 'value': 0, 'period': 'last'}
        self.assertEqual(self._found({**criterion, 'period_count': 12}), self.birch)
        self.assertEqual(self._found({**criterion, 'period_count': 24}), self.acorn | self.birch)
        self.assertEqual(
            self._found({**criterion, 'period': 'fixed', 'date_to': self._day(100)}), self.acorn)

    def test_first_and_last_day_of_a_period_count(self):
        criterion = {
            'measure': 'amount', 'operator': '>', 'value': 0, 'period': 'fixed',
            'date_from': self._day(10), 'date_to': self._day(10)}
        self.assertEqual(self._found(criterion), self.birch)

    def test_products_and_categories(self):
        other = self.env['product.product'].create({'name': "Vice", 'categ_id': self.env[
            'product.category'].create({'name': "Vices"}).id})
        criterion = {'measure': 'quantity', 'operator': '>=', 'value': 1}
        self.assertFalse(self._found({**criterion, 'product_ids': [Command.link(other.id)]}))
        self.assertFalse(self._found(
            {**criterion, 'category_ids': [Command.link(other.categ_id.id)]}))
        self.assertEqual(
            self._found({**criterion, 'product_ids': [Command.link(self.product.id)]}),
            self.acorn | self.birch)

    def test_top_and_bottom(self):
        audience = self._audience({'measure': 'amount', 'threshold': 'top', 'value': 1})
        top = audience._customers()
        audience.criterion_ids.threshold = 'bottom'
        self.assertTrue(top)
        self.assertFalse(top & audience._customers())

    def test_own_average(self):
        self._sell(self.birch, 380, 1.0)
        criterion = {
            'measure': 'amount', 'threshold': 'own', 'value': 100, 'period': 'last',
            'period_unit': 'months', 'period_count': 1}
        self.assertEqual(self._found({**criterion, 'operator': '>'}), self.birch)
        self.assertEqual(self._found({**criterion, 'operator': '<'}), self.acorn)

    def test_groups_of_criteria(self):
        old = {'measure': 'last_date', 'days': 90}
        new = {'measure': 'last_date', 'operator': '>', 'days': 90}
        self.assertFalse(self._found(old, new))
        self.assertEqual(
            self._found({'is_group': True, 'match': 'any'}, old, new), self.acorn | self.birch)
        self.assertEqual(
            self._found({'is_group': True, 'match': 'none'}, old, new), self.cedar)
        self.assertEqual(
            self._found(old, {'is_group': True}, new, match='any'), self.acorn | self.birch)
        self.assertEqual(self._found({**old, 'negate': True}), self.birch | self.cedar)

    def test_fields_of_the_customer(self):
        self.assertEqual(
            self._found({'source': 'customer', 'partner_domain': "[('name', '=', 'Cedar Boats')]"}),
            self.cedar)

    def test_orders_requests_and_calls(self):
        self.order_birch.action_confirm()
        self.assertEqual(
            self._found({'source': 'order', 'measure': 'count', 'operator': '>=', 'value': 1}),
            self.birch)
        self.env['crm.call'].create({'partner_id': self.cedar.id})
        self.assertEqual(
            self._found({'source': 'call', 'measure': 'count', 'operator': '>=', 'value': 1}),
            self.cedar)

    def test_archived_customers_and_contact_persons_are_left_out(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        self.assertNotIn(contact, self._audience()._customers())
        self.acorn.active = False
        self.assertFalse(self._found({'measure': 'last_date', 'days': 90}))

    def test_is_a_filter_on_customers(self):
        audience = self._audience({'measure': 'last_date', 'days': 90})
        partners = self.env['res.partner'].with_user(self.roles['marketing_manager'])
        self.assertIn(self.acorn, partners.search([('audience_id', '=', audience.id)]))
        self.assertNotIn(self.birch, partners.search([('audience_id', '=', audience.id)]))
        self.assertIn(self.birch, partners.search([('audience_id', '!=', audience.id)]))

    def test_count_and_sample_follow_while_it_is_edited(self):
        audience = self.audiences.new({'name': "New", 'criterion_ids': [Command.create(
            {'source': 'customer', 'partner_domain': "[('name', '=', 'Cedar Boats')]"})]})
        self.assertEqual(audience.customer_count, 1)
        self.assertEqual(audience.sample_ids._origin, self.cedar)

    def test_margin_is_for_sales_managers(self):
        self.order_acorn.order_line.purchase_price = 20.0
        self.order_acorn.action_confirm()
        for source in ('bill', 'order'):
            audience = self._audience(
                {'source': source, 'measure': 'margin', 'operator': '>', 'value': 50})
            with self.subTest(source=source):
                with self.assertRaisesRegex(AccessError, "for sales managers"):
                    audience._customers()
                found = audience.with_user(self.roles['sales_manager'])._customers()
                self.assertIn(self.acorn, found)

    def test_who_may_not_see_sales_finds_nobody_by_them(self):
        audience = self._audience({'measure': 'amount', 'operator': '>', 'value': 100})
        self.assertIn(self.acorn, audience._customers())
        self._take_right('crm.sales.report', 'read')
        with self.assertRaises(AccessError):
            audience._customers()

    def test_audiences_are_refused_to_other_roles(self):
        audience = self._audience()
        for role in set(self.roles) - {'marketing_manager', 'sales_manager'}:
            with self.subTest(role=role), self.assertRaises(AccessError):
                audience.with_user(self.roles[role]).read(['name'])

    def test_what_cannot_be_asked_is_refused_in_words(self):
        for criterion in (
            {'source': 'request', 'measure': 'amount'},
            {'measure': 'amount', 'threshold': 'top', 'value': 101},
            {'measure': 'amount', 'threshold': 'own', 'value': 100},
            {'measure': 'share', 'value': 50},
            {'measure': 'amount', 'period': 'fixed'},
            {'source': 'customer', 'partner_domain': "[('no_such_field', '=', 1)]"},
            {'source': 'customer', 'partner_domain': "[('name'"},
            {'source': 'campaign'},
        ):
            with self.subTest(criterion=criterion), self.assertRaises(ValidationError):
                self._audience(criterion)

    def test_says_itself_in_a_sentence(self):
        [criterion] = self._audience({
            'measure': 'amount', 'operator': '>=', 'value': 500, 'period': 'last',
            'product_ids': [Command.link(self.product.id)]}).criterion_ids
        self.assertRegex(
            criterion.sentence,
            "^Billed without taxes at least .*500.* in the last 12 months of Work Bench$")

    def test_one_statement_however_many_criteria(self):
        few = self._audience({'measure': 'last_date', 'days': 90})
        many = self._audience(*(
            {'measure': 'amount', 'operator': '>', 'value': value} for value in range(12)))
        counts = []
        for audience in (few, many, few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            audience.criterion_ids.mapped('sequence')
            start = self.cr.sql_log_count
            audience._customers().ids  # noqa: B018
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(counts[2], counts[3])
