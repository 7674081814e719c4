from odoo.tests import tagged

from odoo.addons.crm_sales_facts.tests.common import SalesFactsCommon


@tagged('post_install', '-at_install')
class TestPersonalManager(SalesFactsCommon):

    def test_sales_are_told_by_personal_manager(self):
        manager = self._create_user('account_representative')
        self.customer.personal_manager_id = manager
        self._create_bill()
        self._create_bill(partner_id=self.other_customer.id)
        domain = [('partner_id', 'in', (self.customer | self.other_customer).ids)]
        for model in ('crm.sales.report', 'crm.sales.comparison', 'crm.sales.product'):
            sales = self.env[model].with_context(
                sales_start='2026-03-01', sales_end='2026-03-31')
            with self.subTest(model=model):
                self.assertEqual(
                    dict(sales._read_group(domain, ['personal_manager_id'], ['amount:sum'])),
                    {manager: 100.0, manager.browse(): 100.0})
                self.assertEqual(
                    sales.search([('personal_manager_id', '=', manager.id)]).partner_id,
                    self.customer)

    def test_periods_are_compared_by_personal_manager(self):
        action = self.env['crm.sales.compare'].create(
            {'group_by': 'personal_manager_id'}).action_compare()
        self.assertEqual(action['context']['group_by'], ['personal_manager_id'])
