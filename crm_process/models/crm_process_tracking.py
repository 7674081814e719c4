import logging
import re

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_process import DOMAINS

_logger = logging.getLogger(__name__)

CHANGED = 'crm.process.changed'
# A date that means another day tomorrow.
RELATIVE_DATE = re.compile(r'(today|now|[=+-])')
# How many documents are taken in at once.
BATCH = 1000


class CrmProcess(models.Model):
    """Move the runs of documents that changed."""

    _inherit = 'crm.process'

    @api.model
    def _remember_changed(self, records):
        """Remember documents that changed, to be looked at once before the commit.

        :param records: documents of one model
        """
        data = self.env.cr.precommit.data
        if CHANGED not in data:
            data[CHANGED] = {}
            self.env.cr.precommit.add(self._track_changed)
        data[CHANGED].setdefault(records._name, {}).update(dict.fromkeys(records._ids))

    @api.model
    def _track_changed(self):
        """Move the runs of all documents that changed since it was last done."""
        if CHANGED in self.env.cr.precommit.data:
            # What is still to be computed may change documents, too: not while they are moved.
            self.env.flush_all()
        changed = self.env.cr.precommit.data.pop(CHANGED, {})
        for model_name, ids in changed.items():
            # sudo: crm.process - documents are measured whoever changes them
            self.sudo().with_context(active_test=False)._track(model_name, list(ids))

    @api.model
    def _track(self, model_name, ids):
        """Move the runs of documents to where the documents are.

        A process that fails is suspended, and the document goes on.

        :param str model_name: model of the documents
        :param list ids: the documents
        """
        self.env.flush_all()
        ids = self.env[model_name].browse(ids).exists().ids
        runs = self.env['crm.process.run'].search([
            ('res_model', '=', model_name), ('res_id', 'in', ids), ('date_end', '=', False)])
        active = self.search([('model_name', '=', model_name), ('state', '=', 'active')])
        for process in (active - runs.process_id)._with_documents(ids) | runs.process_id:
            try:
                with self.env.cr.savepoint():
                    process._track_documents(
                        ids, runs.filtered(lambda run, process=process: run.process_id == process))
            except psycopg2.errors.UniqueViolation as error:
                # Somebody else moves the same document at this moment: try again.
                raise ConcurrencyError(str(error)) from error
            except (psycopg2.OperationalError, ConcurrencyError):
                raise
            except Exception as error:
                _logger.warning("%s is suspended.", process.display_name, exc_info=True)
                process._suspend(error)

    def _with_documents(self, ids):
        """Return those of the processes whose scope one of the documents is in, asked at once.

        One that cannot be asked is among them, and says why when it is tried.

        :param list ids: documents of their model
        :rtype: crm.process
        """
        if len(self) < 2:
            return self
        try:
            with self.env.cr.savepoint():
                [found] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(
                    process._has_documents_sql(ids) for process in self)))
        except (psycopg2.OperationalError, ConcurrencyError):
            raise
        except Exception:
            return self
        return self.browse(
            process.id for process, has_any in zip(self, found, strict=True) if has_any)

    def _has_documents_sql(self, ids):
        scope = self._scope() & Domain('id', 'in', ids)
        query = self.env[self.model_name]._search(scope, active_test=False)
        return SQL("FALSE") if query.is_empty() else SQL("EXISTS (%s)", query.select())

    def _track_documents(self, ids, runs):
        """Start, move and end the runs of one process.

        :param list ids: documents that changed
        :param runs: their runs that are open
        """
        self.ensure_one()
        now = fields.Datetime.now()
        steps = self.step_ids
        flags = self._flags(ids, steps)
        if self.state == 'active':
            others = self._runs_of_other_versions(ids)
            running = set(runs.mapped('res_id')) | others
            runs |= self._start_runs([
                record_id for record_id, flag in flags.items()
                if flag['start'] and record_id not in running], now)
        ended = runs.filtered(lambda run: flags.get(run.res_id, {}).get('end'))
        gone = (runs - ended).filtered(lambda run: not flags.get(run.res_id, {}).get('scope'))
        ended._finish('done', now)
        gone._finish('cancelled', now)
        self._move(runs - ended - gone, flags, now)

    def _flags(self, ids, steps):
        """Ask once which of the conditions each document fits.

        :return: by document the conditions by their name, and the ids of the steps it stands in
        :rtype: dict[int, dict]
        """
        self.ensure_one()
        Model = self.env[self.model_name]
        scope, end = self._scope(), self._domain_of('end_domain')
        pause = self._domain_of('pause_domain')
        conditions = {
            'scope': scope,
            'end': scope & end,
            'start': scope & self._domain_of('start_domain') & ~end,
            'pause': Domain.FALSE if pause.is_true() else pause,
            **{step.id: step._condition() for step in steps},
        }
        chosen = Domain('id', 'in', ids)
        columns = SQL(", ").join(
            SQL("document.id IN %s", query.subselect()) if not query.is_empty() else SQL("FALSE")
            for query in (
                Model._search(domain & chosen, active_test=False)
                for domain in conditions.values()))
        rows = self.env.execute_query(SQL(
            "SELECT document.id, %s FROM %s AS document WHERE document.id IN %s",
            columns, SQL.identifier(Model._table), tuple(ids))) if ids else []
        return {row[0]: dict(zip(conditions, row[1:], strict=True)) for row in rows}

    def _runs_of_other_versions(self, ids):
        """Return which documents are still on their way through another version.

        :rtype: set[int]
        """
        origin = self.origin_id or self
        others = (origin | origin.version_ids) - self
        if not others:
            return set()
        return set(self.env['crm.process.run'].search([
            ('process_id', 'in', others.ids), ('res_model', '=', self.model_name),
            ('res_id', 'in', ids), ('date_end', '=', False)]).mapped('res_id'))

    def _start_runs(self, ids, now, starts=None):
        """Start a run for each document.

        :param datetime now: naive, in UTC
        :param starts: when a document began, if earlier
        :type starts: dict[int, datetime]
        :rtype: crm.process.run
        """
        records = self.env[self.model_name].browse(ids)
        companies, partners = records._process_companies(), records._process_partners()
        classes = records._process_customer_classes()
        runs = self.env['crm.process.run'].create([{
            'process_id': self.id,
            'res_model': self.model_name,
            'res_id': record_id,
            'company_id': companies[record_id].id,
            'partner_id': partners[record_id].id,
            'customer_class': classes[record_id],
            'date_start': (starts or {}).get(record_id) or now,
        } for record_id in ids])
        runs._assign_calendar()
        runs._assign_parent()
        return runs

    def _move(self, runs, flags, now, starts=None):
        """Open and close the tasks of runs according to where their documents stand.

        :param runs: open runs of the process
        :param dict flags: what :meth:`_flags` says of their documents
        :param datetime now: naive, in UTC
        """
        opened = runs.task_ids.filtered(lambda task: not task.date_end)
        done = opened.filtered(lambda task: not flags[task.res_id][task.step_id.id])
        done._end(now)
        opened -= done
        opened |= self._open_tasks(runs, opened, flags, now, starts)
        self._assign_responsible(opened)
        # A step waits as long as one before it is open.
        busy = {(task.run_id, task.step_id) for task in opened}
        before = {step: step._before() for step in self.step_ids}
        opened.filtered(lambda task: task.state == 'waiting' and not any(
            (task.run_id, step) in busy for step in before[task.step_id])
        )._begin_from(now, starts)
        running = opened.filtered(lambda task: task.state == 'running')
        running.filtered(lambda task: flags[task.res_id]['pause'])._pause(now)
        opened.filtered(
            lambda task: task.state == 'paused' and not flags[task.res_id]['pause'])._resume(now)

    def _open_tasks(self, runs, opened, flags, now, starts):
        """Make a task for each step in which a document newly stands.

        :rtype: crm.process.task
        """
        known = {(task.run_id, task.step_id) for task in opened}
        planned = self.step_ids._planned_hours()
        return self.env['crm.process.task'].create([
            {
                'run_id': run.id,
                'step_id': step.id,
                'res_model': run.res_model,
                'res_id': run.res_id,
                'company_id': run.company_id.id,
                'date_ready': (starts or {}).get(run.res_id) or now,
                'date_planned_start': run._clock().plan(run.date_start, planned[step][0]),
                'date_planned_end': run._clock().plan(run.date_start, planned[step][1]),
                'norm_hours': step.norm_hours,
                'tolerance_hours': step.tolerance_hours,
            }
            for run in runs for step in self.step_ids
            if flags[run.res_id][step.id] and (run, step) not in known
        ])

    def _assign_responsible(self, tasks):
        """Let the tasks follow who answers for their documents, and plan them as theirs."""
        moved = tasks.browse()
        for step, of_step in tasks.grouped('step_id').items():
            people = step._responsible_of(
                self.env[self.model_name].browse(of_step.mapped('res_id')))
            for task in of_step:
                if task.user_id != people[task.res_id]:
                    task.user_id = people[task.res_id]
                    moved |= task
        moved.filtered(lambda task: task.state == 'running')._schedule()

    def _suspend(self, error):
        """Stop measuring by a definition that no longer works, and tell its owner once.

        :param Exception error: what went wrong
        """
        self.ensure_one()
        if self.state == 'suspended':
            return
        self.write({'state': 'suspended', 'suspended_reason': str(error)})
        self.activity_schedule(
            'mail.mail_activity_data_warning', user_id=self.user_id.id,
            summary=self.env._("The process is suspended"),
            note=self.env._(
                "Its definition no longer works: %(error)s. Correct it and activate it again; "
                "documents are not measured by it meanwhile.", error=error))

    # What changes without a document being written

    def _sweep(self):
        """Bring a first batch of documents and runs together; the scheduled action does the rest.

        Documents are taken in that are in the middle of the process, and runs are moved whose
        documents changed by the mere passing of time or by a change elsewhere.
        """
        for process in self:
            ids = process._unswept(limit=BATCH)
            process._sweep_documents(ids)
            if len(ids) == BATCH:
                self.env.ref('crm_process.ir_cron_sweep')._trigger()

    def _sweep_documents(self, ids):
        """Take in documents, and move their runs."""
        # sudo: crm.process - documents are measured whoever starts the process
        process_sudo = self.sudo().with_context(active_test=False)
        try:
            with self.env.cr.savepoint():
                process_sudo._take_in(ids)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            _logger.warning("%s is suspended.", self.display_name, exc_info=True)
            process_sudo._suspend(error)
        process_sudo._track(self.model_name, ids)

    def _unswept(self, after=0, limit=None):
        """Return documents that the process may have to take in or to move, in order of their id.

        :param int after: only those with a higher id
        :param limit: how many at most
        :rtype: list[int]
        """
        # sudo: crm.process - as above
        process_sudo = self.sudo()
        Model = process_sudo.env[self.model_name].with_context(active_test=False)
        running = process_sudo.env['crm.process.run']._search(
            [('process_id', '=', self.id), ('date_end', '=', False)]).subselect('res_id')
        domain = ~Domain('id', 'in', running) & (
            process_sudo._scope() & process_sudo._domain_of('start_domain')
            & ~process_sudo._domain_of('end_domain'))
        if process_sudo._changes_unseen():
            domain |= Domain('id', 'in', running)
        return Model.search(domain & Domain('id', '>', after), order='id', limit=limit).ids

    def _changes_unseen(self):
        """Return whether a document can move without being written.

        It can if a condition asks for the time, or for a field of another document.
        """
        conditions = [self._scope(), *map(self._domain_of, DOMAINS), *(
            step._condition() for step in self.step_ids)]
        return any(
            '.' in condition.field_expr or isinstance(condition.value, (Domain, list))
            and condition.operator in ('any', 'not any')
            or isinstance(condition.value, str) and RELATIVE_DATE.match(condition.value)
            for domain in conditions for condition in domain.iter_conditions())

    def _take_in(self, ids):
        """Start runs for documents that are in the middle of the process already.

        Since when they stand where they stand is read from the history of their fields.

        :param list ids: documents
        """
        runs = self.env['crm.process.run'].search([
            ('process_id', 'in', (self | self.origin_id | self.origin_id.version_ids
                                  | self.version_ids).ids),
            ('res_id', 'in', ids), ('date_end', '=', False)])
        flags = self._flags(sorted(set(ids) - set(runs.mapped('res_id'))), self.step_ids)
        new = [record_id for record_id, flag in flags.items() if flag['start']]
        since = self._since(new)
        now = fields.Datetime.now()
        self._move(self._start_runs(new, now, since), flags, now, since)

    def _since(self, ids):
        """Tell since when documents stand where they stand.

        That is the last change of a field the conditions ask for, as far as Odoo has tracked it,
        else the time the document was made.

        :param list ids: documents
        :return: naive, in UTC, by document
        :rtype: dict[int, datetime]
        """
        if not ids:
            return {}
        Model = self.env[self.model_name]
        self.env['mail.tracking.value'].flush_model()
        rows = self.env.execute_query(SQL(
            """ SELECT document.id, date_trunc('second', COALESCE((
                    SELECT MAX(message.date)
                      FROM mail_message message
                      JOIN mail_tracking_value value ON value.mail_message_id = message.id
                      JOIN ir_model_fields field ON field.id = value.field_id
                     WHERE message.model = %(model)s AND message.res_id = document.id
                       AND field.name IN %(fields)s
                ), document.create_date))
                  FROM %(table)s document
                 WHERE document.id IN %(ids)s """,
            model=self.model_name, fields=tuple(self._asked_fields() or ['id']),
            table=SQL.identifier(Model._table), ids=tuple(ids)))
        return dict(rows)

    @api.model
    def _cron_sweep(self):
        """Bring runs and documents together again, a batch at a time."""
        processes = self.search([('state', '=', 'active')])
        for process in processes.filtered(lambda process: process.model_name not in self.env):
            process._suspend(self.env._("the documents it was about are no longer there"))
        processes = processes.filtered(lambda process: process.state == 'active')
        self.env['ir.cron']._commit_progress(remaining=len(processes))
        for process in processes:
            after = 0
            while process.state == 'active' and (ids := process._unswept(after, BATCH)):
                process._sweep_documents(ids)
                after = ids[-1]
                if not self.env['ir.cron']._commit_progress(remaining=len(processes)):
                    return
            self.env['ir.cron']._commit_progress(1)
