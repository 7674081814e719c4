import logging

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from .audience import Audience
from .crm_process_warning import RAISED_ANEW

_logger = logging.getLogger(__name__)

# How many steps are looked at in one transaction.
BATCH = 1000
# One server at a time warns; this is the number of the lock (the letters "crmw").
TURN = 0x63726D77
# How often a transaction is begun anew because somebody changed a document in it.
ATTEMPTS = 20


class CrmProcessTask(models.Model):
    """Warn of steps, once of each level, and take it back when there is no reason any more."""

    _inherit = 'crm.process.task'

    warning_ids = fields.One2many('crm.process.warning', 'task_id', "Warnings", readonly=True)
    remaining_hours = fields.Float(
        "Hours Left", compute='_compute_remaining_hours',
        help="Working hours until the deadline; below zero: since it passed.")

    @api.depends('date_deadline')
    def _compute_remaining_hours(self):
        now = fields.Datetime.now()
        for task in self:
            clock, deadline = task._clock(), task.date_deadline
            task.remaining_hours = clock.hours(now, deadline) - clock.hours(deadline, now)

    # What was reached, and what is given up

    def _levels_reached(self):
        reached = self.warning_ids.filtered(
            lambda warning: warning.close_reason not in RAISED_ANEW)
        return super()._levels_reached() | reached.level_id

    def _schedule(self):
        self.filtered(lambda task: task.state == 'running')._take_back()
        return super()._schedule()

    def _take_back(self):
        """Close the warnings of levels that lie ahead again, because the deadline has moved."""
        now = fields.Datetime.now()
        ahead = self.warning_ids.filtered(lambda warning: (
            warning.level_id and warning.close_reason not in RAISED_ANEW
            and not warning.task_id._is_reached(warning.level_id, now)))
        ahead._close('moved')
        # Those that were closed before, while the clock stood, are free to be raised as well.
        ahead.close_reason = 'moved'

    def _pause(self, moment):
        self.warning_ids._close('paused')
        return super()._pause(moment)

    def _end(self, moment, state='done'):
        result = super()._end(moment, state)
        late = self.filtered(lambda task: state == 'done' and task.is_late)
        late.warning_ids._close('done_late')
        (self - late).warning_ids._close(state)
        return result

    def _hand_over(self):
        """Let the new responsible be warned, and the one before be left alone."""
        opened = self.warning_ids.filtered(lambda warning: (
            not warning.date_closed and warning.level_id.notify == 'responsible'))
        opened._close('handed_over')
        opened.task_id._schedule()

    def _is_reached(self, level, now):
        moment = self._level_moment(level)
        return bool(moment) and moment <= now

    # Raising

    @api.model
    def _cron_warn(self):
        """Raise what is due, then tell the recipients, a batch at a time.

        Everything that belongs together is committed together, so it may be killed at any moment.
        """
        cron = self.env['ir.cron']
        cron._commit_progress(remaining=1)
        for work in (self._raise_due, self.env['crm.process.warning']._send_due):
            while done := self._in_turn(work):
                left = cron._commit_progress(done, remaining=1)
                self.env.invalidate_all()
                if not left:
                    return
        self._wake_up()
        cron._commit_progress(remaining=0)

    @api.model
    def _in_turn(self, work):
        """Do a piece of work, unless another server is at it; that one will do the rest, too.

        :param work: does it, and returns how much it was
        :type work: Callable[[], int]
        :rtype: int
        """
        for attempt in range(ATTEMPTS):
            try:
                [[mine]] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", TURN))
                if not mine:
                    return 0
                done = work()
                self.env.flush_all()
                return done
            except SerializationFailure:
                if attempt == ATTEMPTS - 1:
                    raise
                self.env.cr.rollback()

    @api.model
    def _raise_due(self):
        """Raise what is due on the next steps that nobody is changing at the moment.

        :return: how many steps that were
        :rtype: int
        """
        self.flush_model()
        now = fields.Datetime.now()
        tasks = self.browse(row[0] for row in self.env.execute_query(self._due_query(now)))
        for process, of_process in tasks.grouped('process_id').items():
            try:
                with self.env.cr.savepoint():
                    of_process._raise_levels(now)
            except (psycopg2.OperationalError, ConcurrencyError):
                raise
            except Exception as error:
                _logger.warning("%s is suspended.", process.display_name, exc_info=True)
                process._suspend(error)
                of_process.write({'date_warning': False, 'level_id': False})
        return len(tasks)

    @api.model
    def _due_query(self, now):
        """Return the query of the next steps to be warned of: what it costs depends on them alone.

        :rtype: SQL
        """
        return SQL(
            """ SELECT id FROM crm_process_task
                 WHERE date_end IS NULL AND date_warning <= %s
                 ORDER BY date_warning LIMIT %s FOR NO KEY UPDATE SKIP LOCKED """, now, BATCH)

    def _raise_levels(self, now):
        """Raise the levels that are reached, each once for everybody it concerns.

        Of a process that is suspended nothing is known, so nobody is warned.

        :param datetime now: naive, in UTC
        """
        measured = self.filtered(lambda task: (
            task.state == 'running' and task.process_id.state in ('active', 'replaced')))
        (self - measured).write({'date_warning': False, 'level_id': False})
        raised = {task: task._levels_to_raise(now) for task in measured}
        levels = self.env['crm.process.level'].union(*raised.values())
        audience = Audience(measured, levels, now)
        self.env['crm.process.warning'].create([
            {**task._prepare_warning_values(level, now),
             'user_id': user.id, 'date_notify': audience.next_work[user]}
            for task, of_task in raised.items() for level in of_task
            for user in audience.of(task, level)])
        measured._plan_next_warning()

    def _plan_next_warning(self):
        """Write down which level comes next on each task: one statement for all of them."""
        coming = [task._next_warning_values() for task in self]
        self.flush_recordset(['date_warning', 'level_id'])
        self.env.cr.execute(SQL(
            """ UPDATE crm_process_task task
                   SET date_warning = coming.date_warning, level_id = coming.level_id
                  FROM unnest(%s::int[], %s::timestamp[], %s::int[])
                       AS coming (id, date_warning, level_id)
                 WHERE task.id = coming.id """,
            self.ids, [values['date_warning'] or None for values in coming],
            [values['level_id'] or None for values in coming]))
        self.invalidate_recordset(['date_warning', 'level_id'])

    def _levels_to_raise(self, now):
        return (self.step_id.level_ids - self._levels_reached()).filtered(
            lambda level: self._is_reached(level, now))

    def _prepare_warning_values(self, level, now):
        """Return what is known of a level when it is raised.

        :rtype: dict
        """
        return {
            'task_id': self.id,
            'res_model': self.res_model,
            'res_id': self.res_id,
            'company_id': self.company_id.id,
            'level_id': level.id,
            'channel': level.channel,
            'date_raised': now,
            'responsible_id': self.user_id.id,
            'level_hours': level._hours(self.step_id.norm_hours, self._risk_hours),
            'date_deadline': self.date_deadline,
            'used_hours': self.used_hours,
            'progress': self.progress,
            'probability': self.late_probability,
        }

    @api.model
    def _wake_up(self):
        """Let the action run in time for what comes before its next regular run."""
        action = self.env.ref('crm_process.ir_cron_warn')
        rows = self.env.execute_query(SQL(
            """ SELECT date_warning FROM crm_process_task
                 WHERE date_end IS NULL AND date_warning > %(now)s AND date_warning < %(next)s
                 UNION
                SELECT date_notify FROM crm_process_warning
                 WHERE date_sent IS NULL AND date_closed IS NULL
                   AND date_notify > %(now)s AND date_notify < %(next)s
                 ORDER BY 1 LIMIT 1 """,
            now=fields.Datetime.now(), next=fields.Datetime.add(fields.Datetime.now(), minutes=5)))
        if rows:
            action._trigger(rows[0][0])
