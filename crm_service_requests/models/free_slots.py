"""Free time as plain arithmetic: what is left of working hours, and where a visit fits in.

Intervals are pairs of moments, naive and in UTC, in order and apart.

>>> nine, ten, noon = (datetime(2026, 3, 2, hour) for hour in (9, 10, 12))
>>> subtract([(nine, noon)], [(ten, ten + timedelta(hours=1))]) == [
...     (nine, ten), (ten + timedelta(hours=1), noon)]
True
"""

from datetime import datetime, timedelta

# Visits begin at the full or the half hour.
GRID = timedelta(minutes=30)


def subtract(intervals, busy):
    """Return what is left of intervals without the busy ones, which may overlap.

    :rtype: list[tuple[datetime, datetime]]
    """
    left = []
    busy = sorted(busy)
    for start, stop in intervals:
        for busy_start, busy_stop in busy:
            if busy_stop <= start or busy_start >= stop:
                continue
            if busy_start > start:
                left.append((start, busy_start))
            start = max(start, busy_stop)
            if start >= stop:
                break
        if start < stop:
            left.append((start, stop))
    return left


def intersect(first, second):
    """Return the time that is in both of two lists of intervals.

    >>> day = [(datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 17))]
    >>> late = [(datetime(2026, 3, 2, 14), datetime(2026, 3, 2, 22))]
    >>> intersect(day, late)
    [(datetime.datetime(2026, 3, 2, 14, 0), datetime.datetime(2026, 3, 2, 17, 0))]
    """
    return sorted(
        (max(start, other_start), min(stop, other_stop))
        for start, stop in first for other_start, other_stop in second
        if max(start, other_start) < min(stop, other_stop))


def round_up(moment):
    """Return the next moment at which a visit may begin.

    >>> round_up(datetime(2026, 3, 2, 9, 1))
    datetime.datetime(2026, 3, 2, 9, 30)
    >>> round_up(datetime(2026, 3, 2, 9))
    datetime.datetime(2026, 3, 2, 9, 0)
    """
    over = (moment - datetime.min) % GRID
    return moment + (GRID - over if over else timedelta())


def slots(free, length, per_day):
    """Yield where a visit fits in, at most so many a day, one after the other.

    :param free: intervals of free time
    :param timedelta length: how long the visit takes
    :param int per_day: how many are wanted of a day

    >>> day = [(datetime(2026, 3, 2, 8, 10), datetime(2026, 3, 2, 12))]
    >>> [start.strftime('%H:%M') for start, _stop in slots(day, timedelta(hours=1), 9)]
    ['08:30', '09:30', '10:30']
    """
    found = {}
    for start, stop in free:
        start = round_up(start)
        while start + length <= stop and found.get(start.date(), 0) < per_day:
            found[start.date()] = found.get(start.date(), 0) + 1
            yield start, start + length
            start = round_up(start + length)
