"""How long somebody is away who has time off."""

from datetime import timedelta

WEEK = 7


def with_free_days(first, last, weekdays):
    """Return a time off together with the free days that follow it.

    Who has Monday to Friday off is back on Monday, not on Saturday.

    :param datetime.date first: the first day of the time off
    :param datetime.date last: its last day
    :param set weekdays: the days of the week on which he works, 0 is Monday
    :return: the first and the last day he is away
    :rtype: tuple

    >>> from datetime import date
    >>> with_free_days(date(2026, 3, 2), date(2026, 3, 6), {0, 1, 2, 3, 4})
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 8))
    >>> with_free_days(date(2026, 3, 2), date(2026, 3, 3), {0, 1, 2, 3, 4})
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 3))

    Without working days there are no free ones, either:

    >>> with_free_days(date(2026, 3, 2), date(2026, 3, 6), set())
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 6))
    """
    for _day in range(WEEK if weekdays else 0):
        following = last + timedelta(days=1)
        if following.weekday() in weekdays:
            break
        last = following
    return first, last


def merged(absences):
    """Return absences with those made one that overlap or follow each other.

    :param list absences: pairs of the first and the last day, None for an open end
    :return: the same in the order of their first days
    :rtype: list[tuple]

    >>> from datetime import date
    >>> merged([(date(2026, 3, 9), date(2026, 3, 15)), (date(2026, 3, 2), date(2026, 3, 8))])
    [(datetime.date(2026, 3, 2), datetime.date(2026, 3, 15))]
    >>> merged([(date(2026, 3, 2), None), (date(2026, 3, 9), date(2026, 3, 15))])
    [(datetime.date(2026, 3, 2), None)]
    >>> len(merged([(date(2026, 3, 2), date(2026, 3, 3)), (date(2026, 3, 5), None)]))
    2
    """
    found = []
    for first, last in sorted(absences, key=lambda absence: absence[0]):
        if found and (not found[-1][1] or first <= found[-1][1] + timedelta(days=1)):
            begin, end = found.pop()
            found.append((begin, end and last and max(end, last)))
        else:
            found.append((first, last))
    return found
