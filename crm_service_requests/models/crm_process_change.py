from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_process.models import durations
from odoo.addons.crm_process.models.crm_process_change import SAMPLE
from odoo.addons.crm_process.models.crm_process_statistic import CASES


class CrmProcessChange(models.Model):
    """What a version of a process of requests did to the satisfaction of the customers."""

    _inherit = 'crm.process.change'
    _told_by = ('cases', 'cases_before', 'rating', 'rating_before')

    measure = fields.Selection(
        selection_add=[('rating', "Satisfaction")], ondelete={'rating': 'cascade'})
    rating_before = fields.Float("Average Rating Then", readonly=True, aggregator=None)
    rating = fields.Float("Average Rating Now", readonly=True, aggregator=None)
    rating_difference = fields.Float(
        "Difference in Points", readonly=True, aggregator=None,
        help="Points from 1 to 5 by which the average changed; above zero: better.")
    rating_low = fields.Float(
        "90 % from (Points)", readonly=True, aggregator=None,
        help="The change lies between the two bounds with a confidence of 90 %.")
    rating_high = fields.Float("90 % to (Points)", readonly=True, aggregator=None)
    verdict = fields.Selection(selection_add=[('better', "Better"), ('worse', "Worse")])

    @api.depends('measure', 'rating_low', 'rating_high')
    def _compute_verdict(self):
        ratings = self.filtered(lambda change: change.measure == 'rating')
        super(CrmProcessChange, self - ratings)._compute_verdict()
        for change in ratings:
            if min(change.cases, change.cases_before) < CASES:
                change.verdict = 'few'
            elif change.rating_low > 0:
                change.verdict = 'better'
            else:
                change.verdict = 'worse' if change.rating_high < 0 else 'same'

    @api.depends('measure', 'rating_before', 'rating', 'rating_low', 'rating_high')
    def _compute_summary(self):
        judged = self.filtered(lambda change: change.verdict in ('better', 'worse'))
        super(CrmProcessChange, self - judged)._compute_summary()
        for change in judged:
            low, high = sorted((abs(change.rating_low), abs(change.rating_high)))
            values = {
                'before': f'{change.rating_before:.1f}', 'now': f'{change.rating:.1f}',
                'low': f'{low:.1f}', 'high': f'{high:.1f}'}
            change.summary = self.env._(
                "Better: %(now)s points of 5 instead of %(before)s, with 90 %% confidence by "
                "%(low)s to %(high)s.", **values) if change.verdict == 'better' else self.env._(
                "Worse: %(now)s points of 5 instead of %(before)s, with 90 %% confidence by "
                "%(low)s to %(high)s.", **values)

    @api.model
    def _difference(self, measure, before, late_before, after, late):
        if measure != 'rating':
            return super()._difference(measure, before, late_before, after, late)
        values = {
            'cases_before': len(before), 'cases': len(after), 'late_before': late_before,
            'late_share': late, 'rating_before': sum(before) / len(before),
            'rating': sum(after) / len(after)}
        if min(len(before), len(after)) < CASES:
            return {**values, 'rating_difference': 0.0, 'rating_low': 0.0, 'rating_high': 0.0}
        difference, low, high = durations.mean_difference(before, after)
        return {
            **values, 'rating_difference': difference, 'rating_low': low, 'rating_high': high}

    @api.model
    def _samples(self, versions):
        return {**super()._samples(versions), **self._rating_samples(versions)}

    @api.model
    def _rating_samples(self, versions):
        """Return the ratings of requests that went through versions of a process.

        What was opened again counts for the version in which it ended at last.

        :param versions: versions of a process
        :return: ascending ratings and the share that was late in percent, by version, company,
            measure and no step
        :rtype: dict[tuple, tuple[list[float], float]]
        """
        rows = self.env.execute_query(SQL(
            """ SELECT process_id, company_id, array_agg(rating ORDER BY rating),
                       100.0 * AVG(late::int)
                  FROM (
                SELECT run.process_id, run.company_id, rating.rating, EXISTS (
                           SELECT FROM crm_process_task task
                            WHERE task.run_id = run.id AND task.is_late) AS late,
                       ROW_NUMBER() OVER (
                           PARTITION BY run.process_id, run.company_id
                               ORDER BY run.date_end DESC) AS place
                  FROM crm_process_run run
                  JOIN rating_rating rating
                    ON rating.res_model = run.res_model AND rating.res_id = run.res_id
                 WHERE run.process_id IN %(versions)s AND run.state = 'done'
                   AND run.res_model = 'crm.request' AND rating.consumed AND rating.rating >= 1
                   AND NOT EXISTS (
                SELECT FROM crm_process_run later
                 WHERE later.res_model = run.res_model AND later.res_id = run.res_id
                   AND later.process_id IN %(versions)s AND later.id > run.id)
                       ) AS newest
                 WHERE place <= %(sample)s
              GROUP BY process_id, company_id """,
            versions=tuple(versions.ids) or (0,), sample=SAMPLE))
        processes, companies = self.env['crm.process'], self.env['res.company']
        return {
            (processes.browse(process_id), companies.browse(company_id), 'rating',
             self.env['crm.process.step']): (ratings, late)
            for process_id, company_id, ratings, late in rows}
