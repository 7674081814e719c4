"""How likely a call ends in payment: arithmetic, without a database.

Each circumstance of a call (which attempt, how old the order, how large the amount, the hour, the
weekday) shifts the share of calls that end in payment. What few calls tell is drawn towards the
share of all calls: with a Beta prior of that mean and a weight of `PRIOR_CALLS` calls, the mean
of the posterior is (paid + weight x mean) / (calls + weight).
"""

PRIOR_CALLS = 20
# With no history at all: a guess that every history soon corrects.
FIRST_GUESS = 0.3
LOWEST, HIGHEST = 0.01, 0.99


def smoothed(paid, calls, mean=FIRST_GUESS, weight=PRIOR_CALLS):
    """Return the share of calls that end in payment, few calls being drawn towards `mean`.

    >>> smoothed(0, 0, mean=0.25)
    0.25
    >>> smoothed(10, 20, mean=0.25)
    0.375
    """
    return (paid + weight * mean) / (calls + weight)


def chance(base, shifts):
    """Return the chance of payment: the base and the shifts of the circumstances, within bounds.

    >>> round(chance(0.3, [0.1, -0.05]), 3)
    0.35
    >>> chance(0.3, [0.9])
    0.99
    """
    return min(max(base + sum(shifts), LOWEST), HIGHEST)


def attempt_bucket(calls_before):
    """Return the bucket of the next call after so many.

    >>> attempt_bucket(0), attempt_bucket(3), attempt_bucket(9)
    (1, 4, 5)
    """
    return min(calls_before + 1, 5)


def age_bucket(days):
    """Return the bucket of an order so many days old: the first day of the bucket.

    >>> age_bucket(0), age_bucket(5), age_bucket(20), age_bucket(400)
    (0, 3, 14, 90)
    """
    return max(start for start in (0, 3, 7, 14, 30, 90) if start <= max(days, 0))


def amount_bucket(amount):
    """Return the bucket of an amount: the lowest amount of it.

    >>> amount_bucket(20.0), amount_bucket(450.0), amount_bucket(12000.0)
    (0, 250, 5000)
    """
    return max(start for start in (0, 50, 250, 1000, 5000) if start <= max(amount, 0))
