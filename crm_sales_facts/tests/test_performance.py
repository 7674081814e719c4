from odoo.tests import tagged
from odoo.tests.common import warmup

from .common import SalesFactsCommon

MANY = 40


@tagged('post_install', '-at_install')
class TestPerformance(SalesFactsCommon):
    """Ten times the bills cost as many queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bills = cls.env['account.move'].union(*(cls._create_bill() for _bill in range(MANY)))

    @warmup
    def test_facts_of_many_bills_are_kept_by_as_many_statements(self):
        def change(some):
            with some._sales_facts_kept():
                pass

        self._assert_flat(change, self.bills)

    @warmup
    def test_posting_costs_one_statement_more(self):
        with_facts = self._statements_to_post()
        self.patch(
            type(self.env['account.move']), '_append_sales_facts', lambda moves, sign: None)
        self.assertLessEqual(with_facts, self._statements_to_post() + 1)

    def _statements_to_post(self):
        """Return how many statements it takes to post a bill, the least of three times."""
        return min(
            self._count_statements_once(
                lambda bill: bill.action_post(), self._create_bill(post=False))
            for _attempt in range(3))

    @warmup
    def test_fold_of_many_deltas_is_one_statement(self):
        def fold(bills):
            bills._append_sales_facts(-1)
            bills._append_sales_facts(1)
            self.facts._fold()

        self._assert_flat(fold, self.bills)

    @warmup
    def test_sums_by_customer_are_one_statement_however_many_months_there_are(self):
        report = self.env['crm.sales.report']
        self.facts._fold()
        for domain in ([], [('date', '>=', '2026-01-15'), ('date', '<', '2026-03-04')]):
            self.assertEqual(self._count_statements(
                report._read_group, domain, ['partner_id'], ['amount:sum', 'margin:sum']), 1)

    @warmup
    def test_button_of_many_customers_is_one_query(self):
        customers = self.env['res.partner'].create(
            [{'name': f"Customer {number}", 'is_company': True} for number in range(MANY)])
        self._assert_flat(lambda some: some._compute_sales_year(), customers)

    @warmup
    def test_contacts_move_to_a_company_together(self):
        contacts = self.env['res.partner'].create(
            [{'name': f"Contact {number}"} for number in range(MANY)])
        self._assert_flat(
            lambda some: some._move_sales_facts(dict.fromkeys(contacts, self.customer)), contacts)

    @warmup
    def test_sheet_of_a_customer_with_many_products(self):
        products = self.env['product.product'].create(
            [{'name': f"Bit {number}"} for number in range(12)])
        few, many = self.customer, self.other_customer
        for customer, bought in ((few, products[:2]), (many, products)):
            self._create_bill(partner_id=customer.id, lines=[
                {'product_id': product.id, 'price_unit': 5.0} for product in bought])
        many.get_sales_sheet()
        costs = [
            self._count_statements(customer.get_sales_sheet) for customer in (few, many)]
        self.assertEqual(*costs)
