"""Whether what was bought may go back: a question in, a decision with its reason out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

# Quantities have at most as many decimals as Odoo rounds them to.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Question:
    """What is to go back, and what is known of its purchase.

    ``ages`` holds the days since the ``order``, the ``delivery`` and the ``bill``; what has not
    happened or is not known is left out, and for a delivery the order stands in.

    >>> Question(2, bought=5, returned=1).returnable
    4
    >>> Question(2, bought=5, returned=1).share
    60.0
    >>> Question(1, ages={'order': 9}).age('delivery')
    9
    >>> Question(1, ages={'order': 9}).age('bill')
    """

    quantity: float
    condition: str = 'unopened'
    bought: float = 0.0
    returned: float = 0.0
    paid: bool = False
    ages: Mapping = field(default_factory=dict)
    return_days: int = 0
    categories: frozenset = frozenset()
    tags: frozenset = frozenset()

    @property
    def returnable(self):
        """How much of it may still go back, whatever the policy says."""
        return max(0, self.bought - self.returned)

    @property
    def share(self):
        """Percent of the purchase that will have gone back, this return included."""
        return 100 * (self.returned + self.quantity) / self.bought if self.bought else 0.0

    def age(self, since):
        """Return the days since an event, None if it has not happened."""
        age = self.ages.get(since)
        return self.ages.get('order') if age is None and since == 'delivery' else age


@dataclass(frozen=True)
class Rule:
    """For what a rule is, and what it decides. What is not said holds for everything.

    ``period`` is ``within`` or ``after`` so many ``days`` ``since`` an event; ``own_days`` takes
    the days of the product in place of those where it has some. ``max_quantity`` and ``max_share``
    (percent) count what has gone back before.

    >>> Rule(True, category=7).fits(Question(1, categories=frozenset({7, 2})))
    True
    >>> Rule(True, condition='unopened').fits(Question(1, 'opened'))
    False
    >>> month = Rule(True, period='within', days=30, since='delivery')
    >>> [month.fits(Question(1, ages={'delivery': age})) for age in (30, 31)]
    [True, False]
    >>> month.fits(Question(1))
    False
    >>> late = Rule(False, period='after', days=30, since='delivery', own_days=True)
    >>> late.fits(Question(1, ages={'delivery': 40}, return_days=60))
    False
    >>> Rule(True, max_share=50).fits(Question(2, bought=5, returned=1))
    False
    >>> Rule(True, max_quantity=3).fits(Question(2, bought=5, returned=1))
    True
    """

    accepts: bool
    reason: str = ''
    fee: float = 0.0
    key: object = None
    category: int = 0
    condition: str = ''
    tag: int = 0
    period: str = ''
    days: int = 0
    since: str = 'delivery'
    own_days: bool = False
    max_quantity: float = 0.0
    max_share: float = 0.0
    only_paid: bool = False

    def fits(self, question):
        """Return whether the rule decides about what is to go back."""
        return (
            (not self.category or self.category in question.categories)
            and (not self.condition or self.condition == question.condition)
            and (not self.tag or self.tag in question.tags)
            and (not self.only_paid or question.paid)
            and self._fits_quantity(question)
            and self._fits_age(question)
        )

    def limit(self, question):
        """Return in how many days, those of the product if they count."""
        return question.return_days if self.own_days and question.return_days else self.days

    def _fits_quantity(self, question):
        total = question.returned + question.quantity
        return (
            (not self.max_quantity or total <= self.max_quantity + TOLERANCE)
            and (not self.max_share or question.share <= self.max_share + TOLERANCE))

    def _fits_age(self, question):
        if not self.period:
            return True
        age = question.age(self.since)
        if age is None:
            return False
        return (age <= self.limit(question)) == (self.period == 'within')


class Decision(NamedTuple):
    """What is decided: ``basis`` is ``rule``, ``default``, ``unknown`` or ``too_many``."""

    accepted: bool
    reason: str
    fee: float
    rule: Rule | None
    basis: str


def decide(question, rules, default):
    """Answer whether something may go back.

    What was not bought, and more than is left of it, may not go back whatever the rules say. Of
    the rules the first that fits decides; where none fits, the default does.

    :param Question question: what is to go back
    :param rules: in the order in which they are asked
    :type rules: Iterable[Rule]
    :param Rule default: decides where no rule fits
    :rtype: Decision

    >>> rules = [Rule(True, "Unopened.", condition='unopened'), Rule(True, "Used.", fee=15)]
    >>> no = Rule(False, "Not any more.")
    >>> decide(Question(1, bought=1), rules, no).reason
    'Unopened.'
    >>> decide(Question(1, 'opened', bought=1), rules, no).fee
    15
    >>> decide(Question(1, bought=1), [], no)[:2]
    (False, 'Not any more.')
    >>> decide(Question(2, bought=3, returned=2), rules, no).basis
    'too_many'
    >>> decide(Question(1), rules, no).basis
    'unknown'
    """
    if not question.bought:
        return Decision(False, '', 0.0, None, 'unknown')
    if question.quantity > question.returnable + TOLERANCE:
        return Decision(False, '', 0.0, None, 'too_many')
    rule = next((rule for rule in rules if rule.fits(question)), None)
    chosen = rule or default
    return Decision(
        chosen.accepts, chosen.reason, chosen.fee if chosen.accepts else 0.0, rule,
        'rule' if rule else 'default')


def refund(price, quantity, fee):
    """Return what is given back: the price without the fee in percent.

    >>> refund(100.0, 2, 15)
    170.0
    """
    return price * quantity * (100 - fee) / 100
