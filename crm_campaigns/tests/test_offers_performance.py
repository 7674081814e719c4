from odoo.tests import tagged

from .common import CampaignCommon

FEW, MANY = 5, 50


@tagged('post_install', '-at_install')
class TestOffersPerformance(CampaignCommon):
    """Ten times the customers cost as many queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env['res.partner'].create(
            [{'name': f"Customer {number}", 'ref': 'offered'} for number in range(MANY)])
        cls.rules = cls.env['crm.offer.rule'].with_user(cls.roles['marketing_manager'])

    def _rule(self, customers):
        return self.rules.create({
            'name': "A Vice", 'kind': 'audience', 'audience_id': self._audience({
                'source': 'customer', 'partner_domain': str([('id', 'in', customers.ids)])}).id})

    def _queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - start

    def _least(self, make_call):
        return min(self._queries(make_call()) for _time in range(3))

    def test_offers_are_made_in_one_statement(self):
        few, many = (
            self._least(lambda customers=customers: self._rule(customers)._make_offers)
            for customers in (self.many[:FEW], self.many))
        self.assertLessEqual(many, few)
        self.assertEqual(len(self._rule(self.many)._make_offers()), MANY)

    def test_lists_of_offers_and_customers(self):
        offers = self._rule(self.many)._make_offers().with_user(self.roles['order_manager'])
        names = ['evidence', 'partner_id', 'user_id', 'amount_sales', 'state']
        customers = self.many.with_user(self.roles['order_manager'])
        for records, fields in ((offers, names), (customers, ['offer_count', 'relation_count'])):
            with self.subTest(model=records._name):
                few, many = (
                    self._least(lambda some=some, fields=fields: lambda: some.read(fields))
                    for some in (records[:FEW], records))
                self.assertLessEqual(many, few)
