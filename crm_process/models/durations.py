"""What took how long before, and what follows from it: plain arithmetic, without a database.

A *curve* is what the database makes of past durations: their quantiles in even steps from 0 to 100
percent, in hours. Between two of them the durations are taken as spread evenly. A *sample* is a
list of single values in ascending order.

>>> curve = [0, 2, 4, 6, 8]
>>> share_within(curve, 5)
0.625
>>> late_probability(curve, used=0, limit=6)
25.0
>>> late_probability(curve, used=4, limit=6)
50.0
>>> risk_hours(curve, limit=6, percent=50)
4.0
>>> hours_until(curve, used=4, share=0.5)
6.0
"""

from bisect import bisect_right
from math import ceil, exp, lgamma, log, sqrt
from random import Random
from statistics import NormalDist

# The same history gives the same interval, today and tomorrow.
SEED = 19
ROUNDS = 2000


def quantile(values, share):
    """Return the value that a share of ascending values does not exceed, as PostgreSQL's
    ``percentile_cont`` does. It works on a curve as well as on a sample.

    :param list[float] values: in ascending order, at least one
    :param float share: from 0 to 1

    >>> quantile([1, 2, 4], 0.5), quantile([1, 2, 4], 0.75), quantile([7], 0.2)
    (2.0, 3.0, 7.0)
    """
    place = min(max(share, 0.0), 1.0) * (len(values) - 1)
    below = min(int(place), len(values) - 1)
    above = min(below + 1, len(values) - 1)
    return float(values[below] + (values[above] - values[below]) * (place - below))


def share_within(curve, hours):
    """Return which share was done within so many hours, from 0 to 1.

    >>> share_within([1, 1, 3], 1), share_within([1, 1, 3], 0.5), share_within([1, 1, 3], 3)
    (0.5, 0.0, 1.0)
    """
    below = bisect_right(curve, hours) - 1
    if below < 0:
        return 0.0
    steps = len(curve) - 1
    if below >= steps:
        return 1.0
    return (below + (hours - curve[below]) / (curve[below + 1] - curve[below])) / steps


def late_probability(curve, used, limit):
    """Return how probable it is that something takes longer than it may.

    :param list[float] curve: past durations
    :param float used: hours it has taken already, without being done
    :param float limit: hours it may take
    :return: percent, or None if nothing has ever taken as long as this has already
    :rtype: float | None

    >>> late_probability([0, 10], used=9, limit=8)
    100.0
    >>> late_probability([0, 10], used=10, limit=12) is None
    True
    """
    if used > limit:
        return 100.0
    left = 1 - share_within(curve, used)
    if left <= 0:
        return None
    return 100 * (1 - share_within(curve, limit)) / left


def risk_hours(curve, limit, percent):
    """Return after how many hours it is so probable that something will be late.

    :param list[float] curve: past durations
    :param float limit: hours it may take
    :param float percent: probability in percent
    :return: hours, at most `limit`; None if it never is, because nothing was ever late
    :rtype: float | None

    >>> risk_hours([0, 2, 4], limit=1, percent=50)
    0.0
    >>> risk_hours([0, 2, 4], limit=4, percent=50) is None
    True
    """
    late = 1 - share_within(curve, limit)
    if late <= 0:
        return None
    return min(limit, quantile(curve, 1 - late * 100 / percent)) if late * 100 < percent else 0.0


def hours_until(curve, used, share):
    """Return after how many hours a share is done of what takes longer than `used`.

    :param list[float] curve: past durations
    :param float used: hours taken already
    :param float share: from 0 to 1
    :return: hours from the start on, or None if nothing has ever taken as long
    :rtype: float | None

    >>> hours_until([0, 10], used=10, share=0.5) is None
    True
    """
    passed = share_within(curve, used)
    return None if passed >= 1 else quantile(curve, passed + share * (1 - passed))


def share_bounds(hits, cases, confidence=0.95):
    """Return between which shares the truth lies, by Wilson's interval; each bound holds by itself
    with the confidence that is asked for.

    >>> low, high = share_bounds(27, 30)
    >>> round(low, 2), round(high, 2)
    (0.77, 0.96)
    """
    z = NormalDist().inv_cdf(confidence)
    share = hits / cases
    middle = share + z * z / (2 * cases)
    width = z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    return tuple((middle + sign * width) / (1 + z * z / cases) for sign in (-1, 1))


def quantile_bounds(sample, share, confidence=0.95):
    """Return between which values of a sample a quantile lies, whatever the values are like.

    How many of the values lie below the quantile follows the binomial distribution. Each bound
    holds by itself with the confidence that is asked for.

    :param list[float] sample: in ascending order
    :param float share: above 0 and below 1
    :return: the lower and the upper bound; None where the sample is too small for one
    :rtype: tuple[float | None, float | None]

    >>> quantile_bounds(range(1, 101), 0.8)
    (73, 87)
    >>> quantile_bounds([1, 2, 3], 0.8)
    (1, None)
    """
    cases, below, low, high = len(sample), 0.0, None, None
    for count in range(cases):
        below += exp(
            lgamma(cases + 1) - lgamma(count + 1) - lgamma(cases - count + 1)
            + count * log(share) + (cases - count) * log(1 - share))
        if below <= 1 - confidence:
            low = count
        if below >= confidence:
            high = count
            break
    return tuple(None if index is None else sample[index] for index in (low, high))


def mean_bounds(values, confidence=0.95):
    """Return between which values a mean lies; each bound holds by itself with the confidence.

    >>> mean_bounds([1.0] * 30)
    (1.0, 1.0)
    """
    cases = len(values)
    mean = sum(values) / cases
    spread = sqrt(sum((value - mean) ** 2 for value in values) / max(1, cases - 1))
    width = NormalDist().inv_cdf(confidence) * spread / sqrt(cases)
    return mean - width, mean + width


def mean_difference(before, after, confidence=0.9):
    """Return by how much the mean changed, and between which values the change lies.

    For values of which there are few, such as points: their medians seldom differ.

    :param list[float] before: a sample
    :param list[float] after: a sample
    :return: difference (below zero: less than before), lower and upper bound
    :rtype: tuple[float, float, float]

    >>> mean_difference([3.0] * 40, [5.0] * 40)
    (2.0, 2.0, 2.0)
    >>> [round(value, 2) for value in mean_difference([1, 5] * 20, [3, 5] * 20)]
    [1.0, 0.41, 1.59]
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    difference, error = 0.0, 0.0
    for sign, values in ((-1, before), (1, after)):
        cases = len(values)
        mean = sum(values) / cases
        difference += sign * mean
        error += sum((value - mean) ** 2 for value in values) / max(1, cases - 1) / cases
    return difference, difference - z * sqrt(error), difference + z * sqrt(error)


def median_difference(before, after, confidence=0.9, rounds=ROUNDS, seed=SEED):
    """Return by how much the median changed, and between which values the change lies.

    The interval is a percentile bootstrap: both samples are drawn again and again with
    replacement, and what the medians of the draws differ by is collected. Of a draw only its
    middle is needed, whose place in the sample is drawn at once: the middle of so many places
    chosen evenly follows a beta distribution.

    :param list[float] before: a sample
    :param list[float] after: a sample
    :return: difference (below zero: less than before), lower and upper bound
    :rtype: tuple[float, float, float]

    >>> median_difference([8.0] * 40, [5.0] * 40)
    (-3.0, -3.0, -3.0)
    """
    random = Random(seed)
    drawn = sorted(
        _drawn_median(after, random) - _drawn_median(before, random) for _round in range(rounds))
    tail = (1 - confidence) / 2
    return (
        quantile(after, 0.5) - quantile(before, 0.5), quantile(drawn, tail),
        quantile(drawn, 1 - tail))


def _drawn_median(sample, random):
    """Return the median of as many values as the sample has, drawn from it with replacement."""
    cases = len(sample)
    half = (cases + 1) // 2
    place = random.betavariate(half, cases + 1 - half)
    lower = sample[min(int(place * cases), cases - 1)]
    if cases % 2:
        return lower
    # The next of the places in order: the least of those that remain above.
    place = 1 - (1 - place) * random.random() ** (1 / (cases - half))
    return (lower + sample[min(int(place * cases), cases - 1)]) / 2


def tidy_norm(hours):
    """Return a norm that can be remembered and is not below so many hours.

    >>> tidy_norm(1.6), tidy_norm(5.1), tidy_norm(17.2), tidy_norm(93)
    (1.75, 5.5, 18.0, 96.0)
    """
    step = next((step for below, step in ((4, 0.25), (16, 0.5), (80, 1)) if hours < below), 4)
    return float(ceil(round(hours / step, 6)) * step)
