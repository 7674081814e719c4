"""Dates of a list in the words of its reader, each day and each minute worked out once."""

from datetime import UTC
from functools import cached_property

import babel.dates

from odoo.tools.misc import babel_locale_parse, get_lang, posix_to_ldml


class PortalFormat:
    """How the reader of a page writes dates; what it costs is paid once and not for each row.

    :param env: of the reader, with his language and his time zone
    """

    def __init__(self, env):
        self.zone = env.tz
        self.lang = get_lang(env)
        self.locale = babel_locale_parse(self.lang.code)
        self.days, self.times = {}, {}

    @cached_property
    def day_pattern(self):
        return posix_to_ldml(self.lang.date_format, locale=self.locale)

    @cached_property
    def time_pattern(self):
        return posix_to_ldml(self.lang.time_format, locale=self.locale).replace(':ss', '')

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
        if time not in self.times:
            self.times[time] = babel.dates.format_time(
                time, format=self.time_pattern, locale=self.locale)
        return self.times[time]

    def moment_of(self, moment):
        """Return day and time of a moment in UTC in words, nothing for none."""
        return f'{self.day_of(moment)} {self.time_of(moment)}' if moment else ''

    def _local(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(self.zone)
