"""Whom it paid to contact, and whom to leave alone: arithmetic, no database.

A significance-based uplift tree: N. J. Radcliffe, P. D. Surry, Real-World Uplift Modelling with
Significance-Based Uplift Trees, 2011. Each split is the one of which the difference between the
uplift of both sides is the least likely to be chance. Which splits to make is learnt from one half
of the customers, and what is said of the groups from the other, which had no say in it: S. Athey,
G. Imbens, Recursive partitioning for heterogeneous causal effects, PNAS 113 (27), 2016.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import floor, inf, log10, sqrt
from statistics import NormalDist
from zlib import crc32

from .uplift import CONFIDENCE, FEWEST, Arm, uplift

# So many conditions lead to a group at most.
DEPTH = 3
# Into so many parts the customers are cut by each fact.
PARTS = 10
# So many on each side of the first split, in both halves, tell something.
FEWEST_IN_ALL = 4 * FEWEST
# The value of a fact that never happened: longer ago than anything.
NEVER = inf
# Figures of a threshold that people read.
FIGURES = 2


@dataclass(frozen=True, slots=True)
class Customer:
    """Who was reached or left alone, what he bought then, and what was known of him before."""

    id: int
    alone: bool
    bought: float
    facts: tuple


@dataclass(frozen=True)
class Bounds:
    """Between what a fact is: from `low`, below `high`; each nothing when it is open.

    >>> Bounds(0, 90).holds((90,)), Bounds(0, 90).holds((NEVER,)), Bounds(0, None, 90).holds((90,))
    (True, True, False)
    >>> Bounds(0, 90, NEVER).holds((NEVER,))
    False
    """

    fact: int
    low: float | None = None
    high: float | None = None

    def holds(self, facts):
        value = facts[self.fact]
        return (self.low is None or value >= self.low) and (self.high is None or value < self.high)


@dataclass(frozen=True)
class Group:
    """Customers who are alike, and how much more each of them bought for being reached."""

    path: tuple[Bounds, ...]
    count: int
    uplift: float
    low: float
    high: float
    bought_anyway: float

    @property
    def verdict(self):
        """Return what to do with such customers.

        >>> [Group((), 100, 5.0, low, high, bought).verdict for low, high, bought in (
        ...     (1.0, 9.0, 0.2), (-9.0, -1.0, 0.2), (-2.0, 4.0, 0.5), (-2.0, 4.0, 0.4))]
        ['persuadable', 'leave', 'sure', 'lost']
        """
        if self.low > 0:
            return 'persuadable'
        if self.high < 0:
            return 'leave'
        return 'sure' if self.bought_anyway >= 0.5 else 'lost'


@dataclass(frozen=True)
class Side:
    """What the customers reached and those left alone bought on one side of a split."""

    reached: Arm = Arm()
    alone: Arm = Arm()

    def __add__(self, other):
        return Side(self.reached + other.reached, self.alone + other.alone)

    @property
    def fewest(self):
        return min(self.reached.count, self.alone.count)

    @property
    def freedom(self):
        return self.reached.count + self.alone.count - 2

    @cached_property
    def uplift(self):
        return self.reached.mean - self.alone.mean

    @cached_property
    def variance(self):
        """Return that of the uplift, with one spread for both arms.

        A small control group of which nobody bought has no spread of its own.
        """
        arms = self.reached, self.alone
        spread = sum(max(arm.squares - arm.total ** 2 / arm.count, 0.0) for arm in arms)
        return spread / self.freedom * (1 / self.reached.count + 1 / self.alone.count)


@dataclass(frozen=True)
class Split:
    """A threshold of a fact, with what it divides."""

    fact: int
    threshold: float
    below: Side
    above: Side

    @cached_property
    def t_value(self):
        """Return by how many standard errors the uplift of both sides differs."""
        error = sqrt(self.below.variance + self.above.variance)
        return (self.above.uplift - self.below.uplift) / error if error else 0.0

    @property
    def freedom(self):
        """Return the degrees of freedom of the t-value (B. L. Welch, 1947)."""
        sides = (self.below, self.above)
        return sum(side.variance for side in sides) ** 2 / sum(
            side.variance ** 2 / side.freedom for side in sides)

    def is_significant(self, tried):
        """Return whether it would be the best of so many splits by chance in 5 of 100 cases.

        :param int tried: how many splits it was chosen from
        """
        return bool(self.t_value) and abs(self.t_value) >= critical(
            (1 - CONFIDENCE) / tried, self.freedom)


def critical(chance, freedom):
    """Return the t-value that is passed by chance so often, on both sides taken together.

    :param float chance: between 0 and 1
    :param float freedom: degrees of freedom
    :rtype: float

    >>> round(critical(0.05, 1e9), 2), round(critical(0.05, 40), 2), round(critical(0.001, 40), 2)
    (1.96, 2.02, 3.55)
    """
    z = NormalDist().inv_cdf(1 - chance / 2)
    # The beginning of the expansion of G. A. Campbell and R. A. Fisher.
    return z + (z ** 3 + z) / (4 * freedom) + (
        5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)


def is_enough(customers):
    """Return whether there are as many customers as groups could be found among.

    :param list[Customer] customers: reached and left alone
    :rtype: bool
    """
    alone = sum(customer.alone for customer in customers)
    return min(alone, len(customers) - alone) >= FEWEST_IN_ALL


def groups(customers, depth=DEPTH):
    """Return into which groups the customers fall by how much reaching them brought.

    :param list[Customer] customers: reached and left alone, all with the same facts
    :param int depth: how many conditions lead to a group at most
    :return: the groups, the highest uplift first; none when no difference is more than chance
    :rtype: list[Group]

    Who did not order for 90 days buys for 100 more when he is reached, and nobody else is moved:

    >>> people = [
    ...     Customer(
    ...         number, number % 2 == 0, number // 6 % 3 + 100.0 * (number % 2 * silent), (days,))
    ...     for number in range(900) for days in [(30, 90, 180)[number // 2 % 3]]
    ...     for silent in [days >= 90]]
    >>> [(group.path, group.count, round(group.uplift), group.verdict) for group in groups(people)]
    [((Bounds(fact=0, low=90, high=None),), 600, 100, 'persuadable'),
     ((Bounds(fact=0, low=None, high=90),), 300, 0, 'sure')]
    >>> groups(people[:FEWEST])
    []
    """
    halves = [], []
    for customer in customers:
        halves[_half(customer.id)].append(customer)
    leaves = _leaves((), *halves, depth) if customers else []
    if len(leaves) < 2:
        return []
    found = [_group(path, grown, kept) for path, grown, kept in leaves]
    return sorted(found, key=lambda group: -group.uplift)


def _half(number):
    """Return in which half a customer stands: by chance, and always in the same."""
    return crc32(b'%d' % number) >> 16 & 1


def _leaves(path, grown, kept, depth):
    """Return the ends of the tree below a node: how they are reached, and who is there."""
    split = _best_split(grown, kept) if depth else None
    if not split:
        return [(path, grown, kept)]
    return [
        leaf for bounds in (
            Bounds(split.fact, None, split.threshold), Bounds(split.fact, split.threshold))
        for leaf in _leaves(
            _narrowed(path, bounds), _within(grown, bounds), _within(kept, bounds), depth - 1)]


def _within(customers, bounds):
    return [customer for customer in customers if bounds.holds(customer.facts)]


def _narrowed(path, bounds):
    """Return a path with one more condition, all of one fact in one.

    >>> _narrowed((Bounds(0, 30),), Bounds(0, None, 90))
    (Bounds(fact=0, low=30, high=90),)
    >>> _narrowed((Bounds(0, 30), Bounds(1, 5)), Bounds(0, 90))
    (Bounds(fact=0, low=90, high=None), Bounds(fact=1, low=5, high=None))
    """
    for place, known in enumerate(path):
        if known.fact == bounds.fact:
            # A later split of the same fact lies within the earlier one.
            narrower = Bounds(
                known.fact, known.low if bounds.low is None else bounds.low,
                known.high if bounds.high is None else bounds.high)
            return (*path[:place], narrower, *path[place + 1:])
    return (*path, bounds)


def _best_split(grown, kept):
    """Return the split that is the least likely to be chance, nothing when all may be.

    :param list[Customer] grown: from whom is learnt
    :param list[Customer] kept: of whom there must be enough on both sides to tell of them
    :rtype: Split | None
    """
    tried = [
        split for fact in range(len(grown[0].facts) if grown else 0)
        for split in _splits(fact, grown, kept)]
    best = max(tried, key=lambda split: abs(split.t_value), default=None)
    return best if best and best.is_significant(len(tried)) else None


def _splits(fact, grown, kept):
    """Return the splits by one fact that leave enough customers in all arms of both halves."""
    cuts = _cuts([customer.facts[fact] for customer in grown])
    enough = [
        min(below.fewest, above.fewest) >= FEWEST
        for below, above in _sides(fact, cuts, kept)]
    return [
        Split(fact, cut, below, above)
        for cut, (below, above), told in zip(cuts, _sides(fact, cuts, grown), enough, strict=True)
        if told and min(below.fewest, above.fewest) >= FEWEST]


def _cuts(values):
    """Return where values are cut into parts of about the same size, and what never happened.

    >>> _cuts([*range(1, 1001), NEVER])
    [100, 200, 300, 400, 500, 600, 700, 800, 900, inf]
    >>> _cuts([0, 0, 0, 0, 1, 2]), _cuts([3, 3])
    ([1, 2], [])
    """
    known = sorted(value for value in values if value != NEVER)
    if not known:
        return []
    cuts = {readable(known[len(known) * part // PARTS]) for part in range(1, PARTS)}
    never = [NEVER] if len(known) < len(values) else []
    return [*sorted(cut for cut in cuts if cut > known[0]), *never]


def readable(value):
    """Return a threshold in figures that people read.

    >>> readable(7), readable(87), readable(1274.5), readable(0), readable(0.456)
    (7, 87, 1300.0, 0, 0.46)
    """
    return round(value, FIGURES - 1 - floor(log10(value))) if value > 0 else value


def _sides(fact, cuts, customers):
    """Return what lies below and from each cut on, by sums over the parts between them.

    :rtype: list[tuple[Side, Side]]
    """
    sums = [[0, 0.0, 0.0] for _part in range(2 * (len(cuts) + 1))]
    for customer in customers:
        part = sums[2 * bisect_right(cuts, customer.facts[fact]) + customer.alone]
        part[0] += 1
        part[1] += customer.bought
        part[2] += customer.bought ** 2
    parts = [Side(Arm(*sums[place]), Arm(*sums[place + 1])) for place in range(0, len(sums), 2)]
    below = list(accumulate(parts[:-1]))
    above = list(accumulate(reversed(parts[1:])))[::-1]
    return list(zip(below, above, strict=True))


def _group(path, grown, kept):
    """Return a group of the customers in both halves, with what the half kept says of it."""
    reached, alone = (
        [customer.bought for customer in kept if customer.alone == left] for left in (False, True))
    found = uplift([(_arm(reached), _arm(alone))])
    return Group(
        path, len(grown) + len(kept), *(
            total / len(reached) for total in (found.value, found.low, found.high)),
        sum(bought > 0 for bought in alone) / len(alone))


def _arm(bought):
    return Arm(len(bought), sum(bought), sum(value ** 2 for value in bought))
