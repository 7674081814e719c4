"""When a customer may be called: arithmetic of hours and time zones, without a database.

All moments are naive and in UTC, as in the database.
"""

from datetime import datetime, time, timedelta

import pytz

# Who may not be called within a year may not be called at all; then no moment is better.
DAYS = 366


def next_allowed(moment, zone, hours_of, closed=()):
    """Return the first moment from `moment` on at which somebody may be called.

    :param datetime moment: the moment that was meant
    :param str zone: his time zone
    :param hours_of: gives for a date the hours, from 0 to 24, in which he may be called
    :param closed: moments from and to which nobody is called, holidays for instance
    :return: `moment` itself when it is allowed, or when no moment of the next year is

    From nine to five, on working days:

    >>> office = lambda day: [(9.0, 17.5)] if day.weekday() < 5 else []
    >>> next_allowed(datetime(2026, 3, 2, 12), 'Europe/Dublin', office)
    datetime.datetime(2026, 3, 2, 12, 0)

    It is seven in the morning in New York, and Saturday in Auckland:

    >>> next_allowed(datetime(2026, 3, 2, 12), 'America/New_York', office)
    datetime.datetime(2026, 3, 2, 14, 0)
    >>> next_allowed(datetime(2026, 3, 6, 12), 'Pacific/Auckland', office)
    datetime.datetime(2026, 3, 8, 20, 0)

    The end of the hours is outside, and so is a holiday:

    >>> next_allowed(datetime(2026, 3, 2, 17, 30), 'Europe/Dublin', office)
    datetime.datetime(2026, 3, 3, 9, 0)
    >>> holiday = (datetime(2026, 3, 2), datetime(2026, 3, 3, 10))
    >>> next_allowed(datetime(2026, 3, 2, 12), 'Europe/Dublin', office, [holiday])
    datetime.datetime(2026, 3, 3, 10, 0)

    >>> next_allowed(datetime(2026, 3, 2, 12), 'Europe/Dublin', lambda day: [])
    datetime.datetime(2026, 3, 2, 12, 0)
    """
    for start, end in spans(moment, zone, hours_of):
        free = max(start, moment)
        for begin, over in sorted(closed):
            if begin <= free < over:
                free = over
        if free < end:
            return free
    return moment


def spans(moment, zone, hours_of):
    """Yield the spans of time in which somebody may be called, from the day of `moment` on.

    >>> office = lambda day: [(9.0, 12.0), (13.0, 24.0)]
    >>> list(spans(datetime(2026, 7, 1, 12), 'Europe/Dublin', office))[1]
    (datetime.datetime(2026, 7, 1, 12, 0), datetime.datetime(2026, 7, 1, 23, 0))
    """
    here = pytz.timezone(zone)
    today = pytz.utc.localize(moment).astimezone(here).date()
    for number in range(DAYS):
        day = today + timedelta(number)
        for start, end in sorted(hours_of(day)):
            yield at_hour(day, start, here), at_hour(day, end, here)


def at_hour(day, hour, here):
    """Return the moment at which it is `hour` on a day in a time zone.

    >>> at_hour(datetime(2026, 7, 1).date(), 9.5, pytz.timezone('Europe/Dublin'))
    datetime.datetime(2026, 7, 1, 8, 30)
    """
    local = datetime.combine(day, time()) + timedelta(hours=hour)
    return here.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
