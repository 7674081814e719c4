"""Dates and amounts of a page in the words of its reader, each pattern worked out once."""

from ast import literal_eval
from datetime import UTC
from functools import cached_property

import babel.dates
from markupsafe import Markup, escape

from odoo.tools import float_round
from odoo.tools.misc import babel_locale_parse, get_lang, posix_to_ldml

from odoo.addons.base.models.res_lang import intersperse

NO_BREAK = '\N{NO-BREAK SPACE}'
# A minus is not parted from its number.
MINUS = '-\N{ZERO WIDTH NO-BREAK SPACE}'


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
        self.days, self.times, self.moments, self.frames = {}, {}, {}, {}

    @cached_property
    def day_pattern(self):
        return posix_to_ldml(self.lang.date_format, locale=self.locale)

    @cached_property
    def time_pattern(self):
        return posix_to_ldml(self.lang.time_format, locale=self.locale).replace(':ss', '')

    @cached_property
    def grouping(self):
        return literal_eval(self.lang.grouping)

    # Dates

    def date(self, day):
        """Return a day in words, nothing for none."""
        if day and day not in self.days:
            self.days[day] = babel.dates.format_date(
                day, format=self.day_pattern, locale=self.locale)
        return self.days.get(day, '')

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
        if time not in self.times:
            self.times[time] = babel.dates.format_time(
                time, format=self.time_pattern, locale=self.locale)
        return self.times[time]

    def moment_of(self, moment):
        """Return day and time of a moment in UTC in words, nothing for none."""
        return f'{self.day_of(moment)} {self.time_of(moment)}' if moment else ''

    def _local(self, moment):
        if moment not in self.moments:
            self.moments[moment] = moment.replace(tzinfo=UTC).astimezone(self.zone)
        return self.moments[moment]

    # Amounts

    def number(self, value, digits):
        """Return a number in words, grouped as the reader does it.

        :param float value: what is written
        :param int digits: so many after the point
        :rtype: str
        """
        value = float_round(value, precision_digits=digits) or 0.0
        whole, _point, rest = f'{value:.{digits}f}'.partition('.')
        whole = intersperse(whole, self.grouping, self.lang.thousands_sep or '')[0]
        return f'{whole}{self.lang.decimal_point}{rest}' if rest else whole

    def money(self, amount, currency):
        """Return an amount with its symbol, as Odoo writes it.

        :param float amount: rounded, as amounts are stored
        :param currency: a `res.currency`, of which nothing is read
        :rtype: Markup
        """
        digits, before, after = self._frame(currency.id)
        text = self.number(amount, digits).replace(' ', NO_BREAK).replace('-', MINUS)
        return before + text + after

    def _frame(self, currency_id):
        """Return how many digits an amount has, and what stands before and after it."""
        if currency_id not in self.frames:
            form = self.currencies[currency_id]
            before, after = Markup('<span class="oe_currency_value">'), Markup('</span>')
            if form.position == 'before':
                before = escape(form.symbol) + NO_BREAK + before
            else:
                after += NO_BREAK + form.symbol
            self.frames[currency_id] = form.digits, before, after
        return self.frames[currency_id]
