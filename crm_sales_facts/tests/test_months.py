from datetime import date
from unittest.mock import patch

from odoo.fields import Command, Domain
from odoo.tests import tagged

from .common import SalesFactsCommon

GROUPS = [
    [], ['partner_id'], ['date:month'], ['date:quarter', 'partner_id'], ['family_id', 'date:year'],
    ['tag_ids'], ['partner_id.country_id'], ['company_id', 'date:month_number'],
]
SUMS = ['quantity:sum', 'amount:sum', 'cost:sum', 'margin:sum', 'price_average:avg',
        'margin_percent:avg', 'currency_id:array_agg_distinct', '__count']


@tagged('post_install', '-at_install')
class TestMonths(SalesFactsCommon):
    """What is summed from months is what is summed from facts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env['crm.sales.report']
        tags = cls.env['res.partner.category'].create([{'name': "Joiner"}, {'name': "Late"}])
        cls.customer.write({
            'category_id': [Command.set(tags.ids)], 'country_id': cls.env.ref('base.be').id})
        cls.other_customer.category_id = tags[0]
        for partner in (cls.customer, cls.other_customer):
            for day in ('2025-12-31', '2026-01-01', '2026-01-31', '2026-02-14', '2026-03-31'):
                cls._create_bill(
                    partner_id=partner.id, invoice_date=day, lines=[
                        {'product_id': cls.drill.id, 'quantity': int(day[-1]) + 2},
                        {'product_id': cls.bit.id, 'price_unit': 7.77}])
        cls.facts._fold()
        # Some of what was sold is only in the deltas, and one fact is a sum of nothing.
        cls._create_bill(invoice_date='2026-02-20')
        cls._create_bill(invoice_date='2026-01-15', move_type='out_refund')

    def _used(self, action):
        """Return what an action returns, and whether months were summed for it."""
        used = []
        rows_of = type(self.report)._rows_of

        def note(model, table, kind):
            used.append(table)
            return rows_of(model, table, kind)

        with patch.object(type(self.report), '_rows_of', note):
            result = action()
        return result, 'crm_sales_month' in used

    def _from_facts(self, action):
        with patch.object(type(self.report), '_months_divided', lambda *_arguments: None):
            return action()

    def _assert_same_sums(self, domain, groupby, sums=SUMS, **options):
        def read():
            return self.report._read_group(domain, groupby, sums, **options)

        found, used = self._used(read)
        self.assertTrue(used, f"{domain} by {groupby} was not summed from months")
        self.assertEqual(found, self._from_facts(read))
        self.assertTrue(found)

    def test_every_group_of_months_is_that_of_the_facts(self):
        for groupby in GROUPS:
            with self.subTest(groupby=groupby):
                self._assert_same_sums([], groupby)

    def test_days_that_divide_a_month(self):
        for condition in (
                [('date', '>=', '2026-01-31')], [('date', '>', '2026-01-31')],
                [('date', '<', '2026-01-31')], [('date', '<=', '2026-01-31')],
                [('date', '=', '2026-02-14')], [('date', '!=', '2026-02-14')],
                [('date', 'in', ['2026-02-14', '2026-01-31'])],
                [('date', '>=', '2025-12-31'), ('date', '<=', '2026-02-14')],
                ['!', '|', ('date', '<', '2026-01-15'), ('date', '>', '2026-03-30')],
                [('date.month_number', '=', 1)]):
            with self.subTest(condition=condition):
                self._assert_same_sums(condition, ['partner_id'])

    def test_conditions_on_the_customer_and_on_sums(self):
        self._assert_same_sums(
            [('partner_id', '=', self.customer.id), ('date', '>', 'today -20m')], ['date:month'])
        self._assert_same_sums(
            Domain('tag_ids.name', '=', "Late") | Domain('country_id', '=', False), ['partner_id'])
        self._assert_same_sums(
            [], ['partner_id'], having=[('margin:sum', '>', 0)],
            order='amount:sum DESC, partner_id')
        self._assert_same_sums([('partner_id', '=', self.customer.id)], [], ['__count'])

    def test_nothing_sold_is_counted_as_none(self):
        for domain in ([('date', '<', '1990-05-05')], [('partner_id', '=', self.env.user.id * -1)]):
            sums, used = self._used(lambda domain=domain: self.report._read_group(
                domain, [], ['__count']))
            self.assertTrue(used)
            self.assertEqual(sums, [(0,)])

    def test_what_months_do_not_know_is_summed_from_facts(self):
        for domain, groupby, sums in (
                ([], ['product_id'], ['amount:sum']),
                ([], ['date:week'], ['amount:sum']),
                ([('product_id', '=', self.drill.id)], ['partner_id'], ['amount:sum']),
                ([('category_id', '!=', False)], ['partner_id'], ['amount:sum']),
                ([('amount', '>', 10)], ['partner_id'], ['amount:sum']),
                ([], ['partner_id'], ['amount:max']),
                ([], ['partner_id'], ['price_average:sum']),
                ([], ['partner_id'], ['product_id:count_distinct']),
                ([('date', 'in', [f'2026-{month:02}-10' for month in range(1, 9)])],
                 ['partner_id'], ['amount:sum'])):
            with self.subTest(domain=domain, groupby=groupby, sums=sums):
                _result, used = self._used(
                    lambda domain=domain, groupby=groupby, sums=sums:
                    self.report._read_group(domain, groupby, sums))
                self.assertFalse(used)

    def test_rule_on_products_is_obeyed(self):
        self.env['ir.rule'].create({
            'name': "Drills only", 'model_id': self.env['ir.model']._get_id('crm.sales.report'),
            'domain_force': f"[('product_id', '=', {self.drill.id})]"})
        manager = self._create_user('sales_manager')
        [[quantity]] = self.report.with_user(manager)._read_group(
            [('partner_id', '=', self.other_customer.id)], [], ['quantity:sum'])
        self.assertEqual(quantity, 3 + 3 + 3 + 6 + 3)

    def test_cost_is_not_told_from_months_either(self):
        service = self._create_user('service_representative')
        [[amount]] = self.report.with_user(service)._read_group(
            [('partner_id', '=', self.customer.id)], [], ['amount:sum'])
        self.assertTrue(amount)
        query = self.report.with_user(service)._facts_query()
        self.assertIn('NULL::numeric AS cost', query.code)
        self.assertNotIn('fact.cost', query.code)

    def test_pivot_and_list_of_groups_ask_months(self):
        sets, used = self._used(lambda: self.report.formatted_read_grouping_sets(
            [], [[], ['partner_id'], ['partner_id', 'date:year']],
            ['amount:sum', 'margin:sum', '__count']))
        self.assertTrue(used)
        self.assertEqual(sets, self._from_facts(
            lambda: self.report.formatted_read_grouping_sets(
                [], [[], ['partner_id'], ['partner_id', 'date:year']],
                ['amount:sum', 'margin:sum', '__count'])))

    def test_records_are_facts_also_after_months_were_summed(self):
        [[partner, _amount], *_others] = self.report._read_group(
            [], ['partner_id'], ['amount:sum'])
        facts = partner.env['crm.sales.report'].search([('partner_id', '=', partner.id)])
        self.assertIn(self.drill, facts.product_id)

    def test_comparison_is_that_of_the_facts(self):
        comparison = self.env['crm.sales.comparison'].with_context(
            sales_start='2026-01-15', sales_end='2026-02-14')
        sums = ['amount:sum', 'amount_before:sum', 'quantity_year_ago:sum', 'growth:avg', '__count']
        self.assertEqual(
            comparison._spans()['_before'], (date(2025, 12, 15), date(2026, 1, 14)))

        def read():
            return comparison._read_group([], ['partner_id'], sums)

        with patch.object(type(comparison), '_months_divided', lambda *_arguments: None):
            expected = read()
        self.assertTrue(comparison._months_divided([], ['partner_id', *sums]))
        self.assertEqual(read(), expected)

    def test_deleted_product_leaves_months_and_facts_the_same(self):
        bill = self._create_bill(lines=[{'product_id': self.bit.id}], invoice_date='2026-06-01')
        product = self.bit.copy()
        other = self._create_bill(lines=[{'product_id': product.id}], invoice_date='2026-06-01')
        self.facts._fold()
        other.button_draft()
        other.unlink()
        product.unlink()
        self._assert_true()
        self.assertEqual(bill.state, 'posted')
