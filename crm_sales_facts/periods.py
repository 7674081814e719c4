"""Periods of sales, and with what they are compared: arithmetic, without a database."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

NAMES = ('this_month', 'last_month', 'this_quarter', 'last_quarter', 'this_year', 'last_year')
MONTHS = {'month': 1, 'quarter': 3, 'year': 12}
# By what whole months can be told apart.
OF_MONTHS = {'month', 'quarter', 'year', 'month_number', 'quarter_number', 'year_number'}


def named(name, today):
    """Return the first and the last day of a period with a name; this one ends today.

    >>> from datetime import date
    >>> [str(day) for day in named('last_quarter', date(2026, 2, 10))]
    ['2025-10-01', '2025-12-31']
    >>> [str(day) for day in named('this_year', date(2026, 2, 10))]
    ['2026-01-01', '2026-02-10']
    """
    which, kind = name.split('_')
    months = MONTHS[kind]
    start = today.replace(day=1) - relativedelta(months=(today.month - 1) % months)
    if which == 'last':
        return start - relativedelta(months=months), start - timedelta(days=1)
    return start, today


def before(start, end):
    """Return the period before: as many whole months, or else as many days.

    >>> from datetime import date
    >>> [str(day) for day in before(date(2026, 2, 1), date(2026, 3, 31))]
    ['2025-12-01', '2026-01-31']
    >>> [str(day) for day in before(date(2026, 2, 3), date(2026, 2, 9))]
    ['2026-01-27', '2026-02-02']
    """
    after = end + timedelta(days=1)
    if start.day == after.day == 1:
        months = (after.year - start.year) * 12 + after.month - start.month
        return start - relativedelta(months=months), start - timedelta(days=1)
    return start - (after - start), start - timedelta(days=1)


def year_ago(start, end):
    """Return the same period of the year before.

    >>> from datetime import date
    >>> [str(day) for day in year_ago(date(2024, 2, 1), date(2024, 2, 29))]
    ['2023-02-01', '2023-02-28']
    >>> [str(day) for day in year_ago(date(2025, 2, 1), date(2025, 2, 28))]
    ['2024-02-01', '2024-02-29']
    """
    after = end + timedelta(days=1) - relativedelta(years=1)
    return start - relativedelta(years=1), after - timedelta(days=1)


def rhythm(first, last, days):
    """Return every how many days somebody buys, or None before the second time.

    >>> from datetime import date
    >>> rhythm(date(2026, 1, 1), date(2026, 1, 31), 4)
    10
    >>> rhythm(date(2026, 1, 1), date(2026, 1, 1), 1)
    """
    return round((last - first).days / (days - 1)) if days > 1 else None


def turns(operator, value):
    """Return the days from which on a condition on a date may say something else than before.

    :param str operator: of a condition of a domain
    :param value: a day or several, False among them for none
    :return: None if nothing is known of such a condition
    :rtype: set[date] or None

    >>> from datetime import date
    >>> turns('<', date(2026, 2, 10))
    {datetime.date(2026, 2, 10)}
    >>> turns('<=', date(2026, 2, 10))
    {datetime.date(2026, 2, 11)}
    >>> sorted(map(str, turns('in', [date(2026, 2, 10), False])))
    ['2026-02-10', '2026-02-11']
    >>> turns('like', '2026')
    """
    if operator in ('in', 'not in'):
        return {day + timedelta(days=shift) for day in value if day for shift in (0, 1)}
    if operator in ('<', '>='):
        return {value}
    return {value + timedelta(days=1)} if operator in ('<=', '>') else None


def divided(days):
    """Return the months, as their first days, of which only a part is before one of some days.

    >>> from datetime import date
    >>> [str(month) for month in divided([date(2026, 2, 1), date(2026, 3, 5), date(2026, 3, 9)])]
    ['2026-03-01']
    """
    return sorted({day.replace(day=1) for day in days if day.day > 1})


def parts(start, end):
    """Return the months that are wholly in a period, and the days at its ends that are not.

    :param date start: the first day, None for any before
    :param date end: the last day, None for any after
    :return: the first and the last day of the months, and those of each end
    :rtype: tuple[tuple, list[tuple]]

    >>> from datetime import date
    >>> def say(months, edges):
    ...     return [f'{start} {end}' for start, end in [months, *edges]]
    >>> say(*parts(date(2026, 1, 20), date(2026, 4, 10)))
    ['2026-02-01 2026-03-31', '2026-01-20 2026-01-31', '2026-04-01 2026-04-10']
    >>> say(*parts(date(2026, 1, 1), None))
    ['2026-01-01 None']
    >>> say(*parts(None, date(2026, 2, 27)))
    ['None 2026-01-31', '2026-02-01 2026-02-27']
    >>> say(*parts(date(2026, 1, 5), date(2026, 1, 31)))
    ['2026-02-01 2026-01-31', '2026-01-05 2026-01-31']
    >>> say(*parts(date(2026, 1, 5), date(2026, 1, 9)))
    ['2026-02-01 2025-12-31', '2026-01-05 2026-01-09']
    >>> say(*parts(date(2026, 1, 1), date(2026, 1, 9)))
    ['2026-01-01 2025-12-31', '2026-01-01 2026-01-09']
    """
    first, last, edges = start, end, []
    if start and start.day > 1:
        first = start.replace(day=1) + relativedelta(months=1)
        edges.append((start, min(end or date.max, first - timedelta(days=1))))
    if end and (end + timedelta(days=1)).day > 1:
        last = end.replace(day=1) - timedelta(days=1)
        if not edges or last >= start:
            edges.append((max(start or date.min, last + timedelta(days=1)), end))
    return (first, last), edges
