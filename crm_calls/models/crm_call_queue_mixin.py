from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.sql_db import Cursor
from odoo.tools import SQL, format_datetime, format_time

from odoo.addons.crm_roles.notification import notify
from odoo.addons.crm_roles.turn import one_at_a_time

from .crm_call_outcome import CLOSING_KINDS, UNREACHED_KINDS

CALL_STATES = [
    ('to_call', "To Call"),
    ('callback', "Call Back"),
    ('no_answer', "No Answer"),
    ('done', "Done"),
]
# The states in which a document waits for a call, in the order in which they are worked.
WAITING_STATES = ['callback', 'no_answer', 'to_call']
# A pick fails only where somebody else changes the very same records in the same milliseconds.
PICK_ATTEMPTS = 50
# Unless the system parameter crm_calls.hold_minutes says otherwise.
HOLD_MINUTES = 30


class CrmCallQueueMixin(models.AbstractModel):
    """A document worked by phone, one caller at a time, until there is nothing to call about."""

    _name = 'crm.call.queue.mixin'
    _description = "Worked by Phone"

    # The states sort as they are to be worked: call-backs, then no answers, then the rest.
    _call_queue_order = 'call_state, next_call_at, id'
    # The field that leads to whom to call about the document.
    _call_partner_field = 'partner_id'
    # What it is called for; outcomes for something else are not offered.
    _call_purpose = 'payment'

    call_state = fields.Selection(
        CALL_STATES, "Call Status", compute='_compute_call_state', store=True, index=True)
    next_call_at = fields.Datetime(
        "Next Call", related='last_call_id.callback_at', store=True, related_sudo=True)
    call_count = fields.Integer("Calls", compute='_compute_last_call_id', store=True)
    last_call_id = fields.Many2one(
        'crm.call', compute='_compute_last_call_id', store=True, index='btree_not_null',
        ondelete='set null')
    last_outcome_id = fields.Many2one(
        'crm.call.outcome', "Last Outcome", related='last_call_id.outcome_id')
    # Copies of what the last call says: the queue asks for them in each of its rows.
    last_caller_id = fields.Many2one(
        'res.users', related='last_call_id.user_id', store=True, related_sudo=True)
    callback_personal = fields.Boolean(
        related='last_call_id.callback_personal', store=True, related_sudo=True)
    call_user_id = fields.Many2one(
        'res.users', "On the Phone", copy=False, readonly=True,
        help="Who holds the document now; nobody else is sent to call about it.")
    call_held_at = fields.Datetime("Held since", copy=False, readonly=True)
    call_ids = fields.One2many(
        'crm.call', 'res_id', "Calls about It", bypass_search_access=True, copy=False,
        domain=lambda self: [('res_model', '=', self._name)])

    @api.depends('call_ids.date_start')
    def _compute_last_call_id(self):
        for record in self:
            calls = record.call_ids.sorted(
                lambda call: (call.date_start, call._origin.id or call.id.ref or 0)
            )
            record.last_call_id = calls[-1:]
            record.call_count = len(calls)

    @api.depends('last_call_id', 'last_call_id.outcome_id', 'call_count')
    def _compute_call_state(self):
        for record in self:
            record.call_state = record._next_call_state()

    def unlink(self):
        # sudo: crm.call - the calls stay in the history of the customer
        calls_sudo = self.sudo().call_ids
        result = super().unlink()
        calls_sudo.write({'res_model': False, 'res_id': False})
        return result

    def action_call_next(self):
        """Open the document the user is to call about next, held for him.

        :return: an action: the form of the document, or a notice that nothing waits
        :rtype: dict
        """
        record = self._call_next(self.env.user)
        if not record:
            return self._notify_queue_empty()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': record.id,
            'views': [(self._call_form_view_id(), 'form')],
        }

    @one_at_a_time
    def action_hold(self):
        """Hold the document for the user, so that nobody else is sent to call about it.

        :raise UserError: when a colleague holds it
        """
        self.ensure_one()
        self.check_access('write')
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(['call_user_id', 'call_held_at'])
        if not self.filtered_domain(self._call_free_domain()):
            raise UserError(self.env._(
                "%(document)s is with %(user)s since %(time)s. Wait, or take the next one.",
                document=self.display_name, user=self.call_user_id.name,
                time=format_time(self.env, self.call_held_at, self.env.user.tz, 'short')))
        if self.call_user_id != self.env.user:
            self._write_hold(self.env.uid)

    @one_at_a_time
    def action_release(self):
        """Give back what the user holds."""
        held = self.filtered(lambda record: record.call_user_id == self.env.user)
        if held:
            held._call_give_back()

    def action_log_call(self):
        """Open the dialog in which a call about the document is logged."""
        self.ensure_one()
        return {
            'name': self.env._("Log a Call"),
            'type': 'ir.actions.act_window',
            'res_model': 'crm.call.log',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_res_model': self._name, 'default_res_id': self.id,
                'dialog_size': 'extra-large',
            },
        }

    @one_at_a_time
    def log_call(
        self, outcome, callback_at=None, duration=0.0, note=None, answers=None, difficulty=None,
        callback_personal=True,
    ):
        """Log a call about the document and give the document back to the queue.

        :param outcome: how the call ended, a `crm.call.outcome` or its id
        :param datetime callback_at: when to call again (UTC, in the future); needed when the
            outcome is a call-back, else the wait of the outcome counts unless it is given. It is
            moved into the hours in which the customer may be called
        :param float duration: minutes on the phone, 0 or more
        :param str note: what was said
        :param list answers: a dict for each step of the script that was shown, in their order:
            ``step_id``, and if there was an answer ``choice_id`` and ``text``
        :param difficulty: what keeps the customer from paying, a `crm.call.difficulty` or its id;
            needed when the outcome asks for it
        :param bool callback_personal: a call-back is kept for its caller, for a day
        :return: the call
        :rtype: crm.call
        :raise UserError: when the outcome is not known, the duration is negative, the call-back is
            missing or not in the future, an answer is in no script for such documents, the
            difficulty is missing, or there is nothing left to call about
        """
        self.ensure_one()
        outcome = self._call_known_outcome(outcome)
        callback_at = fields.Datetime.to_datetime(callback_at)
        self._check_call(outcome, callback_at, duration)
        values = self._prepare_call_values(outcome, duration, note)
        answers = self.env['crm.call.script']._check_answers(answers, self)
        # Who was not reached heard no step: at none of them the customer was lost.
        values['answer_ids'] = [
            Command.create(answer) for answer in answers
            if answer['choice_id'] or outcome.kind not in UNREACHED_KINDS]
        values['callback_personal'] = callback_personal
        values['difficulty_id'] = self._call_known_difficulty(outcome, difficulty).id
        if callback_at:
            values['callback_at'] = self._call_partner()._next_call_time(
                callback_at, self.env['res.company'].browse(values['company_id']))
        call = self.env['crm.call']._keep(values)
        self.action_release()
        self._call_logged(call)
        return call

    def _call_logged(self, call):
        """Do what follows from a call that was just logged; for models to add to."""
        outcome = call.outcome_id
        if outcome.then != 'nothing' and (
            outcome.then_at_once or self._is_call_limit_reached(outcome)
        ):
            self._call_cap_reached(outcome)

    def get_call_script(self):
        """Return the script for a call about the document.

        :return: the script as plain data, see `crm.call.script._prepare_for`, or False when there
            is none for it
        :rtype: dict | bool
        """
        self.ensure_one()
        script = self.env['crm.call.script']._find_for(self)
        return bool(script) and script._prepare_for(self)

    def _write_hold(self, user_id):
        """Let a user hold the documents, or nobody; it is no change of the documents themselves.

        :param user_id: the id of the user, or None
        """
        self.flush_recordset(['call_user_id', 'call_held_at'])
        self.env.execute_query(SQL(
            "UPDATE %(table)s SET call_user_id = %(user)s, call_held_at = %(held_at)s"
            " WHERE id = ANY(%(ids)s) RETURNING id",
            table=SQL.identifier(self._table), user=user_id, ids=list(self.ids),
            held_at=self._hold_time() if user_id else None))
        self.invalidate_recordset(['call_user_id', 'call_held_at'], flush=False)

    @api.model
    def _hold_time(self):
        """Return the time a hold begins: that of the transaction, as in the dates of records."""
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _call_waiting_domain(self):
        """Return the domain of the documents the user may be sent to call about now: the queue.

        :rtype: Domain
        """
        return self._call_queue_domain() & Domain.OR(
            stage for stage, _order in self._call_stages())

    @api.model
    def _call_queue_domain(self):
        """Return the domain of what may be in the queue, as far as one of its stages has it.

        For models to narrow: what is left out here is given out in no stage.

        :rtype: Domain
        """
        return self._call_free_domain() & ~self._call_unwanted_domain()

    @api.model
    def _call_mine_domain(self):
        """Return the domain of the call-backs the user has promised.

        :rtype: Domain
        """
        return Domain('call_state', '=', 'callback') & Domain(
            'last_caller_id', '=', self.env.uid
        )

    @api.model
    def _call_stages(self):
        """Return the parts of the queue, which are worked one after the other.

        Each is a range of an index, in its order; so the next document is found as fast in a long
        queue as in a short one.

        :return: for each part its domain and its order
        :rtype: list[tuple[Domain, str]]
        """
        due = Domain('next_call_at', '<=', fields.Datetime.now())
        unplanned = Domain('next_call_at', '=', False)
        stages = [self._call_mine_domain() & due] + [
            Domain('call_state', '=', state) & when & self._call_offered_domain(state)
            for state in WAITING_STATES for when in (due, unplanned)
        ]
        return [(stage, self._call_queue_order) for stage in stages]

    @api.model
    def _call_offered_domain(self, state):
        """Return the domain of the documents in a state that are offered to the user.

        :param str state: one of the states in which documents wait
        :rtype: Domain
        """
        if state != 'callback':
            return Domain.TRUE
        # A call-back its owner left lying for a day is anybody's.
        lying = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        return Domain('callback_personal', '=', False) | Domain('next_call_at', '<', lying)

    @api.model
    def _call_free_domain(self):
        """Return the domain of the documents nobody else is on the phone about.

        :rtype: Domain
        """
        left = fields.Datetime.subtract(
            fields.Datetime.now(), minutes=self._call_hold_minutes())
        return (
            Domain('call_user_id', 'in', [False, self.env.uid]) | Domain('call_held_at', '<', left)
        )

    @api.model
    def _call_hold_minutes(self):
        """Return how many minutes a document stays with who took it but did nothing.

        :rtype: int
        """
        # sudo: ir.config_parameter - one number, set by the administrator
        value = self.env['ir.config_parameter'].sudo().get_param('crm_calls.hold_minutes', '')
        return int(value) if value.isdigit() and int(value) else HOLD_MINUTES

    @api.model
    def _call_next(self, user):
        """Hold the next document for `user` and give back the one he held.

        The document is chosen and held in one statement that passes by what others are just
        taking, in a transaction of its own: two people never get the same one, and nobody waits.

        :param user: the caller, a `res.users`
        :return: the document, or an empty recordset when none waits
        """
        take = self.with_user(user)._call_take_query()
        for _attempt in range(PICK_ATTEMPTS):
            try:
                with self.env.registry.cursor() as cr:
                    queue = self.with_env(self.env(cr=cr, user=user.id, su=False))
                    record_id = queue._call_pick(take)
                break
            except (SerializationFailure, DeadlockDetected):
                continue
        else:
            raise UserError(
                self.env._("Everybody is taking orders at this moment. Press the button again.")
            )
        record = self.browse(record_id)
        record.invalidate_recordset()
        return record

    @api.model
    def _call_pick(self, take):
        """Hold the first document of the queue for the user, and give back what else he held.

        :param SQL take: the statement that holds it, see `_call_take_query`
        :return: its id, or None when none waits
        :rtype: int | None
        """
        if isinstance(self.env.cr, Cursor):
            # What somebody else has just taken is passed by, not fallen over. (The cursors of
            # Odoo's tests share a transaction that has begun long ago.)
            self.env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        # Losing a race is no error: `_call_next` takes the next chance at once.
        self.env.cr.execute(take, log_exceptions=False)
        [record_id] = self.env.cr.fetchone() or [None]
        if record_id:
            self.browse(record_id)._call_give_back_all_but_this()
        return record_id

    @api.model
    def _call_take_query(self):
        """Return the statement that holds the first document nobody is just taking.

        It goes through the stages of the queue, and no further than it has to.

        :return: a statement that gives the id of the document, or no row when none waits
        :rtype: SQL
        """
        self.check_access('write')
        queue = self._search(
            self._call_queue_domain() & Domain('call_user_id', '!=', self.env.uid))
        stages = [
            (
                stage.optimize_full(self)._to_sql(self, queue.table, queue),
                self._order_to_sql(order, queue),
            )
            for stage, order in self._call_stages()
        ]
        names = [SQL.identifier(f'stage_{number}') for number in range(len(stages))]
        return SQL(
            """
            WITH %(stages)s,
            due AS MATERIALIZED (%(in_turn)s LIMIT 1)
            UPDATE %(table)s SET call_user_id = %(user)s, call_held_at = %(now)s
            FROM due WHERE %(table)s.id = due.id
            RETURNING %(table)s.id
            """,
            stages=SQL(", ").join(
                SQL(
                    """
                    %(name)s AS MATERIALIZED (
                        SELECT %(table)s.id FROM %(tables)s
                        WHERE %(queue)s AND %(stage)s ORDER BY %(order)s LIMIT 1
                        FOR NO KEY UPDATE OF %(table)s SKIP LOCKED)
                    """,
                    name=name, table=SQL.identifier(self._table), tables=queue.from_clause,
                    queue=queue.where_clause, stage=stage, order=order)
                for name, (stage, order) in zip(names, stages, strict=True)
            ),
            in_turn=SQL(" UNION ALL ").join(SQL("SELECT id FROM %s", name) for name in names),
            table=SQL.identifier(self._table),
            user=self.env.uid,
            now=self._hold_time(),
        )

    def _call_give_back_all_but_this(self):
        """Give back what else the user holds, as far as nobody is at it."""
        held = self.search(
            Domain('call_user_id', '=', self.env.uid) & Domain('id', 'not in', self.ids))
        if held := held.try_lock_for_update(allow_referencing=True):
            held._call_give_back()

    def _call_give_back(self):
        """Let nobody hold the documents any more; for models to add what came with the hold."""
        self._write_hold(None)

    def _next_call_state(self):
        """Return where the document stands in the queue, from how its last call ended.

        :rtype: str
        """
        self.ensure_one()
        if not self._is_worth_calling():
            return 'done'
        outcome = self.last_call_id.outcome_id
        given_up = outcome.then == 'lost' and outcome.then_at_once
        if given_up or outcome.kind in CLOSING_KINDS or self._is_call_limit_reached(outcome):
            return 'done'
        return outcome.kind if outcome.kind in ('callback', 'no_answer') else 'to_call'

    def _is_worth_calling(self):
        """Tell whether there is anything to call about; for models to narrow.

        :rtype: bool
        """
        return True

    def _is_call_limit_reached(self, outcome):
        """Tell whether the last calls all ended with `outcome`, as often as it allows.

        :rtype: bool
        """
        limit = outcome.max_attempts
        if not limit or self.call_count < limit:
            return False
        last = self.call_ids.sorted('date_start')[-limit:]
        return last.outcome_id == outcome

    def _call_partner(self):
        """Return whom to call about the document, see `_call_partner_field`.

        :rtype: res.partner
        """
        return self[self._call_partner_field]

    @api.model
    def _call_form_view_id(self):
        """Return the id of the form in which the document is worked, or False for its usual one."""
        return False

    def _prepare_call_values(self, outcome, duration, note):
        """Return the values of a call about the document."""
        return {
            'res_model': self._name,
            'res_id': self.id,
            'partner_id': self._call_partner().id,
            'company_id': self.company_id.id or self.env.company.id,
            'outcome_id': outcome.id,
            'duration': duration,
            'note': note,
        }

    @api.model
    def _call_known_outcome(self, outcome):
        """Return `outcome`, a record or an id, as a record that exists and is in use."""
        ids = outcome if isinstance(outcome, int) else outcome.ids
        found = self.env['crm.call.outcome'].browse(ids).exists()
        if len(found) != 1 or not found.active:
            known = self.env['crm.call.outcome'].search([], limit=50).mapped('name')
            raise UserError(self.env._(
                "This outcome is not known. Choose one of: %s.", ", ".join(known)))
        return found

    def _check_call(self, outcome, callback_at, duration):
        """Refuse to log what cannot be; for models to add to.

        :raise UserError: naming the document and the way out
        """
        if duration < 0:
            raise UserError(self.env._(
                "%(document)s: a call cannot last %(minutes)s minutes. Give 0 or more.",
                document=self.display_name, minutes=duration))
        if callback_at and callback_at <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(document)s: the call-back lies in the past. "
                    "Choose a time that is still to come.",
                    document=self.display_name,
                )
            )
        if outcome.kind == 'callback' and not callback_at:
            raise UserError(self.env._(
                "%(document)s: say when the customer is to be called back.",
                document=self.display_name))

    @api.model
    def _notify_queue_empty(self):
        """Return a notice that nothing waits, and when the next call is planned."""
        later = self.search(
            Domain('call_state', '!=', 'done') & Domain('next_call_at', '>', 'now'),
            order='next_call_at', limit=1)
        message = self.env._("Nobody waits for a call.")
        if later:
            message = self.env._(
                "Nobody waits for a call now. The next one is planned for %s.",
                format_datetime(self.env, later.next_call_at, dt_format='short'))
        return notify(message, title=self.env._("Well done"))
