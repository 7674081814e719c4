"""Dates and amounts of a page in the words of its reader, each pattern worked out once."""

from ast import literal_eval
from datetime import UTC
from functools import cached_property, lru_cache
from typing import NamedTuple

import babel.dates
from markupsafe import Markup, escape

from odoo.tools.misc import babel_locale_parse, get_lang, posix_to_ldml

from odoo.addons.base.models.res_lang import intersperse

NO_BREAK = '\N{NO-BREAK SPACE}'
# A minus is not parted from its number.
MINUS = '-\N{ZERO WIDTH NO-BREAK SPACE}'


class Frame(NamedTuple):
    """How many digits an amount has, and what stands before and after it."""

    digits: int
    before: str
    after: str


@lru_cache(maxsize=4096)
def day_text(day, pattern, code):
    """Return a day in words.

    :param date day: the day
    :param str pattern: how it is written, as babel takes it
    :param str code: of the language
    """
    return babel.dates.format_date(day, format=pattern, locale=babel_locale_parse(code))


@lru_cache(maxsize=4096)
def time_text(time, pattern, code):
    """Return a time in words, see `day_text`."""
    return babel.dates.format_time(time, format=pattern, locale=babel_locale_parse(code))


class PortalFormat:
    """How the reader of a page writes dates and amounts; what it costs is paid once and not for
    each row.

    :param env: of the reader, with his language and his time zone
    """

    def __init__(self, env):
        self.zone = env.tz
        self.lang = get_lang(env)
        self.locale = babel_locale_parse(self.lang.code)
        self.currencies = env['res.currency']._currency_forms()
        self.moments, self.frames = {}, {}

    @cached_property
    def day_pattern(self):
        return posix_to_ldml(self.lang.date_format, locale=self.locale)

    @cached_property
    def time_pattern(self):
        return posix_to_ldml(self.lang.time_format, locale=self.locale).replace(':ss', '')

    @cached_property
    def grouping(self):
        return literal_eval(self.lang.grouping)

    @cached_property
    def thousands(self):
        return str(escape((self.lang.thousands_sep or '').replace(' ', NO_BREAK)))

    @cached_property
    def point(self):
        return str(escape(self.lang.decimal_point))

    # Dates

    def date(self, day):
        """Return a day in words, nothing for none."""
        return day_text(day, self.day_pattern, self.lang.code) if day else ''

    def day_of(self, moment):
        """Return in words the day of a moment in UTC, as it is where the reader is."""
        return self.date(moment and self._local(moment).date())

    def time_of(self, moment):
        """Return in words the time of a moment in UTC, as it is where the reader is."""
        if not moment:
            return ''
        time = self._local(moment).time()
        if 's' not in self.time_pattern:
            time = time.replace(second=0, microsecond=0)
        return time_text(time, self.time_pattern, self.lang.code)

    def moment_of(self, moment):
        """Return day and time of a moment in UTC in words, nothing for none."""
        return f'{self.day_of(moment)} {self.time_of(moment)}' if moment else ''

    def _local(self, moment):
        if moment not in self.moments:
            self.moments[moment] = moment.replace(tzinfo=UTC).astimezone(self.zone)
        return self.moments[moment]

    # Amounts

    def money(self, amount, currency):
        """Return an amount with its symbol, as Odoo writes it.

        :param float amount: rounded, as amounts are stored
        :param currency: a `res.currency`, of which nothing is read
        :rtype: Markup
        """
        frame = self.frames.get(currency.id) or self._frame(currency.id)
        # A zero has no sign.
        text = f'{round(amount, frame.digits) + 0.0:.{frame.digits}f}'
        return Markup(frame.before + self._group(text) + frame.after)

    def _group(self, text):
        """Return the digits of a number as the reader groups them, ready for a page."""
        whole, _point, rest = text.partition('.')
        whole = intersperse(whole, self.grouping, self.thousands)[0].replace('-', MINUS)
        return f'{whole}{self.point}{rest}' if rest else whole

    def _frame(self, currency_id):
        """Return how an amount of a currency begins and ends."""
        form = self.currencies[currency_id]
        symbol = escape(form.symbol)
        before, after = ('', f'{NO_BREAK}{symbol}')
        if form.position == 'before':
            before, after = f'{symbol}{NO_BREAK}', ''
        self.frames[currency_id] = frame = Frame(
            form.digits, f'{before}<span class="oe_currency_value">', f'</span>{after}')
        return frame
