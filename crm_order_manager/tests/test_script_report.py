from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import OrderManagerCommon

CALLED_AT = datetime(2026, 3, 2, 10)


@tagged('post_install', '-at_install')
class TestScriptReport(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = cls.env['crm.call.script'].create({
            'name': "Two steps", 'res_model': 'sale.order', 'step_ids': [
                Command.create({
                    'name': "Ask", 'choice_ids': [Command.create({'name': "Yes"})]}),
                Command.create({'name': "Close", 'sequence': 20}),
            ]})
        cls.ask, cls.close = cls.script.step_ids

    def _call(self, outcome, *steps, amount=100.0):
        """Return an order, and log a call about it that showed `steps`."""
        order = self._create_order(amount)
        with freeze_time(CALLED_AT):
            order.with_user(self.manager).log_call(outcome, answers=[
                {'step_id': step.id, 'choice_id': step.choice_ids[:1].id} for step in steps])
        return order

    def _rows(self, *measures, user=None):
        self.env.flush_all()
        rows = self.env['crm.call.script.report'].with_user(user or self.lead)._read_group(
            [('script_id', '=', self.script.id)], ['step_id'], measures)
        return {step.name: values if len(values) > 1 else values[0] for step, *values in rows}

    def test_steps_are_counted_and_customers_lost_at_the_last_one(self):
        self._call(self.promised, self.ask, self.close)
        self._call(self.lost, self.ask, self.close)
        self._call(self.lost, self.ask)
        self.assertEqual(
            self._rows('shown:sum', 'lost:sum', 'lost_rate:avg'),
            {'Ask': [3, 1, 100 / 3], 'Close': [2, 1, 50.0]})

    def test_payment_within_two_weeks_is_the_doing_of_the_call(self):
        in_time, late, by_bank, never = (
            self._call(self.promised, self.ask) for _number in range(4))
        with freeze_time(CALLED_AT + timedelta(days=13)):
            self._pay_online(in_time, 100.0)
        with freeze_time(CALLED_AT + timedelta(days=15)):
            self._pay_online(late, 100.0)
        self._pay(self._create_bill(by_bank), 40.0, payment_date='2026-03-10')
        self._credit(self._create_bill(never))
        self.assertEqual(self._rows('paid:sum', 'paid_rate:avg'), {'Ask': [2, 50.0]})
        in_time.campaign_id = campaign = self.env['utm.campaign'].create({'title': "Spring"})
        self.env.flush_all()
        report = self.env['crm.call.script.report'].with_user(self.lead)
        self.assertEqual(
            report._read_group([('campaign_id', '=', campaign.id)], [], ['paid:sum']), [(1,)])

    def test_payment_before_the_call_is_not(self):
        order = self._create_order(100.0)
        with freeze_time(CALLED_AT - timedelta(days=1)):
            self._pay_online(order, 30.0)
        with freeze_time(CALLED_AT):
            order.log_call(self.promised, answers=[{'step_id': self.ask.id}])
        self.assertEqual(self._rows('paid:sum'), {'Ask': 0})

    def test_leads_and_sales_managers_read_it_for_their_company(self):
        order = self._call(self.promised, self.ask)
        self.assertTrue(self._rows('shown:sum', user=self._create_user('sales_manager')))
        for role in ('service_representative', 'account_representative', 'marketing_manager'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rows('shown:sum', user=self._create_user(role))
        with self.assertRaises(AccessError):
            self._rows('shown:sum', user=self.manager)
        other = self.env['res.company'].create({'name': "Elsewhere"})
        order.last_call_id.company_id = other
        self.assertFalse(self._rows('shown:sum'))
