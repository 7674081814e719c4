import doctest
import random
from functools import partial
from math import sqrt
from time import monotonic

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_campaigns import uplift_tree
from odoo.addons.crm_campaigns.uplift_tree import NEVER, Bounds, Customer, Group

LAST, ORDERS = range(2)


@tagged('post_install', '-at_install')
class TestUpliftTree(BaseCase):
    """Planted groups are found, and where nothing is planted no groups are made up."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(11)

    def _history(self, count, effect, alone=0.4, bought=0.5, first=0):
        """Return customers of whom one in twenty never ordered; `effect` is asked for each fact."""
        return [
            self._customer(number, effect, alone, bought)
            for number in range(first, first + count)]

    def _customer(self, number, effect, alone, bought):
        last = NEVER if self.random.random() < 0.05 else self.random.randrange(1, 181)
        facts = last, self.random.randrange(6) if last != NEVER else 0
        left = self.random.random() < alone
        amount = self.random.expovariate(0.01) if self.random.random() < bought else 0.0
        return Customer(number, left, amount + (0.0 if left else effect(*facts)), facts)

    def _silent(self, more, last, orders):
        return more if last != NEVER and last >= 90 else 0.0

    def test_examples(self):
        self.assertFalse(doctest.testmod(
            uplift_tree, optionflags=doctest.NORMALIZE_WHITESPACE).failed)

    def test_planted_threshold_is_found(self):
        found = 0
        for history in range(20):
            groups = uplift_tree.groups(self._history(
                3000, partial(self._silent, 100.0), first=5000 * history))
            # The parts are 18 days long.
            found += any(
                abs(bounds.low - 90) <= 18 and group.verdict == 'persuadable'
                for group in groups for bounds in group.path
                if bounds.fact == LAST and bounds.low)
        self.assertGreaterEqual(found, 18)

    def test_never_ordered_stand_apart(self):
        groups = uplift_tree.groups(self._history(
            6000, lambda last, orders: 150.0 if last == NEVER else 0.0))
        self.assertEqual(groups[0].path, (Bounds(LAST, NEVER),))
        self.assertEqual(groups[0].verdict, 'persuadable')

    def test_two_conditions(self):
        groups = uplift_tree.groups(self._history(
            8000, lambda last, orders: 150.0 if last >= 90 and orders >= 3 else 0.0))
        self.assertEqual({bounds.fact for bounds in groups[0].path}, {LAST, ORDERS})
        [orders] = [bounds for bounds in groups[0].path if bounds.fact == ORDERS]
        self.assertEqual(orders.low, 3)

    def test_whom_contacting_harms_is_to_be_left_alone(self):
        groups = uplift_tree.groups(self._history(
            3000, lambda last, orders: -80.0 if orders >= 3 else 80.0))
        self.assertEqual(
            [(group.path, group.verdict) for group in groups],
            [((Bounds(ORDERS, None, 3),), 'persuadable'), ((Bounds(ORDERS, 3),), 'leave')])

    def test_without_difference_nothing_is_found(self):
        """Also when all buy more, few were left alone, or few buy at all."""
        for more, alone, bought in ((0, 0.5, 0.5), (50, 0.3, 0.5), (0, 0.1, 0.5), (0, 0.1, 0.1)):
            with self.subTest(more=more, alone=alone, bought=bought):
                found = sum(
                    bool(uplift_tree.groups(self._history(
                        1000, lambda last, orders, more=more: more, alone, bought,
                        first=2000 * history)))
                    for history in range(100))
                # One in twenty, and what chance adds to it in one of a thousand tests.
                self.assertLessEqual(found, 5 + 3.1 * sqrt(100 * 0.05 * 0.95))

    def test_interval_holds_the_truth(self):
        held = told = 0
        for history in range(60):
            people = self._history(2000, partial(self._silent, 100.0), first=3000 * history)
            for group in uplift_tree.groups(people):
                inside = [person.facts for person in people if all(
                    bounds.holds(person.facts) for bounds in group.path)]
                truth = sum(self._silent(100.0, *facts) for facts in inside) / len(inside)
                held += group.low <= truth <= group.high
                told += 1
                self.assertEqual(group.count, len(inside))
        self.assertGreaterEqual(told, 100)
        self.assertGreaterEqual(held / told, 0.9)

    def test_groups_hold_everybody_once(self):
        people = self._history(4000, lambda last, orders: 100.0 * (last >= 90) + 40.0 * orders)
        groups = uplift_tree.groups(people)
        self.assertGreater(len(groups), 2)
        self.assertEqual(sum(group.count for group in groups), len(people))
        for person in people:
            self.assertEqual(1, sum(
                all(bounds.holds(person.facts) for bounds in group.path) for group in groups))

    def test_order_of_customers_does_not_matter(self):
        people = self._history(2000, partial(self._silent, 100.0))
        mixed = self.random.sample(people, len(people))
        paths, others = (
            [(group.path, group.count) for group in uplift_tree.groups(known)]
            for known in (people, mixed))
        self.assertEqual(paths, others)
        self.assertTrue(paths)

    def test_too_few_customers(self):
        people = self._history(150, partial(self._silent, 1000.0))
        self.assertFalse(uplift_tree.is_enough(people))
        self.assertEqual(uplift_tree.groups(people), [])
        self.assertEqual(uplift_tree.groups([]), [])
        self.assertFalse(uplift_tree.is_enough([]))

    def test_verdicts(self):
        for low, high, bought, verdict in (
                (0.01, 9.0, 0.9, 'persuadable'), (-9.0, -0.01, 0.9, 'leave'),
                (0.0, 1.0, 0.5, 'sure'), (-1.0, 0.0, 0.49, 'lost')):
            self.assertEqual(Group((), 50, 0.0, low, high, bought).verdict, verdict)

    def test_ten_thousand_customers(self):
        people = self._history(10000, partial(self._silent, 100.0))
        start = monotonic()
        self.assertTrue(uplift_tree.groups(people))
        self.assertLess(monotonic() - start, 2)
