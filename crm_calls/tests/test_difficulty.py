from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CallCommon


@tagged('post_install', '-at_install')
class TestDifficulty(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.has_difficulty = cls.env.ref('crm_calls.crm_call_outcome_difficulty')
        cls.has_difficulty.ask_difficulty = True
        cls.money, cls.card = (
            cls.env.ref(f'crm_calls.crm_call_difficulty_{name}') for name in ('money', 'card'))

    def test_outcome_that_asks_for_the_difficulty_needs_one(self):
        with self.assertRaisesRegex(ValidationError, "Quinn Carpentry.*keeps the customer"):
            self._create_call(outcome_id=self.has_difficulty.id)
        call = self._create_call(
            outcome_id=self.has_difficulty.id, difficulty_id=self.money.id)
        self.assertEqual(call.difficulty_id, self.money)

    def test_words_of_the_provider_propose_the_difficulty(self):
        propose = self.env['crm.call.difficulty']._propose
        self.assertEqual(propose("Your card has INSUFFICIENT FUNDS."), self.money)
        self.assertEqual(propose("The card was refused."), self.card)
        self.assertEqual(propose("Reason 4711"), self.card)

    def test_only_the_sales_manager_changes_difficulties(self):
        for role in ('order_manager', 'call_center_lead', 'account_representative'):
            difficulty = self.money.with_user(self._create_user(role))
            with self.subTest(role=role):
                self.assertTrue(difficulty.advice)
                with self.assertRaises(AccessError):
                    difficulty.name = "Mine"
        self.money.with_user(self._create_user('sales_manager')).name = "Broke"
