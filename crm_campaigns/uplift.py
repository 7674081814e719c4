"""What a campaign earned more than leaving people alone would have: arithmetic, no database.

The customers reached are compared with the control group stratum by stratum, so that big and small
buyers do not blur the difference; the interval is that of the normal distribution of a stratified
difference of means (W. G. Cochran, Sampling Techniques, 3rd ed., 1977, section 5.9).
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

# Fewer customers than this on one side tell nothing.
FEWEST = 20
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Arm:
    """The customers of one side in one stratum: how many, and the sums of what each bought."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other):
        return Arm(
            self.count + other.count, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self):
        return self.total / self.count

    @property
    def variance_of_mean(self):
        spread = max(self.squares - self.total ** 2 / self.count, 0.0)
        return spread / (self.count - 1) / self.count


@dataclass(frozen=True)
class Uplift:
    """How much more all customers reached bought than they would have, and between what."""

    value: float
    low: float
    high: float

    @property
    def is_sure(self):
        return self.low > 0 or self.high < 0


def uplift(strata, confidence=CONFIDENCE, fewest=FEWEST):
    """Return what was earned more, or nothing when there are too few customers to tell.

    :param list[tuple[Arm, Arm]] strata: for each stratum who was reached, and the control group
    :param float confidence: how sure the interval is, between 0 and 1
    :param int fewest: customers that each side must have
    :rtype: Uplift | None

    >>> reached, alone = Arm(100, 5000.0, 300000.0), Arm(100, 4000.0, 200000.0)
    >>> found = uplift([(reached, alone)])
    >>> round(found.value), round(found.low), round(found.high)
    (1000, 409, 1591)
    >>> found.is_sure
    True

    What differs only between strata is no uplift:

    >>> big, small = Arm(50, 50000.0, 50000000.0), Arm(50, 500.0, 5000.0)
    >>> few_small = Arm(25, 250.0, 2500.0)
    >>> uplift([(big, big), (small, few_small)]).value
    0.0
    >>> uplift([(reached, Arm(19, 760.0, 38000.0))]) is None
    True
    """
    everybody = [sum(arms, Arm()) for arms in zip(*strata, strict=True)]
    if not everybody or min(arm.count for arm in everybody) < fewest:
        return None
    if any(min(reached.count, alone.count) < 2 for reached, alone in strata):
        # A stratum without both sides compares nothing: all are taken together.
        strata = [tuple(everybody)]
    value = sum(reached.count * (reached.mean - alone.mean) for reached, alone in strata)
    error = sqrt(sum(
        reached.count ** 2 * (reached.variance_of_mean + alone.variance_of_mean)
        for reached, alone in strata))
    width = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return Uplift(value, value - width, value + width)
