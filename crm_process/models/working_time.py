"""Working hours as plain arithmetic: where a number of them ends, and how many lie between.

Times are naive and in UTC, as Odoo stores them. A *month* is a number, twelve times the year plus
the month counted from nought; its intervals are pairs of seconds since 1970, in order and apart.

>>> nine_to_five = lambda month: day_intervals(month, 9, 17)
>>> clock = WorkingTime(nine_to_five)
>>> clock.plan(datetime(2026, 3, 2, 16), 3)
datetime.datetime(2026, 3, 3, 11, 0)
>>> clock.hours(datetime(2026, 3, 2, 16), datetime(2026, 3, 3, 11))
3.0
"""

from bisect import bisect_right
from calendar import monthrange, timegm
from datetime import UTC, datetime, timedelta

HOUR = 3600
# A calendar without working hours within so many months has none.
HORIZON = 36


class NoWorkingHours(ValueError):
    """The calendar has no working hours where they are looked for."""


def seconds(moment):
    """Return the seconds from 1970 to a naive moment in UTC.

    >>> seconds(datetime(1970, 1, 2))
    86400
    """
    return timegm(moment.timetuple())


def moment(stamp):
    """Return the naive moment in UTC that is `stamp` seconds after 1970.

    >>> moment(86400)
    datetime.datetime(1970, 1, 2, 0, 0)
    """
    return datetime.fromtimestamp(stamp, UTC).replace(tzinfo=None)


def month_of(moment):
    """Return the number of the month in which a moment lies.

    >>> month_of(datetime(2026, 3, 2))
    24314
    """
    return moment.year * 12 + moment.month - 1


def month_bounds(month):
    """Return the first moments of a month and of the next.

    >>> month_bounds(24314)
    (datetime.datetime(2026, 3, 1, 0, 0), datetime.datetime(2026, 4, 1, 0, 0))
    """
    start = datetime(month // 12, month % 12 + 1, 1)
    return start, start + timedelta(days=monthrange(start.year, start.month)[1])


def day_intervals(month, hour_from, hour_to):
    """Return intervals of the same hours on every day of a month."""
    start, end = (seconds(bound) for bound in month_bounds(month))
    return tuple(
        (day + hour_from * HOUR, day + hour_to * HOUR) for day in range(start, end, 24 * HOUR))


class WorkingTime:
    """The working hours of one calendar."""

    def __init__(self, intervals):
        """Take the hours from a function of the number of a month.

        :param intervals: gives for a month its working intervals
        :type intervals: Callable[[int], tuple[tuple[int, int], ...]]
        """
        self._intervals = intervals

    def segments(self, start, end=None):
        """Yield the intervals of working time from `start` on, cut at both ends, in seconds.

        :param datetime start: naive, in UTC
        :param end: the same, or nothing: to go on for ever
        :raise NoWorkingHours: without `end`, if nothing comes for years
        """
        low, high = seconds(start), end and seconds(end)
        month = month_of(start)
        empty = 0
        while high is None or seconds(month_bounds(month)[0]) < high:
            intervals = self._intervals(month)
            first = max(0, bisect_right(intervals, (low, low)) - 1)
            for opening, closing in intervals[first:]:
                opening = max(opening, low)
                if high is not None:
                    if opening >= high:
                        return
                    closing = min(closing, high)
                if opening < closing:
                    yield opening, closing
            empty = 0 if intervals else empty + 1
            if high is None and empty > HORIZON:
                raise NoWorkingHours(start)
            month += 1

    def plan(self, start, hours):
        """Return the moment at which so many working hours have passed.

        :param datetime start: naive, in UTC
        :param float hours: working hours, rounded to the second
        :rtype: datetime
        :raise NoWorkingHours: if nothing comes for years
        """
        left = round(hours * HOUR)
        if left <= 0:
            return start
        for opening, closing in self.segments(start):
            if left <= closing - opening:
                return moment(opening + left)
            left -= closing - opening

    def plan_back(self, end, hours):
        """Return the latest moment from which on so many working hours pass until `end`.

        :param datetime end: naive, in UTC
        :param float hours: working hours, rounded to the second
        :rtype: datetime
        :raise NoWorkingHours: if there were none for years

        >>> clock = WorkingTime(lambda month: day_intervals(month, 9, 17))
        >>> clock.plan_back(datetime(2026, 3, 1, 11), 3)
        datetime.datetime(2026, 2, 28, 16, 0)
        """
        left, high, month, empty = round(hours * HOUR), seconds(end), month_of(end), 0
        while left > 0 and empty <= HORIZON:
            intervals = self._intervals(month)
            for opening, closing in reversed(intervals):
                closing = min(closing, high)
                if left <= closing - opening:
                    return moment(closing - left)
                left -= max(closing - opening, 0)
            empty = 0 if intervals else empty + 1
            month -= 1
        if left > 0:
            raise NoWorkingHours(end)
        return end

    def hours(self, start, end):
        """Return the working hours between two moments, nought if the second is the earlier.

        :rtype: float
        """
        if not start or not end or end <= start:
            return 0.0
        return sum(closing - opening for opening, closing in self.segments(start, end)) / HOUR

    def next_open(self, start):
        """Return the first moment from `start` on at which work is done.

        :rtype: datetime
        :raise NoWorkingHours: if nothing comes for years
        """
        opening, _closing = next(iter(self.segments(start)))
        return moment(opening)
