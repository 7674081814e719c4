import doctest
import random
from statistics import mean

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_campaigns import uplift


@tagged('post_install', '-at_install')
class TestUplift(BaseCase):
    """What is planted is found, and where nothing is planted nothing is said."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(19)

    def _arm(self, count, average, more=0.0):
        bought = [self.random.expovariate(1 / average) + more for _ in range(count)]
        return uplift.Arm(count, sum(bought), sum(value ** 2 for value in bought))

    def _history(self, more):
        """Return four strata, each buying ten times as much as the next."""
        return [
            (self._arm(400, average, more), self._arm(100, average))
            for average in (1000, 100, 10, 1)]

    def test_examples(self):
        self.assertFalse(doctest.testmod(uplift).failed)

    def test_planted_effect_is_found(self):
        found = [uplift.uplift(self._history(300)) for _ in range(20)]
        self.assertTrue(all(result.is_sure for result in found))
        self.assertAlmostEqual(mean(result.value for result in found) / 1600, 300, delta=25)

    def test_interval_holds_the_truth(self):
        found = [uplift.uplift(self._history(300)) for _ in range(200)]
        held = sum(result.low <= 300 * 1600 <= result.high for result in found)
        self.assertGreaterEqual(held, 180)

    def test_without_effect_it_is_silent(self):
        found = [uplift.uplift(self._history(0)) for _ in range(200)]
        self.assertLessEqual(sum(result.is_sure for result in found), 20)

    def test_too_few_customers(self):
        self.assertIsNone(uplift.uplift([(self._arm(100, 10), self._arm(19, 10))]))
        self.assertIsNone(uplift.uplift([]))

    def test_stratum_without_control_group(self):
        strata = [(self._arm(50, 10), self._arm(50, 10)), (self._arm(50, 10), uplift.Arm())]
        self.assertTrue(uplift.uplift(strata))
