"""Periods a statement may be about: arithmetic, without a database."""

from datetime import date

from dateutil.relativedelta import relativedelta


def parse_day(text):
    """Return the day that a text of an address names, or None when it names none.

    >>> parse_day('2026-02-28')
    datetime.date(2026, 2, 28)
    >>> parse_day('2026-02-30'), parse_day(''), parse_day(None)
    (None, None, None)
    """
    try:
        return date.fromisoformat(text or '')
    except ValueError:
        return None


def periods(today):
    """Return the periods people ask for most, each with its first and its last day.

    >>> for name, (start, end) in periods(date(2026, 5, 14)).items():
    ...     print(name, start, end)
    month 2026-05-01 2026-05-14
    last_month 2026-04-01 2026-04-30
    quarter 2026-04-01 2026-05-14
    year 2026-01-01 2026-05-14
    last_year 2025-01-01 2025-12-31
    """
    month = today.replace(day=1)
    quarter = month - relativedelta(months=(today.month - 1) % 3)
    year = today.replace(month=1, day=1)
    day = relativedelta(days=1)
    return {
        'month': (month, today),
        'last_month': (month - relativedelta(months=1), month - day),
        'quarter': (quarter, today),
        'year': (year, today),
        'last_year': (year - relativedelta(years=1), year - day),
    }
