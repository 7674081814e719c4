from itertools import permutations

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import durations
from .crm_process_statistic import CASES
from .run_replay import Span, overlap, saved

# The newest tasks of a step and the newest runs are looked at, at most so many.
SAMPLE = 2000
RUNS = 500
# Of how many cases something holds, as counted and at the least.
FREE_SHARE, FREE_SURE = 0.8, 0.7
# Working hours that a document is ready before the step it waits for is over.
READY_BEFORE = 0.25
# Working hours of a document that are worth a change of the process.
WORTHWHILE = 0.25
# Of an hour saved so much reaches the customer, and so much more than beside it.
CRITICAL_SURE, CRITICAL_MORE = 0.5, 0.25
DAYS_A_MONTH = 365.25 / 12


class CrmProcess(models.Model):
    """Find in what is past how the process could be better."""

    _inherit = 'crm.process'

    date_examined = fields.Datetime("Examined", readonly=True, copy=False)
    suggestion_ids = fields.One2many(
        'crm.process.suggestion', 'process_id', "Suggestions", copy=False, readonly=True)
    suggestion_count = fields.Integer(
        "To Decide", compute='_compute_suggestion_count',
        groups='crm_roles.group_sales_manager,crm_roles.group_service_supervisor,'
               'crm_roles.group_call_center_lead,crm_roles.group_marketing_manager')

    def _compute_suggestion_count(self):
        counts = dict(self.env['crm.process.suggestion']._read_group(
            [('process_id', 'in', self.ids), ('state', '=', 'open')], ['process_id'], ['__count']))
        for process in self:
            process.suggestion_count = counts.get(process, 0)

    def action_open_suggestions(self):
        """Open the suggestions for all versions of the process.

        :rtype: dict
        """
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_process.crm_process_suggestion_action')
        versions = self._versions()
        return {**action, 'domain': [('process_id', 'in', versions.ids)]}

    def _suggest(self):
        """Examine what is past, and bring the suggestions up to date."""
        for process in self:
            # sudo: crm.process.suggestion - evidence is written by nobody but the engine
            process_sudo = process.sudo()
            process_sudo.env['crm.process.suggestion']._renew(process_sudo, *process_sudo._find())
            process_sudo.date_examined = fields.Datetime.now()

    def _find(self):
        """Examine what was done in this version.

        :return: values of suggestions, and the steps of which there are enough cases to judge
        :rtype: tuple[list[dict], crm.process.step]
        """
        self.ensure_one()
        self.env.flush_all()
        found, judged = [], self.env['crm.process.step']
        for step, cases in self._past_tasks().items():
            if len(cases) >= CASES:
                judged |= step
                found += [*step._find_norm(cases), *step._find_waiting(cases)]
        runs = self._past_runs()
        if len(runs) >= CASES:
            found += [*self._find_free(runs), *self._find_critical(runs)]
        return found, judged

    def _past_tasks(self):
        """Return the newest tasks that were done.

        :return: by step their working hours, the hours they waited, and when they ended
        :rtype: dict[crm.process.step, list[tuple[float, float, datetime]]]
        """
        rows = self.env.execute_query(SQL(
            """ SELECT step_id, duration_hours, waiting_hours, date_end
                  FROM (
                SELECT task.step_id, task.duration_hours, COALESCE(task.waiting_hours, 0)
                       AS waiting_hours, task.date_end, ROW_NUMBER() OVER (
                           PARTITION BY task.step_id ORDER BY task.date_end DESC, task.id) AS place
                  FROM crm_process_task task
                 WHERE task.step_id IN %(steps)s AND %(past)s
                       ) AS newest
                 WHERE place <= %(sample)s """,
            steps=tuple(self.step_ids.ids) or (0,), past=self._past(), sample=SAMPLE))
        tasks = {}
        for step_id, *case in rows:
            tasks.setdefault(self.env['crm.process.step'].browse(step_id), []).append(case)
        return tasks

    def _past_runs(self):
        """Return the newest runs that came to their end, with times in working hours.

        :return: pairs of the spans of a run and when it ended
        :rtype: list[tuple[list[Span], datetime]]
        """
        rows = self.env.execute_query(SQL(
            """ SELECT run.id, run.calendar_id, run.company_id, run.date_start, run.date_end,
                       task.step_id, task.date_ready, task.date_start, task.date_end
                  FROM (
                SELECT * FROM crm_process_run
                 WHERE process_id = %(process)s AND state = 'done' AND date_end >= %(since)s
              ORDER BY date_end DESC, id LIMIT %(runs)s
                       ) AS run
                  JOIN crm_process_task task ON task.run_id = run.id AND task.state = 'done'
              ORDER BY run.date_end DESC, run.id, task.id """,
            process=self.id, runs=RUNS,
            since=fields.Datetime.now() - relativedelta(months=self.history_months)))
        runs = {}
        for run_id, calendar_id, company_id, began, ended, step_id, *times in rows:
            clock = (
                self.env['resource.calendar'].browse(calendar_id)
                or self.env['res.company'].browse(company_id).resource_calendar_id)._working_time()
            runs.setdefault(run_id, ([], ended))[0].append(
                Span(step_id, *(clock.hours(began, time) for time in times)))
        return list(runs.values())

    def _find_free(self, runs):
        """Yield suggestions for steps that wait for others without need.

        A document that is ready for the later step before the earlier one is over, or leaves it
        first, does not need what the earlier one brings. Unless the order was the other, there must
        be something to be won.
        """
        waits = self._waits()
        for step in self.step_ids:
            for other in step.depends_on_ids:
                both = [run for run in runs if {step.id, other.id} <= {
                    span.step for span in run[0]}]
                if len(both) < CASES:
                    continue
                gains = [saved(spans, waits, free=(step.id, other.id)) for spans, _ended in both]
                turned = sum(self._was_turned(spans, step.id, other.id) for spans, _ended in both)
                free = sum(
                    self._was_turned(spans, step.id, other.id)
                    or self._was_ready(spans, step.id, other.id) for spans, _ended in both)
                low, _high = durations.share_bounds(free, len(both))
                if free < FREE_SHARE * len(both) or low < FREE_SURE or (
                        turned < FREE_SHARE * len(both) and sum(gains) < WORTHWHILE * len(both)):
                    continue
                yield {
                    'kind': 'parallel', 'step_id': step.id, 'other_step_id': other.id,
                    'cases': len(both), 'share': 100 * free / len(both),
                    'saved_hours': sum(gains) / len(both),
                    'gain_hours': sum(gains) / self._months(ended for _spans, ended in both)}

    def _was_ready(self, spans, step_id, other_id):
        """Return whether a document was ready for a step well before an earlier one was over."""
        ready = min(span.ready for span in spans if span.step == step_id)
        return ready + READY_BEFORE <= max(span.end for span in spans if span.step == other_id)

    def _was_turned(self, spans, step_id, other_id):
        """Return whether a document left a step before one that is said to come first."""
        left = max(span.end for span in spans if span.step == step_id)
        return left < max(span.end for span in spans if span.step == other_id)

    def _find_critical(self, runs):
        """Yield a suggestion for each step that holds up what runs beside others.

        What an hour saved in it would have brought is replayed on the real runs.
        """
        waits = self._waits()
        gains = [
            {step.id: saved(spans, waits, shorter=step.id) for step in self.step_ids
             if any(span.step == step.id for span in spans)}
            for spans, _ended in runs]
        rivals = {}
        for step, other in permutations(self.step_ids, 2):
            pairs = [
                gain for (spans, _ended), gain in zip(runs, gains, strict=True)
                if step.id in gain and other.id in gain and any(
                    overlap(one, two) for one in spans for two in spans
                    if one.step == step.id and two.step == other.id)]
            if len(pairs) >= max(CASES, len(runs) / 2):
                rivals.setdefault(step, {})[other] = pairs
        for step, others in rivals.items():
            other, pairs = min(others.items(), key=lambda item: sum(
                gain[step.id] - gain[item[0].id] for gain in item[1]) / len(item[1]))
            mine = [gain[step.id] for gain in pairs]
            theirs = [gain[other.id] for gain in pairs]
            more, _high = durations.mean_bounds(
                [one - two for one, two in zip(mine, theirs, strict=True)])
            sure, _high = durations.mean_bounds(mine)
            if more >= CRITICAL_MORE and sure >= CRITICAL_SURE:
                mean = sum(mine) / len(mine)
                yield {
                    'kind': 'critical', 'step_id': step.id, 'other_step_id': other.id,
                    'cases': len(pairs), 'saved_hours': mean,
                    'other_saved_hours': sum(theirs) / len(theirs),
                    'gain_hours': mean * len(runs) / self._months(ended for _run, ended in runs)}

    def _waits(self):
        """Return the steps for which each step waits by definition.

        :rtype: dict[int, set[int]]
        """
        return {
            step.id: set(step._before().ids) for step in self.step_ids if step.depends_on_ids}

    @api.model
    def _months(self, moments):
        """Return over how many months something happened, from its first time until now.

        :rtype: float
        """
        past = fields.Datetime.now() - min(moments)
        return max(1.0, past.total_seconds() / 86400 / DAYS_A_MONTH)

    @api.model
    def _cron_suggest(self):
        """Examine one process after the other, the one that was examined longest ago first."""
        domain = Domain('state', '=', 'active') & (
            Domain('date_examined', '=', False) | Domain('date_examined', '<', 'now -6d'))
        processes = self.search(domain, order='date_examined NULLS FIRST, id')
        self.env['ir.cron']._commit_progress(remaining=len(processes))
        for process in processes:
            process._suggest()
            if not self.env['ir.cron']._commit_progress(1):
                break
