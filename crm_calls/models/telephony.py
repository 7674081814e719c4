"""What a dialler and the suite tell each other: links, signatures and events, without a database.

The times are in UTC, without a time zone, as Odoo keeps them.
"""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

# A message older than this, or from further ahead, is not listened to.
WINDOW_SECONDS = 300
MAX_BODY_BYTES = 64 * 1024
MAX_DURATION_SECONDS = 7 * 24 * 3600
MAX_TEXT = 200
MAX_URL = 2000

EVENTS = ('started', 'answered', 'ended', 'recorded')
DIRECTIONS = ('incoming', 'outgoing')
HANGUPS = ('completed', 'no_answer', 'busy', 'failed', 'cancelled')

PLACEHOLDER = re.compile(r'\{([^{}]*)\}')
SCHEME = re.compile(r'[a-z][a-z0-9+.-]*:', re.IGNORECASE)
# What a browser would run instead of open.
UNSAFE_SCHEMES = {'javascript:', 'data:', 'vbscript:', 'blob:', 'file:'}


def dial_template_fault(template):
    """Return what is wrong with a template of links to dial: '', 'phone', 'other' or 'scheme'.

    >>> dial_template_fault('https://dialler.example/call?to={phone}&user={user}')
    ''
    >>> dial_template_fault('https://dialler.example/call')
    'phone'
    >>> dial_template_fault('https://dialler.example/call?to={phone}&pin={pin}')
    'other'
    >>> dial_template_fault('JavaScript:call({phone})')
    'scheme'
    >>> dial_template_fault('{phone}')
    'scheme'
    """
    scheme = SCHEME.match(template)
    if not scheme or scheme[0].lower() in UNSAFE_SCHEMES:
        return 'scheme'
    names = set(PLACEHOLDER.findall(template))
    if names - {'phone', 'user'}:
        return 'other'
    return '' if 'phone' in names else 'phone'


def dial_url(template, phone, user):
    """Return the link that makes the dialler of `user` call `phone`, or '' without a number.

    >>> dial_url('tel:{phone}', '+353 21 555 0100', '')
    'tel:+353215550100'
    >>> dial_url('https://dialler.example/call?to={phone}&user={user}', '+353215550100', 'a b')
    'https://dialler.example/call?to=%2B353215550100&user=a%20b'
    >>> dial_url('tel:{phone}', 'by mail only', '')
    ''
    """
    number = re.sub(r'[^0-9+*#]', '', phone or '')
    if not number:
        return ''
    # In a link to a page a plus sign would be read as a space.
    safe = '' if template.lower().startswith(('http:', 'https:')) else '+*'
    values = {'phone': quote(number, safe=safe), 'user': quote(user or '', safe='')}
    return PLACEHOLDER.sub(lambda match: values[match[1]], template)


def sign(secret, timestamp, body):
    """Return the signature of a message: HMAC-SHA256 over the time, a dot and the body, in hex.

    :param str secret: what only the dialler and the database know
    :param str timestamp: seconds since 1970 as they stand in the header
    :param bytes body: the body as it is sent

    >>> sign('secret', '1767225600', b'{}')[:16]
    'sha256=fa7eaa06b'
    """
    message = timestamp.encode() + b'.' + body
    return 'sha256=' + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def is_signed(secret, timestamp, body, signature):
    """Tell in constant time whether `signature` is that of the message.

    >>> is_signed('secret', '1', b'{}', sign('secret', '1', b'{}'))
    True
    >>> is_signed('secret', '2', b'{}', sign('secret', '1', b'{}'))
    False
    >>> is_signed('', '1', b'{}', sign('', '1', b'{}'))
    False
    """
    expected = sign(secret, timestamp, body).encode()
    return bool(secret) and hmac.compare_digest(expected, signature.encode())


def is_recent(timestamp, now):
    """Tell whether a message was sent just now, give or take the window.

    :param str timestamp: seconds since 1970
    :param float now: the same for this moment

    >>> is_recent('1000', 1300.0), is_recent('1000', 1301.0), is_recent('1000', 600.0)
    (True, False, False)
    >>> is_recent('yesterday', 1000.0)
    False
    """
    return (
        timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12
        and abs(now - int(timestamp)) <= WINDOW_SECONDS
    )


def read_event(body, now):
    """Return an event of the dialler as a dict whose values are of the kinds they should be.

    What was not said is missing from it.

    :param bytes body: JSON
    :param datetime now: this moment
    :raise ValueError: saying what is wrong, in words for whoever sets up the dialler

    >>> noon = datetime(2026, 3, 2, 12, 0)
    >>> read_event(b'{"event_id": "1", "event": "ended", "call_id": "c", "duration": 90}', noon)
    {'event_id': '1', 'event': 'ended', 'call_id': 'c', 'duration': 90.0}
    >>> read_event(b'[]', noon)
    Traceback (most recent call last):
    ValueError: the body must be a JSON object
    >>> read_event(b'{"event_id": "1", "event": "rang", "call_id": "c"}', noon)
    Traceback (most recent call last):
    ValueError: event must be one of started, answered, ended, recorded
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("the body is not JSON") from error
    if not isinstance(data, dict):
        raise ValueError("the body must be a JSON object")
    event = {
        name: read(name, data[name])
        for name, read in READERS.items()
        if data.get(name) not in (None, '')
    }
    for name in ('event_id', 'event', 'call_id'):
        if name not in event:
            raise ValueError(f"{name} is missing")
    if event.get('start', now) > now + timedelta(seconds=WINDOW_SECONDS):
        raise ValueError("start lies in the future")
    return event


def _text(name, value):
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or '\x00' in value:
        raise ValueError(f"{name} must be a text")
    if len(value) > MAX_TEXT:
        raise ValueError(f"{name} is longer than {MAX_TEXT} characters")
    return value.strip()


def _one_of(options):
    def read(name, value):
        if value not in options:
            raise ValueError(f"{name} must be one of {', '.join(options)}")
        return value
    return read


def _seconds(name, value):
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= MAX_DURATION_SECONDS:
        raise ValueError(f"{name} must be a number of seconds, from 0 to {MAX_DURATION_SECONDS}")
    return float(value)


def _time(name, value):
    """Return a time of ISO 8601; one without a time zone is UTC.

    >>> _time('start', '2026-03-02T10:00:00+01:00')
    datetime.datetime(2026, 3, 2, 9, 0)
    """
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        elif len(value) < len('2026-03-02T10:00'):
            raise ValueError("a day is no time")
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} must be a time like 2026-03-02T10:00:00Z") from error
    if moment.year < 2000:
        raise ValueError(f"{name} is before the year 2000")
    return moment.replace(microsecond=0)


def _link(name, value):
    if (
        not isinstance(value, str) or not value.startswith(('https://', 'http://'))
        or len(value) > MAX_URL or re.search(r'[\s\x00<>"]', value)
    ):
        raise ValueError(f"{name} must be a link that begins with https://")
    return value


def _number(name, value):
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2 ** 31:
        raise ValueError(f"{name} must be a number")
    return value


READERS = {
    'event_id': _text,
    'event': _one_of(EVENTS),
    'call_id': _text,
    'direction': _one_of(DIRECTIONS),
    'phone': _text,
    'user': _text,
    'start': _time,
    'duration': _seconds,
    'hangup': _one_of(HANGUPS),
    'recording_url': _link,
    'company': _number,
}
