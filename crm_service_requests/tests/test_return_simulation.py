import random

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..models.return_decision import Question, Rule, decide
from ..models.return_decision_sql import accepted_sql, fee_sql
from .return_common import ReturnCommon

CONDITIONS = ['unopened', 'opened', 'defective']


@tagged('post_install', '-at_install')
class TestReturnDecisionSql(TransactionCase):

    def test_statement_decides_as_the_policy_does(self):
        dice = random.Random(7)
        questions = [self._question(dice) for _number in range(150)]
        accepted = 0
        for number in range(60):
            rules = [self._rule(dice) for _rule in range(dice.randint(0, 3))]
            default = self._rule(dice)
            expected = [
                (decision.accepted, decision.fee if decision.accepted else None)
                for decision in (decide(question, rules, default) for question in questions)]
            with self.subTest(number=number, rules=rules, default=default):
                self.assertEqual(self._ask(questions, rules, default), expected)
            accepted += sum(decision for decision, _fee in expected)
        self.assertGreater(accepted, 500)

    def _question(self, dice):
        ages = {
            name: dice.randint(0, 20) for name in ('order', 'delivery', 'bill')
            if dice.random() < 0.7}
        return Question(
            dice.randint(1, 4), dice.choice(CONDITIONS), dice.choice([0, 2, 5]),
            dice.choice([0, 0, 1]), dice.random() < 0.5, ages, dice.choice([0, 5]),
            frozenset(dice.sample([1, 2, 11], 2)), frozenset(dice.sample([3, 4], 1)))

    def _rule(self, dice):
        return Rule(
            dice.random() < 0.6, fee=dice.choice([0.0, 15.0]), category=dice.choice([0, 0, 1]),
            condition=dice.choice(['', *CONDITIONS]), tag=dice.choice([0, 0, 3]),
            period=dice.choice(['', 'within', 'after']), days=dice.choice([3, 10]),
            since=dice.choice(['order', 'delivery', 'bill']), own_days=dice.random() < 0.5,
            max_quantity=dice.choice([0, 0, 2]), max_share=dice.choice([0, 0, 50]),
            only_paid=dice.random() < 0.2)

    def _ask(self, questions, rules, default):
        rows = SQL(", ").join(SQL(
            "(%s, %s::numeric, %s, %s::numeric, %s::numeric, %s, %s::integer, %s::integer,"
            " %s::integer, %s, %s, %s)",
            number, question.quantity, question.condition, question.bought, question.returned,
            question.paid, question.ages.get('order'), question.ages.get('delivery'),
            question.ages.get('bill'), question.return_days,
            f"/{'/'.join(map(str, question.categories))}/", list(question.tags))
            for number, question in enumerate(questions))
        return [
            (bool(accepted), float(fee) if accepted else None)
            for accepted, fee in self.env.execute_query(SQL(
                "SELECT %s, %s FROM (VALUES %s) fact (id, quantity, condition, bought, returned, "
                "paid, age_order, age_delivery, age_bill, return_days, category_path, tags) "
                "ORDER BY id", accepted_sql(rules, default), fee_sql(rules, default), rows))]


@tagged('post_install', '-at_install')
class TestReturnSimulation(ReturnCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['sale.order'].search([('id', '!=', cls.purchase.order_id.id)]).date_order = (
            '2020-01-01')
        cls.draft = cls.policy.copy()
        cls.draft.rule_ids = [Command.clear(), Command.create({
            'name': "Five days", 'period': 'within', 'days': 5, 'reason': "In time.",
            'own_days': False, 'fee': 10})]

    def test_purchases_that_could_go_back_today(self):
        self._buy(self.acorn, '2026-03-18', 2)
        self._buy(self.acorn, '2024-03-18', 2)
        simulation = self._simulate('service_supervisor')
        self.assertRecordValues(simulation, [{
            'line_count': 2, 'now_count': 2, 'now_amount': 1200.0,
            'new_count': 1, 'new_amount': 180.0}])

    def test_returns_that_would_be_decided_otherwise(self):
        recent = self._buy(self.acorn, '2026-03-18', 2)
        kept = self._create_return((recent, 1, 'unopened'))
        lost = self._create_return((self.purchase, 3, 'unopened'))
        won = self._create_return((recent, 1, 'damaged'))
        self.policy.rule_ids.filtered(lambda rule: rule.condition == 'damaged').unlink()
        for request in (kept, lost, won):
            request.action_decide_return()
        self.assertEqual(won.return_state, 'rejected')
        simulation = self._simulate('sales_manager')
        self.assertRecordValues(simulation, [{
            'decided_count': 3, 'accepted_count': 1, 'accepted_amount': 90.0,
            'rejected_count': 1, 'rejected_amount': 300.0}])
        action = simulation.action_view_changed()
        self.assertEqual(
            self.env['crm.request.return.line'].search(action['domain']).request_id, lost | won)

    def test_only_supervisors_and_sales_managers_try_out(self):
        for role in ('service_representative', 'account_representative', 'order_manager'):
            self._assert_refused(self._simulate, role)

    def test_many_purchases_cost_as_many_queries_as_few(self):
        counts = []
        for count in (5, 50):
            self._buy(self.acorn, '2026-03-18', *[1] * count)
            simulation = self._simulate('service_supervisor')
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertGreater(simulation.line_count, count)
            self.assertEqual(simulation.decided_count, 0)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def _simulate(self, role):
        return self._as(self.env['crm.return.simulation'], role).create(
            {'policy_id': self.draft.id})
