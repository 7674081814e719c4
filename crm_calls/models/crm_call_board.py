from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from .crm_call_statistics import HOURS

READERS = (
    'crm_roles.group_call_center_lead,crm_roles.group_service_supervisor,'
    'crm_roles.group_sales_manager')


class CrmCallBoard(models.AbstractModel):
    """How the calls go today, for who leads the callers."""

    _name = 'crm.call.board'
    _description = "Call Board"

    @api.model
    @api.readonly
    def get_board(self):
        """Return how the calls go today, in words and figures to be shown as they are.

        :return: ``day``, ``time``; ``tiles``, each with a ``label`` and a ``value``; ``columns``,
            each with a ``name`` and a ``label``; ``people``, a row for each caller with a value
            for each column; ``sections``, each with a ``title``, ``columns`` and ``rows``, for
            addons to add; ``hours``, each with a ``label``, ``calls``, ``reached``
        :rtype: dict
        :raise AccessError: for who leads nobody
        """
        if not self.env.user.has_groups(READERS):
            raise AccessError(self.env._(
                "The board of the calls is for leads, supervisors and sales managers. "
                "Ask one of them to look, or an administrator for the role."))
        rows = self._people_rows()
        totals = self._sum_up(rows.values())
        return {
            'day': format_date(self.env, fields.Date.context_today(self), date_format='full'),
            'time': format_datetime(self.env, fields.Datetime.now(), dt_format='HH:mm:ss'),
            'tiles': self._tiles(totals),
            'columns': self._columns(),
            'people': self._sorted_people(rows),
            'sections': self._sections(),
            'hours': self._hour_rows(),
        }

    @api.model
    def _today_domain(self):
        """Return the domain of today's calls.

        :rtype: Domain
        """
        return Domain('date_start', '>=', 'today') & Domain('date_start', '<', 'today +1d')

    @api.model
    def _people_rows(self):
        """Return calls, reached and minutes of each caller of today.

        :rtype: dict[res.users, dict]
        """
        return self._rows_by('user_id', self._today_domain())

    @api.model
    def _rows_by(self, field_name, domain):
        """Return calls, reached and minutes of the calls of `domain`, by one of their relations.

        :rtype: dict[odoo.models.BaseModel, dict]
        """
        rows = {}
        groups = self.env['crm.call']._read_group(
            domain, [field_name, 'reached'], ['__count', 'duration:sum'])
        for key, reached, count, minutes in groups:
            row = rows.setdefault(key, self._sum_up([]))
            row['calls'] += count
            row['reached'] += count if reached else 0
            row['minutes'] += minutes or 0.0
        return rows

    @api.model
    def _sum_up(self, rows):
        """Return the sums of some rows.

        :rtype: dict
        """
        rows = list(rows)
        return {name: sum(row[name] for row in rows) for name in ('calls', 'reached', 'minutes')}

    @api.model
    def _tiles(self, totals):
        """Return the figures of the day that stand on top."""
        return [
            {'label': self.env._("Calls"), 'value': totals['calls']},
            {'label': self.env._("Reached"), 'value': totals['reached']},
            {'label': self.env._("Reach Rate"), 'value': self._rate(totals)},
            {'label': self.env._("Talk Time"), 'value': self._time_spent(totals)},
        ]

    @api.model
    def _columns(self):
        """Return what is said of each person, in its order."""
        return [
            {'name': 'calls', 'label': self.env._("Calls")},
            {'name': 'reached', 'label': self.env._("Reached")},
            {'name': 'rate', 'label': self.env._("Reach Rate")},
            {'name': 'time', 'label': self.env._("Talk Time")},
        ]

    @api.model
    def _sorted_people(self, rows):
        """Return a row for each person, or whatever the rows are by, most calls first."""
        people = sorted(
            rows.items(), key=lambda item: (-item[1]['calls'], item[0].display_name or ''))
        return [
            {
                'id': person.id,
                'name': person.display_name or self.env._("Nobody"),
                'rate': self._rate(row),
                'time': self._time_spent(row),
                **row,
            }
            for person, row in people
        ]

    @api.model
    def _sections(self):
        """Return further tables of the board; for addons to add.

        :rtype: list[dict]
        """
        return []

    @api.model
    def _hour_rows(self):
        """Return the hours from the first to the last call of today."""
        groups = self.env['crm.call']._read_group(
            self._today_domain(), ['hour', 'reached'], ['__count'])
        counts = {}
        for hour, reached, count in groups:
            row = counts.setdefault(hour, {'calls': 0, 'reached': 0})
            row['calls'] += count
            row['reached'] += count if reached else 0
        keys = sorted(counts)
        return [
            {'label': label, **counts.get(hour, {'calls': 0, 'reached': 0})}
            for hour, label in HOURS if keys and keys[0] <= hour <= keys[-1]
        ]

    @api.model
    def _rate(self, row):
        return f"{100 * row['reached'] / row['calls']:.0f} %" if row['calls'] else "–"

    @api.model
    def _time_spent(self, row):
        """Return the minutes of a row as hours and minutes."""
        minutes = round(row['minutes'])
        return f"{minutes // 60}:{minutes % 60:02} h"
