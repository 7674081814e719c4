from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from . import durations
from .crm_process_task import BATCH

# How often what is at risk is looked at again.
REFRESH = timedelta(hours=1)
# The chance in percent of what has taken longer than anything before.
UNHEARD_OF = 50.0
# Half a second is no delay.
SLACK = 0.5 / 3600


class CrmProcessTask(models.Model):
    """Foresee when a step will be done, and how probably it will be late."""

    _inherit = 'crm.process.task'

    late_probability = fields.Float(
        readonly=True, aggregator='avg',
        help="How probable it is, in percent, that the step will take longer than it may, given "
             "the hours it has taken already. Learnt from at least 30 such steps; 0 as long as "
             "there are fewer, 50 when none took as long. Looked at when the deadline is planned "
             "and every hour while the step is at risk; 100 once it is late.")
    date_prediction = fields.Datetime(
        "Next Prediction", readonly=True, copy=False,
        help="When the probability is looked at again.")
    statistic_id = fields.Many2one(
        'crm.process.statistic', compute='_compute_statistic_id', compute_sudo=True)
    date_likely = fields.Datetime(
        "Likely Done by", compute='_compute_prediction', compute_sudo=True,
        help="Half of the steps that had taken as long as this one were done by then.")
    date_safe = fields.Datetime(
        "80 % Done by", compute='_compute_prediction', compute_sudo=True,
        help="80 percent of the steps that had taken as long as this one were done by then.")
    prediction = fields.Char(compute='_compute_prediction', compute_sudo=True)

    _prediction_idx = models.Index(
        "(date_prediction) WHERE date_end IS NULL AND date_prediction IS NOT NULL")

    @api.depends('step_id', 'user_id', 'company_id', 'run_id.customer_class')
    def _compute_statistic_id(self):
        finest = self.env['crm.process.statistic']._finest(self)
        for task in self:
            task.statistic_id = finest[task]

    @api.depends('date_start', 'state', 'waiting_hours', 'extension_ids', 'statistic_id')
    @api.depends_context('lang', 'tz', 'uid')
    def _compute_prediction(self):
        now = fields.Datetime.now()
        for task in self:
            known = task.state == 'running' and bool(task.statistic_id)
            task.date_likely = known and task._date_when(0.5, now)
            task.date_safe = known and task._date_when(0.8, now)
            task.prediction = known and task._prediction_sentence(now)

    def _date_when(self, share, now):
        """Return by when a share of the steps was done that had taken as long as this one has.

        :param float share: from 0 to 1
        :param datetime now: naive, in UTC
        :return: naive, in UTC; nothing if no step has ever taken as long
        :rtype: datetime | bool
        """
        hours = durations.hours_until(
            self.statistic_id.quantiles, self._used_until(now), share)
        return hours is not None and self._clock().plan(
            self.date_start, hours + self.waiting_hours)

    def _prediction_sentence(self, now):
        """Tell the prediction in the user's language and time zone, and what it is learnt from."""
        if not self.date_likely:
            return self.env._(
                "It has taken longer already than %(cases)s.", cases=self._cases_sentence())
        return self.env._(
            "Likely done by %(likely)s, 80 %% by %(safe)s (from %(cases)s).",
            likely=self._short_time(self.date_likely, now),
            safe=self._short_time(self.date_safe, now), cases=self._cases_sentence())

    def _cases_sentence(self):
        """Tell which cases the prediction is learnt from."""
        statistic = self.statistic_id
        if statistic.user_id and statistic.customer_class:
            return self.env._(
                "%(count)s cases of %(user)s with such customers", count=statistic.cases,
                user=statistic.user_id.name)
        if statistic.user_id:
            return self.env._(
                "%(count)s cases of %(user)s", count=statistic.cases, user=statistic.user_id.name)
        if statistic.customer_class:
            return self.env._("%(count)s cases with such customers", count=statistic.cases)
        return self.env._("%(count)s cases", count=statistic.cases)

    def _short_time(self, time, now):
        """Return a time with its weekday if it is in the next days, else with its date."""
        near = time - now < timedelta(days=6)
        return format_datetime(
            self.env, time, tz=self.env.tz.zone,
            dt_format='EEEE HH:mm' if near else 'EEE d MMM HH:mm')

    def _limit_hours(self):
        """Return how many working hours the step may take until it is late."""
        step = self.step_id
        return step.norm_hours + step.tolerance_hours + self.postponed_hours + SLACK

    def _risk_hours(self, percent):
        statistic = self.statistic_id
        if not statistic:
            return super()._risk_hours(percent)
        hours = durations.risk_hours(statistic.quantiles, self._limit_hours(), percent)
        # What was granted is added by the caller.
        return None if hours is None else max(0.0, hours - self.postponed_hours)

    def _schedule(self):
        super()._schedule()
        self._predict()

    def _predict(self):
        """Write down how probably each of the tasks will be late, and when to look again."""
        now = fields.Datetime.now()
        for task in self:
            if task.state != 'running':
                task.date_prediction = False
            elif task.date_late <= now:
                task.write({'late_probability': 100.0, 'date_prediction': False})
            else:
                task.write({
                    'late_probability': task._late_probability(now),
                    'date_prediction': max(task.date_risk, now + REFRESH)})

    def _late_probability(self, now):
        """Return in percent how probable it is that the task will be late, 0 if nothing is known.

        :param datetime now: naive, in UTC
        :rtype: float
        """
        if not self.statistic_id:
            return 0.0
        percent = durations.late_probability(
            self.statistic_id.quantiles, self._used_until(now), self._limit_hours())
        return UNHEARD_OF if percent is None else percent

    @api.model
    def _cron_predict(self):
        """Look again at what is at risk, a batch at a time."""
        domain = self._open_domain() & Domain('date_prediction', '<=', 'now')
        self.env['ir.cron']._commit_progress(remaining=self.search_count(domain))
        while tasks := self.search(domain, order='date_prediction, id', limit=BATCH):
            tasks._predict()
            if not self.env['ir.cron']._commit_progress(len(tasks)):
                break
