from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.sql_db import Cursor
from odoo.tools import SQL

from odoo.addons.crm_roles.notification import notify
from odoo.addons.crm_roles.turn import one_at_a_time

# First what is the user's, what is due first on top; then what he may take.
INBOX_ORDER = 'inbox_section, process_deadline, priority DESC, date_received, id'
# A pick fails only where somebody else changes the very same request in the same milliseconds.
PICK_ATTEMPTS = 20


class CrmRequest(models.Model):
    """All that a person has to do now: his own requests, and those that nobody has taken yet."""

    _inherit = 'crm.request'

    in_inbox = fields.Boolean(
        "In My Inbox", compute='_compute_in_inbox', search='_search_in_inbox')
    inbox_section = fields.Selection(
        [('late', "Late"), ('today', "Today"), ('later', "Later"), ('free', "Unassigned")],
        "When", compute='_compute_inbox_section', search='_search_inbox_section')

    @api.depends('state', 'user_id')
    @api.depends_context('uid')
    def _compute_in_inbox(self):
        mine = self.filtered_domain(self._inbox_domain())
        mine.in_inbox = True
        (self - mine).in_inbox = False

    def _search_in_inbox(self, operator, value):
        return self._inbox_domain() if operator == 'in' else NotImplemented

    @api.depends('state', 'user_id')
    def _compute_inbox_section(self):
        tomorrow = self._tomorrow()
        for request in self:
            if not request.user_id:
                request.inbox_section = 'free'
            elif request.process_status == 'late':
                request.inbox_section = 'late'
            else:
                deadline = request.process_deadline
                request.inbox_section = 'today' if deadline and deadline < tomorrow else 'later'

    def _search_inbox_section(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domains = self._inbox_section_domains()
        return Domain.OR(domains[section] for section in value if section in domains)

    @api.model
    def _inbox_section_domains(self):
        """Return which requests are in which part of an inbox.

        :rtype: dict[str, Domain]
        """
        taken = Domain('user_id', '!=', False)
        late = self._late_domain()
        today = self._search_open_task(Domain('date_deadline', '<', self._tomorrow()))
        return {
            'late': taken & late,
            'today': taken & ~late & today,
            'later': taken & ~late & ~today,
            'free': Domain('user_id', '=', False),
        }

    @api.model
    def _tomorrow(self):
        """Return when the day of the user ends, naive and in UTC.

        :rtype: datetime
        """
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min)
        zone = ZoneInfo(self.env.user.tz or 'UTC')
        return midnight.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _our_turn_domain(self):
        """Return the pending requests with which we have to go on.

        :rtype: Domain
        """
        return Domain('state', 'in', ['new', 'open'])

    @api.model
    def _mine_domain(self):
        """Return the requests with which the user has to go on.

        :rtype: Domain
        """
        return self._our_turn_domain() & Domain('user_id', '=', self.env.uid)

    @api.model
    def _takable_domain(self):
        """Return the requests nobody answers for and the user may take: of no team, or of his.

        :rtype: Domain
        """
        of_his_team = Domain('team_id', '=', False) | Domain(
            'team_id.member_ids', 'in', [self.env.uid, False])
        return (
            self._our_turn_domain() & self._unassigned_domain() & of_his_team
            & Domain(self.env['ir.rule']._compute_domain(self._name, 'write')))

    @api.model
    def _inbox_domain(self):
        """Return all that the user has to do, or may take.

        :rtype: Domain
        """
        return self._mine_domain() | self._takable_domain()

    @api.model
    @api.readonly
    def get_inbox_counters(self):
        """Return how much there is to do for the user.

        :return: for each part of his inbox its ``name``, its ``label`` and its ``count``
        :rtype: list[dict]
        """
        inbox, domains = self._inbox_domain(), self._inbox_section_domains()
        labels = self._fields['inbox_section']._description_selection(self.env)
        return [
            {'name': name, 'label': label, 'count': self.search_count(inbox & domains[name])}
            for name, label in labels]

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == 'inbox_section':
            return SQL("(%s IS NULL) %s", SQL.identifier(
                alias, 'user_id', to_flush=self._fields['user_id']), direction)
        if field_name == 'process_deadline':
            return SQL("%s %s %s", self._deadline_sql(alias), direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _deadline_sql(self, alias):
        """Return the earliest deadline of a request as an expression, one look into an index.

        :param str alias: name of the table of the requests in the statement
        :rtype: SQL
        """
        self.env['crm.process']._track_changed()
        tasks = self.env['crm.process.task']
        return SQL(
            "(SELECT MIN(%s) FROM crm_process_task task"
            " WHERE task.res_model = %s AND task.res_id = %s AND task.date_end IS NULL)",
            SQL.identifier('task', 'date_deadline', to_flush=tasks._fields['date_deadline']),
            self._name, SQL.identifier(alias, 'id'))

    # What people do with it

    @api.model
    def get_inbox_position(self, request_id):
        """Return where a request stands among those of the user.

        :param int request_id: the request that is shown
        :return: ``position``, from 1 on or 0 for one that is not in it, and ``count``
        :rtype: dict
        """
        ids = self.search(self._mine_domain(), order=INBOX_ORDER).ids
        position = ids.index(request_id) + 1 if request_id in ids else 0
        return {'position': position, 'count': len(ids)}

    def action_next(self):
        """Open what comes next in the user's inbox; what nobody has becomes his.

        After the last of his own he gets one that nobody has taken, and nobody else gets it.

        :return: an action: the form of the request, or a notice that nothing waits
        :rtype: dict
        """
        mine = self.search(self._mine_domain(), order=INBOX_ORDER)
        place = mine.ids.index(self.id) + 1 if self in mine and self else 0
        request = mine[place:place + 1] or self._take_next(self.env.user) or (mine - self)[:1]
        if not request:
            return self._notify_inbox_empty()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': request.id,
            'views': [(False, 'form')],
        }

    @one_at_a_time
    def action_take(self):
        """Become responsible for a request that nobody has taken.

        :raise UserError: if a colleague was faster
        """
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(['user_id'])
        for request in self:
            if request.user_id and request.user_id != self.env.user:
                raise UserError(self.env._(
                    "%(request)s is with %(user)s already. Take another one.",
                    request=request.display_name, user=request.user_id.name))
        self.action_open()

    @api.model
    def _take_next(self, user):
        """Make a user responsible for the most urgent request that nobody has taken.

        It is chosen and locked in one statement that passes by what others are just taking, in a
        transaction of its own: two people never get the same one, and nobody waits.

        :param user: who goes on with it, a `res.users`
        :return: the request, or an empty recordset when none waits
        :rtype: crm.request
        """
        self.env.flush_all()
        for _attempt in range(PICK_ATTEMPTS):
            try:
                with self.env.registry.cursor() as cr:
                    queue = self.with_env(self.env(cr=cr, user=user.id, su=False))
                    request_id = queue._take_first()
                break
            except (SerializationFailure, DeadlockDetected):
                continue
        else:
            raise UserError(self.env._(
                "Everybody is taking requests at this moment. Press the button again."))
        request = self.browse(request_id)
        request.invalidate_recordset()
        return request

    @api.model
    def _take_first(self):
        """Lock the first request nobody has, and take it up.

        :return: its id, or None when none waits
        :rtype: int | None
        """
        if isinstance(self.env.cr, Cursor):
            # What somebody else has just taken is passed by, not fallen over. (The cursors of
            # Odoo's tests share a transaction that has begun long ago.)
            self.env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        first = self._search(self._takable_domain(), order=INBOX_ORDER, limit=1)
        self.env.cr.execute(SQL(
            "%s FOR NO KEY UPDATE OF crm_request SKIP LOCKED", first.select()),
            log_exceptions=False)
        [request_id] = self.env.cr.fetchone() or [None]
        self.browse(request_id).action_open()
        return request_id

    @api.model
    def _notify_inbox_empty(self):
        return notify(self.env._("Nothing else waits for you."))
