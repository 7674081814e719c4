from odoo import api, fields, models
from odoo.tools import SQL, format_duration

from . import durations
from .crm_process_statistic import CASES

# The newest cases of a version are compared, at most so many.
SAMPLE = 2000


class CrmProcessChange(models.Model):
    """What a version changed against the one before it, and how sure that is."""

    _name = 'crm.process.change'
    _description = "Change by a Version"
    _order = 'process_id, measure, step_id, id'
    # What differs when there is something new to say.
    _told_by = ('cases', 'cases_before')

    process_id = fields.Many2one(
        'crm.process', "Version", required=True, readonly=True, index=True, ondelete='cascade')
    previous_id = fields.Many2one(
        'crm.process', "Version Before", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    measure = fields.Selection(
        [('run', "Whole Process"), ('step', "Step")], required=True, readonly=True)
    step_id = fields.Many2one('crm.process.step', readonly=True, ondelete='cascade')
    subject = fields.Char("What", compute='_compute_subject')
    cases_before = fields.Integer("Cases Then", readonly=True, aggregator=None)
    cases = fields.Integer("Cases Now", readonly=True, aggregator=None)
    median_before = fields.Float("Median Then", readonly=True, aggregator=None)
    median_hours = fields.Float("Median Now", readonly=True, aggregator=None)
    difference_hours = fields.Float(
        "Difference", readonly=True, aggregator=None,
        help="Working hours by which the median changed; below zero: faster.")
    low_hours = fields.Float(
        "90 % from", readonly=True, aggregator=None,
        help="The change lies between the two bounds with a confidence of 90 %.")
    high_hours = fields.Float("90 % to", readonly=True, aggregator=None)
    late_before = fields.Float("Late Then (%)", readonly=True, aggregator=None)
    late_share = fields.Float("Late Now (%)", readonly=True, aggregator=None)
    verdict = fields.Selection([
        ('few', "Too Few Cases"),
        ('faster', "Faster"),
        ('same', "No Clear Change"),
        ('slower', "Slower"),
    ], compute='_compute_verdict', store=True)
    summary = fields.Char(compute='_compute_summary')

    _uniq = models.UniqueIndex(
        "(process_id, company_id, measure, COALESCE(step_id, 0))",
        "A version is compared once with the one before it.")

    @api.depends('measure', 'step_id')
    def _compute_subject(self):
        labels = dict(self._fields['measure']._description_selection(self.env))
        for change in self:
            change.subject = change.step_id.name or labels[change.measure]

    @api.depends('subject', 'process_id')
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._(
                "%(process)s: %(subject)s", process=change.process_id.display_name,
                subject=change.subject)

    @api.depends('cases', 'cases_before', 'low_hours', 'high_hours')
    def _compute_verdict(self):
        for change in self:
            if min(change.cases, change.cases_before) < CASES:
                change.verdict = 'few'
            elif change.high_hours < 0:
                change.verdict = 'faster'
            else:
                change.verdict = 'slower' if change.low_hours > 0 else 'same'

    @api.depends('verdict', 'difference_hours', 'low_hours', 'high_hours', 'median_hours')
    def _compute_summary(self):
        for change in self:
            low, high = sorted((abs(change.low_hours), abs(change.high_hours)))
            values = {
                'difference': format_duration(abs(change.difference_hours)),
                'low': format_duration(low), 'high': format_duration(high),
                'cases': min(change.cases, change.cases_before)}
            change.summary = {
                'few': self.env._(
                    "Only %(cases)s cases on one side: %(needed)s are needed to judge.",
                    needed=CASES, **values),
                'faster': self.env._(
                    "Faster by %(difference)s, with 90 %% confidence by %(low)s to %(high)s.",
                    **values),
                'slower': self.env._(
                    "Slower by %(difference)s, with 90 %% confidence by %(low)s to %(high)s.",
                    **values),
                'same': self.env._(
                    "No clear change: the difference may be chance.", **values),
            }[change.verdict]

    @api.model
    def _learn(self, process):
        """Compare each version of a process with the one before it.

        :param process: one of the versions
        """
        versions = process._versions().filtered(lambda version: version.state != 'draft')
        known = {
            (line.process_id, line.company_id, line.measure, line.step_id): line
            for line in self.search([('process_id', 'in', versions.ids)])}
        values = self._compared(versions)
        for key, line in values.items():
            if key not in known:
                self.create(line)
            elif any(known[key][name] != line.get(name, known[key][name])
                     for name in self._told_by):
                known[key].write(line)
        self.browse([line.id for key, line in known.items() if key not in values]).unlink()

    @api.model
    def _compared(self, versions):
        """Return what is to be said of each version, company, measure and step.

        :param versions: versions of a process in their order
        :return: values by version, company, measure and step
        :rtype: dict[tuple, dict]
        """
        samples = self._samples(versions)
        compared = {}
        for (version, company, measure, step), (sample, late) in samples.items():
            earlier = versions[:versions.ids.index(version.id)]
            for before in reversed(earlier):
                before_step = before.step_ids.filtered(lambda other, step=step: (
                    other.key == step.key)) if step else step
                if found := samples.get((before, company, measure, before_step)):
                    compared[version, company, measure, step] = {
                        'process_id': version.id, 'previous_id': before.id,
                        'company_id': company.id, 'measure': measure, 'step_id': step.id,
                        **self._difference(measure, *found, sample, late)}
                    break
        return compared

    @api.model
    def _difference(self, measure, before, late_before, after, late):
        """Return the numbers of a comparison of two samples.

        Addons with other measures compare theirs as suits them.

        :param str measure: what was measured
        :param list[float] before: ascending values of the version before
        :param float late_before: share of it that was late, in percent
        :param list[float] after: ascending values
        :param float late: share of it that was late, in percent
        :rtype: dict
        """
        values = {
            'cases_before': len(before), 'cases': len(after), 'late_before': late_before,
            'late_share': late, 'median_before': durations.quantile(before, 0.5),
            'median_hours': durations.quantile(after, 0.5)}
        if min(len(before), len(after)) < CASES:
            return {**values, 'difference_hours': 0.0, 'low_hours': 0.0, 'high_hours': 0.0}
        difference, low, high = durations.median_difference(before, after)
        return {
            **values, 'difference_hours': difference, 'low_hours': low, 'high_hours': high}

    @api.model
    def _samples(self, versions):
        """Return what is compared: ascending values and the share that was late, in percent.

        Addons with other measures, such as the satisfaction of customers, add theirs.

        :param versions: versions of a process
        :return: by version, company, measure and step
        :rtype: dict[tuple, tuple[list[float], float]]
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """ SELECT process_id, company_id, measure, step_id,
                       array_agg(hours ORDER BY hours), 100.0 * AVG(late::int)
                  FROM (
                SELECT line.*, ROW_NUMBER() OVER (
                           PARTITION BY process_id, company_id, step_id
                               ORDER BY date_end DESC) AS place
                  FROM (
                SELECT run.process_id, run.company_id, 'run' AS measure, 0 AS step_id,
                       run.duration_hours AS hours, run.date_end, EXISTS (
                           SELECT FROM crm_process_task task
                            WHERE task.run_id = run.id AND task.is_late) AS late
                  FROM crm_process_run run
                 WHERE run.process_id IN %(versions)s AND run.state = 'done'
             UNION ALL
                SELECT step.process_id, task.company_id, 'step', task.step_id,
                       task.duration_hours, task.date_end, task.is_late
                  FROM crm_process_task task
                  JOIN crm_process_step step ON step.id = task.step_id
                 WHERE step.process_id IN %(versions)s AND task.state = 'done'
                   AND task.date_start < task.date_end
                       ) AS line
                       ) AS newest
                 WHERE place <= %(sample)s
              GROUP BY process_id, company_id, measure, step_id """,
            versions=tuple(versions.ids) or (0,), sample=SAMPLE))
        processes, companies = self.env['crm.process'], self.env['res.company']
        steps = self.env['crm.process.step']
        return {
            (processes.browse(process_id), companies.browse(company_id), measure,
             steps.browse(step_id or [])): (hours, late)
            for process_id, company_id, measure, step_id, hours, late in rows}
