from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_rule import RuleCommon


@tagged('post_install', '-at_install')
class TestRuleKinds(RuleCommon):
    """When each kind of rule applies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time('2026-03-10 09:00:00'))

    def _facts(self, kind, **values):
        """Return what a rule would say of the customers of the tests, by their name."""
        rule = self._create_rule(kind, **values)
        return {
            self.env['res.partner'].browse(change['partner_id']).name: change
            for change in rule._changes()}

    def test_overdue_by_days_and_amount(self):
        self._bill(self.acorn, 100.0, '2026-02-01', '2026-03-09')
        self._bill(self.acorn, 30.0, '2026-02-01', '2026-03-10')
        self._bill(self.birch, 40.0, '2026-02-01', '2026-02-08')
        self.assertEqual(set(self._facts('overdue')), {"Acorn Joinery", "Birch & Sons"})
        self.assertEqual(set(self._facts('overdue', days=2)), {"Birch & Sons"})
        self.assertEqual(set(self._facts('overdue', amount=100)), {"Acorn Joinery"})
        self.assertEqual(self._facts('overdue')["Acorn Joinery"]['amount'], 100)
        self.assertEqual(self._facts('overdue', days=1)["Birch & Sons"]['days'], 30)
        self.assertEqual(
            set(self._facts('overdue', days_max=20)), {"Acorn Joinery"}, "too long ago")

    def test_bill_without_follow_up_is_left_alone(self):
        bill = self._bill(self.acorn, 100.0, '2026-02-01')
        bill.no_followup = True
        self.assertFalse(self._facts('overdue'))

    def test_overdue_instalments_count_by_their_dates(self):
        term = self.env['account.payment.term'].create({'name': "Two Halves", 'line_ids': [
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': days})
            for days in (0, 60)]})
        self._bill(
            self.acorn, 100.0, '2026-02-01', invoice_payment_term_id=term.id)
        self.assertEqual(self._facts('overdue')["Acorn Joinery"]['amount'], 50)

    def test_unused_advance_and_credit_note(self):
        self._credit(self.acorn, 80.0, '2026-02-01')
        self._credit(self.birch, 80.0, '2026-03-01')
        facts = self._facts('advance', days=30)
        self.assertEqual(set(facts), {"Acorn Joinery"})
        self.assertEqual((facts["Acorn Joinery"]['amount'], facts["Acorn Joinery"]['days']),
                         (80, 37))
        self._bill(self.acorn, 20.0, '2026-01-20', move_type='out_refund')
        self.assertEqual(self._facts('advance', days=30)["Acorn Joinery"]['amount'], 100)
        self.assertFalse(self._facts('advance', days=30, amount=101))

    def test_used_credit_is_none(self):
        bill = self._bill(self.acorn, 100.0, '2026-02-01')
        self._credit(self.acorn, 80.0, '2026-02-01', bill)
        self.assertFalse(self._facts('advance'))

    def test_balance_at_least_and_in_favour(self):
        self._bill(self.acorn, 100.0, '2026-03-01', '2026-04-01')
        self._credit(self.acorn, 30.0, '2026-03-01')
        self._credit(self.birch, 30.0, '2026-03-01')
        self.assertEqual(
            {name: fact['amount'] for name, fact in self._facts('balance', amount=70).items()},
            {"Acorn Joinery": 70})
        self.assertFalse(self._facts('balance', amount=71))
        self.assertEqual(
            {name: fact['amount'] for name, fact in self._facts('balance', amount=-30).items()},
            {"Birch & Sons": -30})

    def test_credit_limit_counts_bills_and_orders(self):
        self.acorn.credit_limit = 200.0
        self._bill(self.acorn, 100.0, '2026-03-01')
        self.assertFalse(self._facts('credit_limit', percent=80))
        self.assertEqual(self._facts('credit_limit', percent=50)["Acorn Joinery"]['percent'], 50)
        self.product.invoice_policy = 'order'
        self._sell(self.acorn, '2026-03-01', 60.0)
        facts = self._facts('credit_limit', percent=80)["Acorn Joinery"]
        self.assertEqual((facts['amount'], facts['percent']), (160, 80))

    def test_nothing_bought_for_days_or_longer_than_usual(self):
        for date in ('2025-11-01', '2025-12-01', '2026-01-10', '2026-02-01'):
            self._sell(self.acorn, date)
        self._sell(self.birch, '2025-12-01')
        self.assertEqual(set(self._facts('no_sale', days=90)), {"Birch & Sons"})
        # The gaps are 30, 40 and 22 days, and 37 days have passed.
        facts = self._facts('no_sale', factor=1.2)
        self.assertEqual(set(facts), {"Acorn Joinery"})
        self.assertEqual((facts["Acorn Joinery"]['days'], facts["Acorn Joinery"]['rhythm']),
                         (37, 30))
        self.assertFalse(self._facts('no_sale', factor=1.3))
        self.assertEqual(
            set(self._facts('no_sale', factor=1.2, days=90)), {"Acorn Joinery", "Birch & Sons"})
        self.assertFalse(self._facts('no_sale', days=90, days_max=98))

    def test_bill_without_order_is_a_purchase_unless_reversed(self):
        self._sell(self.birch, '2025-12-01')
        bill = self._bill(self.birch, 50.0, '2026-03-01')
        self.assertFalse(self._facts('no_sale', days=30))
        bill._reverse_moves(cancel=True)
        self.assertEqual(bill.payment_state, 'reversed')
        self.assertEqual(set(self._facts('no_sale', days=30)), {"Birch & Sons"})

    def test_quotation_and_cancelled_order_are_no_purchase(self):
        self._sell(self.acorn, '2025-12-01')
        self._create_order(self.acorn)
        self._sell(self.acorn, '2026-03-01')._action_cancel()
        self.assertEqual(set(self._facts('no_sale', days=90)), {"Acorn Joinery"})

    def test_next_purchase_is_expected_within_days(self):
        for date in ('2025-12-14', '2026-01-13', '2026-02-12'):
            self._sell(self.acorn, date)
        facts = self._facts('next_purchase', days=7)
        self.assertEqual(facts["Acorn Joinery"]['days'], 4)
        self.assertFalse(self._facts('next_purchase', days=3))
        with freeze_time('2026-03-15 09:00:00'):
            self.assertFalse(self._facts('next_purchase', days=7))

    def test_quotation_about_to_expire(self):
        order = self._create_order(self.acorn, validity_date='2026-03-15')
        self.assertEqual(self._facts('quotation_expiring', days=5)["Acorn Joinery"]['days'], 5)
        self.assertFalse(self._facts('quotation_expiring', days=4))
        self.assertFalse(self._facts('quotation_expiring', days=5, amount=101))
        order.action_confirm()
        self.assertFalse(self._facts('quotation_expiring', days=5))

    def test_customer_is_asked_about_a_quotation_once(self):
        self._create_order(self.acorn, validity_date='2026-03-15')
        rule = self._create_rule('quotation_expiring', days=10)
        request = rule._run()
        request.write({'state': 'closed', 'closed_by': 'customer'})
        self.assertFalse(rule._run())
        other = self._create_order(self.acorn, validity_date='2026-03-16')
        self.assertEqual(rule._run().rule_facts['document_ids'], other.ids)

    def test_after_delivery_by_promise_or_last_bill(self):
        self._sell(self.acorn, '2026-02-01', commitment_date='2026-02-20 10:00:00')
        self.assertEqual(
            self._facts('after_delivery', days=10, days_max=30)["Acorn Joinery"]['days'], 18)
        self.assertFalse(self._facts('after_delivery', days=19, days_max=30))
        self.assertFalse(self._facts('after_delivery', days=5, days_max=17))
        self.product.invoice_policy = 'order'
        order = self._sell(self.birch, '2026-02-01')
        self.assertNotIn(
            "Birch & Sons", self._facts('after_delivery', days=1, days_max=30))
        bill = order._create_invoices()
        bill.write({'journal_id': self.journal.id, 'invoice_date': '2026-03-01'})
        bill.action_post()
        self.assertEqual(
            self._facts('after_delivery', days=1, days_max=30)["Birch & Sons"]['days'], 9)

    def test_what_was_delivered_stays_delivered(self):
        self._sell(self.acorn, '2026-02-01', commitment_date='2026-02-20 10:00:00')
        rule = self._create_rule('after_delivery', days=10, days_max=20)
        request = rule._run()
        with freeze_time('2026-05-10 09:00:00'):
            rule._run()
        self.assertEqual(request.state, 'new')
        request.write({'state': 'closed', 'closed_by': 'customer'})
        self.assertFalse(rule._run(), "asked about it before")

    def test_foreign_currency_counts_in_the_company_s(self):
        foreign = self.env['res.currency'].create({
            'name': 'TWO', 'symbol': 'T', 'rounding': 0.01, 'rate_ids': [
                Command.create({'name': '2025-01-01', 'rate': 2.0})]})
        self._bill(self.acorn, 100.0, '2026-02-01', currency_id=foreign.id)
        self.assertEqual(self._facts('overdue')["Acorn Joinery"]['amount'], 50)

    def test_day_is_that_of_the_company(self):
        self._bill(self.acorn, 100.0, '2026-02-01', '2026-03-10')
        self.assertFalse(self._facts('overdue'))
        self.env.company.partner_id.tz = 'Pacific/Auckland'
        with freeze_time('2026-03-10 13:00:00'):
            self.assertEqual(self._facts('overdue')["Acorn Joinery"]['days'], 1)
