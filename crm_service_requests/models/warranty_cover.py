"""How long a warranty holds."""

from dateutil.relativedelta import relativedelta


def cover_until(start, months):
    """Return the last day of a warranty, None when it is not known.

    >>> from datetime import date
    >>> cover_until(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    >>> cover_until(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    >>> cover_until(None, 12)
    >>> cover_until(date(2026, 1, 1), 0)
    """
    return start + relativedelta(months=months) if start and months else None


def state_of(bought, until, day):
    """Return whether something is under warranty on a day.

    >>> from datetime import date
    >>> state_of(True, date(2026, 3, 1), date(2026, 3, 1))
    'covered'
    >>> state_of(True, date(2026, 3, 1), date(2026, 3, 2))
    'expired'
    >>> state_of(True, None, date(2026, 3, 2))
    'unknown'
    >>> state_of(False, None, date(2026, 3, 2))
    'no_purchase'
    """
    if not bought:
        return 'no_purchase'
    if not until:
        return 'unknown'
    return 'covered' if day <= until else 'expired'
