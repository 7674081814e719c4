"""Values of fields, made from the text that somebody typed into a form of the website."""

import math
import re

import pytz

from odoo import fields

LINE_SIZE = 250
TEXT_SIZE = 10_000
MAX_INTEGER = 2 ** 31 - 1
# What no keyboard makes, and the database partly refuses.
CONTROLS = re.compile(r'[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]')


class Unreadable(ValueError):
    """What was typed is no value of the field: `too_long`, `not_a_number`, `not_a_date`."""


def line(value, size=LINE_SIZE):
    """Return text in one line.

    >>> line("  a\\n b\\x00 ")
    'a b'
    >>> line("abc", size=2)
    Traceback (most recent call last):
    ...
    odoo.addons.crm_service_requests.web_values.Unreadable: too_long
    """
    return text(' '.join(value.split()), size)


def text(value, size=TEXT_SIZE):
    """Return text with its lines.

    >>> text("a\\r\\n b\\x07 ")
    'a\\n b'
    """
    value = CONTROLS.sub('', value.replace('\r\n', '\n')).strip()
    if len(value) > size:
        raise Unreadable('too_long')
    return value


def integer(value):
    """Return a whole number that the database can hold.

    >>> integer(" -12 ")
    -12
    >>> integer("99999999999")
    Traceback (most recent call last):
    ...
    odoo.addons.crm_service_requests.web_values.Unreadable: not_a_number
    """
    value = value.strip()
    if not re.fullmatch(r'[+-]?[0-9]{1,10}', value) or abs(int(value)) > MAX_INTEGER:
        raise Unreadable('not_a_number')
    return int(value)


def number(value):
    """Return a number; a comma may stand for the point.

    >>> number("1,5")
    1.5
    >>> number("nan")
    Traceback (most recent call last):
    ...
    odoo.addons.crm_service_requests.web_values.Unreadable: not_a_number
    """
    try:
        result = float(value.strip().replace(',', '.'))
    except ValueError:
        raise Unreadable('not_a_number') from None
    if not math.isfinite(result):
        raise Unreadable('not_a_number')
    return result


def date(value):
    """Return a day as browsers send it.

    >>> date("2026-02-28")
    '2026-02-28'
    >>> date("2026-02-30")
    Traceback (most recent call last):
    ...
    odoo.addons.crm_service_requests.web_values.Unreadable: not_a_date
    """
    try:
        return fields.Date.to_string(fields.Date.to_date(value.strip()[:32]))
    except ValueError:
        raise Unreadable('not_a_date') from None


def moment(value, zone):
    """Return a moment in UTC from the local time that browsers send.

    >>> moment("2026-07-01T12:30", pytz.timezone('Europe/Brussels'))
    '2026-07-01 10:30:00'
    """
    try:
        local = fields.Datetime.to_datetime(value.strip()[:32].replace('T', ' '))
        utc = zone.localize(local).astimezone(pytz.utc)
    except (ValueError, OverflowError):
        raise Unreadable('not_a_date') from None
    return fields.Datetime.to_string(utc)
