from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CampaignCommon

PERIODS = (
    {'period': 'always'}, {'period': 'last', 'period_count': 6}, {'period': 'last_month'},
    {'period': 'last', 'period_unit': 'days', 'period_count': 45})
CRITERIA = [
    {'measure': 'last_date', 'operator': '<', 'days': 60},
    {'measure': 'first_date', 'operator': '>', 'days': 300},
    {'measure': 'amount', 'operator': '>=', 'value': 250},
    {'measure': 'quantity', 'operator': '<', 'value': 2},
    {'measure': 'margin', 'operator': '>', 'value': 100},
    {'measure': 'amount', 'threshold': 'top', 'value': 60},
    {'measure': 'last_date', 'threshold': 'bottom', 'value': 50},
    {'measure': 'amount', 'threshold': 'own', 'operator': '<', 'value': 90},
]


@tagged('post_install', '-at_install')
class TestAudienceSums(CampaignCommon):
    """What is found from sums of customers and months is what is found from each day's sales."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.acorn, 70, 120.0)
        cls._sell(cls.acorn, 40, 60.0)
        cls._sell(cls.acorn, 40, 60.0, move_type='out_refund')
        cls._sell(cls.birch, 200, 90.0)
        cls._sell(cls.cedar, 100, 30.0, move_type='out_refund')
        cls.facts = cls.env['crm.sales.fact']
        while cls.facts._fold():
            pass

    def _queries(self):
        """Return what each criterion asks for in each period, and whom it finds."""
        found = {}
        for criterion in CRITERIA:
            for period in PERIODS:
                if criterion.get('threshold') == 'own' and period['period'] == 'always':
                    continue
                audience = self.env['crm.audience'].create({
                    'name': "Sums", 'criterion_ids': [Command.create({**criterion, **period})]})
                query = audience._query()
                found[str({**criterion, **period})] = (
                    query.select().code, audience._customers() & self.customers)
        return found

    def _assert_same(self):
        from_sums = self._queries()
        criteria = type(self.env['crm.audience.criterion'])
        with patch.object(criteria, '_is_of_sums', lambda *_arguments: False):
            from_facts = self._queries()
        for name, (_code, customers) in from_facts.items():
            with self.subTest(criterion=name):
                self.assertEqual(from_sums[name][1], customers)
        self.assertGreater(len({customers for _code, customers in from_facts.values()}), 3)
        return [code for code, _customers in from_sums.values()]

    def test_folded_sales_are_read_from_sums(self):
        codes = self._assert_same()
        for code in codes:
            self.assertRegex(code, 'crm_sales_total|crm_sales_month')
            self.assertNotIn('crm_sales_fact_delta', code)

    def test_sums_are_refused_as_sales_are(self):
        margin, amount = (
            self._audience({'measure': measure, 'operator': '>', 'value': 100})
            for measure in ('margin', 'amount'))
        with self.assertRaisesRegex(AccessError, "for sales managers"):
            margin._customers()
        self.assertIn(self.acorn, amount._customers())
        self._take_right('crm.sales.report', 'read')
        with self.assertRaises(AccessError):
            amount._customers()

    def test_sales_that_wait_to_be_folded_count(self):
        self._sell(self.acorn, 5, 200.0)
        self._sell(self.birch, 10, 200.0, move_type='out_refund')
        self._sell(self.cedar, 50, 10.0)
        codes = self._assert_same()
        for code in codes:
            self.assertIn('crm_sales_fact_delta', code)
        while self.facts._fold():
            pass
        before = {name: customers for name, (_code, customers) in self._queries().items()}
        self._sell(self.acorn, 1, 0.0)
        after = {name: customers for name, (_code, customers) in self._queries().items()}
        self.assertNotEqual(before, after)
