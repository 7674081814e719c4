"""When an order is likely to arrive: arithmetic over what earlier orders took."""

from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

# Fewer earlier deliveries than these tell nothing.
HISTORIES = 20
# Between these shares of the histories lies what is usual: eight of ten.
SHARES = (0.1, 0.5, 0.9)


class Usual(NamedTuple):
    """How many days earlier deliveries took: few, half of them, and many, and how many they were.

    >>> Usual(2.2, 3.0, 4.6, 40).days
    (2, 5)
    """

    low: float
    median: float
    high: float
    cases: int

    @property
    def days(self):
        """The whole days between which most deliveries came."""
        return int(round(self.low, 1)), max(ceil(round(self.high, 1)), 1)


class Forecast(NamedTuple):
    """Between which moments something is to arrive.

    `usual` is nothing when it was planned and not learnt.
    """

    earliest: datetime
    likely: datetime
    latest: datetime
    usual: Usual | None = None

    @property
    def planned(self):
        """Whether it was planned, instead of learnt from what was."""
        return self.usual is None


def learnt(ordered, usual, now):
    """Return the forecast of what was ordered, or None when it takes longer than is usual.

    >>> ordered = datetime(2026, 3, 2, 12)
    >>> forecast = learnt(ordered, Usual(2, 3, 5, 40), datetime(2026, 3, 5, 12))
    >>> forecast.earliest, forecast.latest
    (datetime.datetime(2026, 3, 5, 12, 0), datetime.datetime(2026, 3, 7, 12, 0))
    >>> learnt(ordered, Usual(2, 3, 5, 40), datetime(2026, 3, 8)) is None
    True
    """
    low, median, high = (
        ordered + timedelta(days=days) for days in (usual.low, usual.median, usual.high))
    if high < now:
        return None
    return Forecast(max(low, now), max(median, now), high, usual)


def whole(forecasts):
    """Return the forecast of everything: of what comes last, or None when of something is none.

    >>> early, late = (
    ...     Forecast(*[datetime(2026, 3, day)] * 3) for day in (2, 4))
    >>> whole([early, late]).latest
    datetime.datetime(2026, 3, 4, 0, 0)
    >>> whole([early, None]) is None
    True
    >>> whole([]) is None
    True
    """
    forecasts = list(forecasts)
    if not forecasts or None in forecasts:
        return None
    return max(forecasts, key=lambda forecast: (forecast.likely, forecast.latest))
