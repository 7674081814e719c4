import io
import random
from datetime import date

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_commission import CommissionCommon


class SettlementCommon(CommissionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan()
        cls.bill = cls._create_bill(cls._create_order(250.0))
        cls._pay(cls.bill, 100.0, payment_date='2026-03-05')
        cls._pay(cls.bill, 50.0, payment_date='2026-04-07')


@tagged('post_install', '-at_install')
class TestCommissionSettlement(SettlementCommon):
    """What is settled, when, and what follows from it."""

    def test_period_takes_what_was_earned_until_its_end(self):
        self.assertEqual(self._settle(self.manager, '2026-03-31', confirm=False).amount, 10.0)
        self.assertEqual(self._settle(self.manager, '2026-04-30', confirm=False).amount, 5.0)
        self.assertEqual(self._settle(self.manager, '2026-04-30', confirm=False).amount, 0.0)

    def test_money_that_came_late_is_in_the_next_settlement(self):
        self._settle(self.manager, '2026-04-30')
        self._pay(self.bill, 40.0, payment_date='2026-03-20')
        self.assertEqual(self._settle(self.manager, '2026-05-31').amount, 4.0)

    def test_several_drafts_at_once_share_nothing(self):
        drafts = self.env['crm.commission.settlement'].create([
            {'user_id': self.manager.id, 'company_id': self.env.company.id,
             'date_from': '2026-01-01', 'date_to': day}
            for day in ('2026-04-30', '2026-03-31')])
        self.assertEqual(drafts.mapped('amount'), [5.0, 10.0])

    def test_steps_of_a_settlement(self):
        settlement = self._settle(self.manager, confirm=False)
        entries = settlement.entry_ids
        self.assertEqual(set(entries.mapped('state')), {'earned'})
        with self.assertRaises(UserError):
            settlement.action_pay()
        settlement.action_confirm()
        self.assertEqual(set(entries.mapped('state')), {'settled'})
        for values in ({'user_id': self.colleague.id}, {'date_to': '2026-03-31'}):
            with self.subTest(values=values), self.assertRaises(UserError):
                settlement.write(values)
        with self.assertRaises(UserError):
            settlement.unlink()
        with self.assertRaises(UserError):
            settlement.action_gather()
        settlement.action_pay()
        self.assertRecordValues(settlement, [{'state': 'paid', 'date_paid': date.today()}])
        settlement.action_reopen()
        self.assertRecordValues(settlement, [{'state': 'confirmed', 'date_paid': False}])
        settlement.action_reopen()
        self.assertEqual(set(entries.mapped('state')), {'earned'})

    def test_empty_settlement_is_not_confirmed(self):
        with self.assertRaises(UserError):
            self._settle(self.colleague)

    def test_draft_lets_go_of_what_goes_to_somebody_else(self):
        settlement = self._settle(self.manager, confirm=False)
        self.bill.line_ids.sale_line_ids.order_id.order_manager_id = self.colleague
        self._update()
        self.assertEqual(settlement.amount, 0.0)
        with self.assertRaises(UserError):
            settlement.action_confirm()
        self.assertEqual(self._settle(self.colleague).amount, 15.0)

    def test_reopened_settlement_follows_the_order_again(self):
        settlement = self._settle(self.manager)
        self.bill.line_ids.sale_line_ids.order_id.order_manager_id = self.colleague
        self._update()
        self.assertEqual(settlement.amount, 15.0)
        settlement.action_reopen()
        self._update()
        self.assertEqual(settlement.amount, 0.0)
        self.assertEqual(
            self._amounts(user_id=self.colleague.id), {'expected': 10.0, 'earned': 15.0})

    def test_reopened_reversal_is_a_reversal_again(self):
        self._settle(self.manager)
        self._credit(self.bill, 150.0)
        settlement = self._settle(self.manager)
        self.assertEqual(settlement.amount, -5.0)  # 100 are left of 250, 150 were paid
        settlement.action_reopen()
        self.assertEqual(settlement.entry_ids.state, 'reversed')

    def test_other_person_in_a_draft_gathers_anew(self):
        settlement = self._settle(self.manager, confirm=False)
        settlement.user_id = self.colleague
        self.assertEqual(settlement.amount, 0.0)
        settlement.user_id = self.manager
        self.assertEqual(settlement.amount, 15.0)

    def test_deleted_draft_gives_its_commissions_back(self):
        self._settle(self.manager, confirm=False).unlink()
        self.assertEqual(self._settle(self.manager).amount, 15.0)

    def test_order_with_settled_commission_is_not_deleted(self):
        self._settle(self.manager)
        order = self.bill.line_ids.sale_line_ids.order_id
        order._action_cancel()
        with self.assertRaises(UserError):
            order.unlink()

    def test_cancelled_order_with_unsettled_commission_is_deleted(self):
        order = self._create_order(100.0)
        self._update()
        order._action_cancel()
        order.unlink()
        self.assertFalse(self.Entry.search([('order_id', '=', order.id)]))

    def test_period_is_settled_for_everybody_who_earned(self):
        self._pay(
            self._create_bill(self._create_order(300.0, order_manager_id=self.colleague.id)),
            payment_date='2026-03-09')
        self._create_order(500.0, order_manager_id=self.lead.id)  # not paid
        wizard = self.env['crm.commission.settle'].create(
            {'date_from': '2026-03-01', 'date_to': '2026-03-31'})
        settlements = self.env['crm.commission.settlement'].search(
            wizard.action_settle()['domain'])
        self.assertEqual(
            {settlement.user_id: settlement.amount for settlement in settlements},
            {self.manager: 10.0, self.colleague: 30.0})
        with self.assertRaises(UserError):
            wizard.action_settle()

    def test_no_cent_is_lost_over_random_settlements(self):
        rng = random.Random(7)
        self.plan.write({'earner': 'split', 'manager_share': 33.33, 'rate': 3.7})
        self.customer.personal_manager_id = self.seller
        people = self.manager + self.colleague
        for number in range(3):
            order = self._create_order(rng.randint(1000, 99999) / 100)
            bill = self._create_bill(order)
            left = bill.amount_total
            while left > 0:
                amount = min(left, rng.randint(1, 40000) / 100)
                self._pay(bill, amount)
                left = round(left - amount, 2)
                if rng.random() < 0.4:
                    order.order_manager_id = rng.choice(people)
                if rng.random() < 0.3:
                    self._update()
                    for user in (people + self.seller).filtered(self._has_something):
                        self._settle(user)
            with self.subTest(order=number):
                self._update()
                entries = self.Entry.search([('order_id', '=', order.id)])
                self.assertNotIn('expected', entries.mapped('state'))
                self.assertEqual(
                    round(sum(entries.mapped('amount')), 2),
                    order.currency_id.round(order.amount_untaxed * 3.7 / 100))

    def _has_something(self, user):
        return self.Entry.search_count([
            ('user_id', '=', user.id), ('state', '=', 'earned'), ('settlement_id', '=', False)])


@tagged('post_install', '-at_install')
class TestCommissionSimulation(SettlementCommon):

    def test_plan_is_tried_on_the_past(self):
        future = self._create_plan(20.0, name="Twenty Percent", date_from='2099-01-01')
        before = self.Entry.search_count([])
        simulation = self.env['crm.commission.simulation'].create(
            {'plan_id': future.id, 'date_from': '2026-03-01', 'date_to': '2026-03-31'})
        self._update()
        simulation.action_simulate()
        self.assertRecordValues(simulation.line_ids, [
            {'user_id': self.manager.id, 'order_count': 1, 'amount': 20.0, 'amount_now': 10.0}])
        simulation.write({'date_from': '2026-01-01', 'date_to': '2026-12-31'})
        simulation.action_simulate()
        self.assertRecordValues(simulation, [{'amount': 30.0, 'amount_now': 15.0}])
        self.assertFalse(self.Entry.search([('plan_id', '=', future.id)]))
        self.assertGreaterEqual(self.Entry.search_count([]), before)

    def test_what_was_credited_in_the_period_is_taken_off(self):
        self._credit(self.bill, 150.0)
        note = self.bill.reversal_move_ids
        simulation = self.env['crm.commission.simulation'].create(
            {'plan_id': self.plan.id, 'date_from': note.date, 'date_to': note.date})
        simulation.action_simulate()
        self.assertEqual(simulation.amount, -5.0)  # 100 are left of 250, 150 were paid

    def test_only_sales_managers_try_plans(self):
        values = {'plan_id': self.plan.id, 'date_from': '2026-03-01', 'date_to': '2026-03-31'}
        for user in (self.manager, self.lead, self.seller):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env['crm.commission.simulation'].with_user(user).create(values)
        simulation = self.env['crm.commission.simulation'].with_user(
            self.sales_manager).create(values)
        simulation.action_simulate()
        self.assertEqual(simulation.amount, 10.0)
        self.assertFalse(any(person.env.su for person in simulation._simulate()[0]))


@tagged('post_install', '-at_install')
class TestCommissionSettlementAccess(SettlementCommon):

    def test_person_sees_his_own_statement_and_changes_nothing(self):
        settlement = self._settle(self.manager, confirm=False)
        mine = settlement.with_user(self.manager)
        self.assertEqual(mine.amount, 15.0)
        for step in ('action_confirm', 'action_gather', 'unlink'):
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(mine, step)()
        with self.assertRaises(AccessError):
            mine.state = 'confirmed'
        settlement.action_confirm()
        for step in ('action_pay', 'action_reopen'):
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(mine, step)()

    def test_colleague_sees_nothing_of_it(self):
        settlement = self._settle(self.manager)
        for user in (self.colleague, self.seller):
            with self.subTest(user=user.login):
                self.assertFalse(
                    self.env['crm.commission.settlement'].with_user(user).search([]))
                with self.assertRaises(AccessError):
                    settlement.with_user(user).read(['amount'])

    def test_lead_and_sales_manager_settle_and_reopen(self):
        for user in (self.lead, self.sales_manager):
            with self.subTest(user=user.login):
                wizard = self.env['crm.commission.settle'].with_user(user).create(
                    {'date_from': '2026-03-01', 'date_to': '2026-03-31'})
                settlement = self.env['crm.commission.settlement'].with_user(user).search(
                    wizard.action_settle()['domain'])
                settlement.action_confirm()
                settlement.action_pay()
                settlement.action_reopen()
                settlement.action_reopen()
                settlement.unlink()

    def test_others_have_no_settlements(self):
        for role in ('service_supervisor', 'marketing_manager'):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env['crm.commission.settlement'].with_user(user).search([])
        for user in (self.manager, self.seller):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env['crm.commission.settle'].with_user(user).create({})


@tagged('post_install', '-at_install')
class TestCommissionStatement(HttpCase, SettlementCommon):
    """The statement on paper and as a workbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settlement = cls._settle(cls, cls.manager)
        people = cls.manager + cls.colleague
        people.company_ids = [Command.set(cls.env.company.ids)]
        for user in people:
            user.password = f'{user.login} its a secret'

    def test_report_lists_every_commission_and_the_total(self):
        html = self.env['ir.actions.report'].with_user(self.manager)._render_qweb_html(
            'crm_order_manager.crm_commission_settlement_report_action', self.settlement.ids)[0]
        text = ' '.join(html.decode().replace('\xa0', ' ').split())
        self.assertIn(self.manager.name, text)
        for amount in ('100.00', '50.00', '10.00', '5.00', '15.00'):
            self.assertIn(amount, text)

    def test_workbook_holds_the_figures_as_numbers(self):
        response = self._download(self.manager)
        self.assertEqual(response.status_code, 200)
        rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.values)
        self.assertEqual([row[5:] for row in rows[3:]], [(100, 10), (50, 5), ("Total", 15)])
        self.assertEqual(rows[3][0].date(), date(2026, 3, 5))

    def test_statement_of_somebody_else_is_not_there(self):
        self.assertEqual(self._download(self.colleague).status_code, 404)

    def _download(self, user):
        self.authenticate(user.login, f'{user.login} its a secret')
        return self.url_open(
            f'/crm_order_manager/commission_settlement/{self.settlement.id}/xlsx')
