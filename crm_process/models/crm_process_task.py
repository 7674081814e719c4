from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATUSES = [('on_time', "On Time"), ('at_risk', "At Risk"), ('late', "Late")]
# From which share of the norm on a step is at risk as long as its history says nothing.
RISK_SHARE = 0.8
# How many deadlines are moved at once; the scheduled action moves the rest.
BATCH = 1000


class CrmProcessTask(models.Model):
    """One step of one run: when it began, until when it is due, and when it was done."""

    _name = 'crm.process.task'
    _description = "Process Task"
    _inherit = ['crm.write.guard', 'crm.process.document']
    _order = 'date_deadline, id'

    res_id = fields.Many2oneReference(index=True)
    run_id = fields.Many2one(
        'crm.process.run', required=True, index=True, ondelete='cascade', readonly=True)
    process_id = fields.Many2one(related='run_id.process_id', store=True, index=True)
    step_id = fields.Many2one(
        'crm.process.step', required=True, index=True, ondelete='restrict', readonly=True)
    state = fields.Selection([
        ('waiting', "Waiting for Other Steps"),
        ('running', "Running"),
        ('paused', "Clock Stands"),
        ('done', "Done"),
        ('cancelled', "Given Up"),
    ], required=True, default='waiting', readonly=True)
    status = fields.Selection(
        STATUSES, "Timeliness", compute='_compute_status', search='_search_status')
    user_id = fields.Many2one('res.users', "Responsible", index='btree_not_null', readonly=True)
    partner_id = fields.Many2one(related='run_id.partner_id', store=True, index='btree_not_null')
    calendar_id = fields.Many2one(
        related='run_id.calendar_id', store=True, index='btree_not_null')

    date_ready = fields.Datetime(
        "Reached", required=True, readonly=True,
        help="When the document reached the step, whether or not other steps came first.")
    date_planned_start = fields.Datetime("Planned Start", readonly=True)
    date_planned_end = fields.Datetime("Planned End", readonly=True)
    date_start = fields.Datetime("Started", readonly=True)
    date_risk = fields.Datetime("At Risk From", readonly=True)
    date_deadline = fields.Datetime("Deadline", readonly=True)
    date_late = fields.Datetime(
        "Late From", readonly=True, help="The deadline and the tolerance of the step.")
    date_end = fields.Datetime("Ended", readonly=True)

    norm_hours = fields.Float("Norm", readonly=True, aggregator='avg')
    tolerance_hours = fields.Float("Tolerance", readonly=True, aggregator='avg')
    waiting_hours = fields.Float(
        "Hours Waited", readonly=True, aggregator='avg',
        help="Working hours in which the clock stood.")
    postponed_hours = fields.Float("Hours Postponed", readonly=True, aggregator='avg')
    duration_hours = fields.Float(
        "Hours Used", compute='_compute_duration_hours', store=True, aggregator='avg',
        help="Working hours from start to end, those without in which the clock stood.")
    deviation_hours = fields.Float(
        "Deviation", compute='_compute_deviation_hours', store=True, aggregator='avg',
        help="Hours used beyond the norm; below zero: saved.")
    is_late = fields.Boolean(
        "Ended Late", compute='_compute_deviation_hours', store=True,
        help="It took longer than the norm and the tolerance allow.")
    used_hours = fields.Float("Used by Now", compute='_compute_used')
    progress = fields.Float(compute='_compute_used')

    cause_id = fields.Many2one('crm.process.cause', index='btree_not_null')
    note = fields.Char()
    extension_ids = fields.One2many(
        'crm.process.extension', 'task_id', "Pauses and Postponements", readonly=True)
    level_id = fields.Many2one(
        'crm.process.level', "Next Warning", readonly=True, index='btree_not_null',
        ondelete='set null')
    date_warning = fields.Datetime("Next Warning at", readonly=True)
    stale = fields.Boolean(
        readonly=True, help="What the deadline follows from has changed; it is planned again soon.")

    _one_open = models.UniqueIndex(
        "(run_id, step_id) WHERE date_end IS NULL", "A document stands in a step once at a time.")
    _open_document_idx = models.Index("(res_model, res_id) WHERE date_end IS NULL")
    _due_idx = models.Index("(date_warning) WHERE date_end IS NULL AND date_warning IS NOT NULL")
    _open_deadline_idx = models.Index("(date_deadline, id) WHERE date_end IS NULL")
    _deadline_idx = models.Index("(date_deadline, id)")
    _stale_idx = models.Index("(id) WHERE stale AND date_end IS NULL")

    @api.depends('res_name', 'step_id')
    def _compute_display_name(self):
        for task in self:
            task.display_name = self.env._(
                "%(document)s: %(step)s", document=task.res_name, step=task.step_id.name)

    @api.depends('date_risk', 'date_late', 'date_end', 'deviation_hours', 'tolerance_hours')
    def _compute_status(self):
        late = self.filtered_domain(self._late_domain())
        risky = (self - late).filtered_domain(self._at_risk_domain())
        late.status = 'late'
        risky.status = 'at_risk'
        (self - late - risky).status = 'on_time'

    def _search_status(self, operator, value):
        if operator != 'in':
            return NotImplemented
        late, risky = self._late_domain(), ~self._late_domain() & self._at_risk_domain()
        by_status = {'late': late, 'at_risk': risky, 'on_time': ~late & ~risky}
        return Domain.OR(by_status[status] for status in value if status in by_status)

    @api.model
    def _open_domain(self):
        return Domain('date_end', '=', False)

    @api.model
    def _late_domain(self):
        """Return what took, or is taking, longer than the norm and its tolerance."""
        return (
            self._open_domain() & Domain('date_late', '<=', 'now')
            | ~self._open_domain() & Domain('state', '=', 'done') & Domain('is_late', '=', True))

    @api.model
    def _at_risk_domain(self):
        """Return what is under way and likely to be late."""
        return self._open_domain() & Domain('date_risk', '<=', 'now')

    @api.depends('date_end')
    def _compute_duration_hours(self):
        for task in self:
            task.duration_hours = task._used_until(task.date_end) if task.date_end else 0.0

    @api.depends('duration_hours', 'norm_hours', 'postponed_hours', 'tolerance_hours', 'date_end')
    def _compute_deviation_hours(self):
        for task in self:
            task.deviation_hours = task.date_end and (
                task.duration_hours - task.norm_hours - task.postponed_hours)
            # Half a second is no delay.
            task.is_late = bool(task.date_end) and (
                task.deviation_hours > task.tolerance_hours + 0.5 / 3600)

    @api.depends('date_start', 'date_end', 'norm_hours', 'waiting_hours', 'extension_ids')
    def _compute_used(self):
        now = fields.Datetime.now()
        for task in self:
            task.used_hours = task.duration_hours if task.date_end else task._used_until(now)
            norm = task.norm_hours + task.postponed_hours
            task.progress = 100 * task.used_hours / norm if norm else 0.0

    @api.model
    def _field_writers(self, name):
        return '' if name in ('cause_id', 'note') else 'base.group_system'

    # The clock

    def _clock(self):
        """Return the working hours by which the task is measured.

        :rtype: WorkingTime
        """
        return self.run_id._clock()

    def _used_until(self, moment):
        """Return the working hours used until a moment, without those in which the clock stood.

        :rtype: float
        """
        self.ensure_one()
        if not self.date_start:
            return 0.0
        clock = self._clock()
        stood = sum(
            clock.hours(pause.date_start, min(pause.date_end or moment, moment))
            for pause in self.extension_ids if pause.kind == 'pause')
        return max(0.0, clock.hours(self.date_start, moment) - stood)

    def _begin_from(self, moment, starts=None):
        """Start the clock of tasks that are no longer waiting for others.

        :param datetime moment: naive, in UTC
        :param starts: when it really began, by document, if earlier
        :type starts: dict[int, datetime]
        """
        for task in self:
            task.write({
                'state': 'running', 'date_start': (starts or {}).get(task.res_id) or moment})
        self._schedule()

    def _end(self, moment, state='done'):
        """Stop the clock for good.

        A step that was done although others came first took no time of its own.
        """
        self._resume(moment, schedule=False)
        for task in self:
            task.write({
                'state': state, 'date_start': task.date_start or moment, 'date_end': moment,
                'date_warning': False, 'level_id': False, 'stale': False})

    def _pause(self, moment):
        """Let the clock stand: nothing is due while it does."""
        self.env['crm.process.extension'].create([
            {'task_id': task.id, 'kind': 'pause', 'date_start': moment} for task in self])
        self.write({
            'state': 'paused', 'date_deadline': False, 'date_risk': False, 'date_late': False,
            'date_warning': False, 'level_id': False})

    def _resume(self, moment, schedule=True):
        """Let the clock go on: what stood is added to the deadline."""
        paused = self.filtered(lambda task: task.state == 'paused')
        for pause in paused.extension_ids.filtered(lambda pause: not pause.date_end):
            if pause.kind == 'pause':
                pause.date_end = moment
        paused.state = 'running'
        paused._count_extensions()
        if schedule:
            paused._schedule()

    def _count_extensions(self):
        """Sum up the working hours by which the deadline is moved."""
        for task in self:
            clock = task._clock()
            pauses = task.extension_ids.filtered(
                lambda line: line.kind == 'pause' and line.date_end)
            for pause in pauses:
                pause.hours = clock.hours(pause.date_start, pause.date_end)
            task.waiting_hours = sum(pauses.mapped('hours'))
            task.postponed_hours = sum(
                task.extension_ids.filtered(lambda line: line.kind == 'postponement')
                .mapped('hours'))

    def _schedule(self):
        """Plan until when the running tasks are due, at risk and late, and the next warning.

        A deadline lies as many working hours after the start as the norm allows and as were
        waited or granted since.
        """
        for task in self.filtered(lambda task: task.state == 'running'):
            step, moment = task.step_id, task._moment_after
            norm = step.norm_hours
            risk = task._risk_hours(task.process_id.risk_threshold)
            task.write({
                'norm_hours': norm,
                'tolerance_hours': step.tolerance_hours,
                'date_deadline': moment(norm),
                'date_late': moment(norm + step.tolerance_hours),
                'date_risk': moment(norm if risk is None else min(norm, risk)),
                'stale': False,
                **task._next_warning_values(),
            })

    def _moment_after(self, hours):
        """Return when so many working hours of the step are over, as things stand.

        :param hours: working hours, or None for never
        :return: naive, in UTC, or False for never
        """
        self.ensure_one()
        return hours is not None and self._clock().plan(
            self.date_start, hours + self.waiting_hours + self.postponed_hours)

    def _level_moment(self, level):
        """Return when a level is reached, as things stand.

        :return: naive, in UTC, or False for never
        """
        return self._moment_after(level._hours(self.step_id.norm_hours, self._risk_hours))

    def _next_warning_values(self):
        """Return the next level of the task that was not reached yet, and when it will be."""
        self.ensure_one()
        reached = self._levels_reached()
        coming = [
            (when, level.id) for level in self.step_id.level_ids - reached
            if (when := self._level_moment(level))]
        when, level_id = min(coming, default=(False, False))
        return {'date_warning': when, 'level_id': level_id}

    def _levels_reached(self):
        """Return the levels somebody was already warned of."""
        return self.env['crm.process.level']

    def _risk_hours(self, percent):
        """Return after how many working hours the task is so likely to be late.

        :param float percent: probability in percent
        :return: working hours, or None if it never is before it is late
        :rtype: float | None
        """
        self.ensure_one()
        return self.step_id.norm_hours * RISK_SHARE

    @api.model
    def _reschedule(self, domain):
        """Plan the deadlines of open tasks again, because what they follow from has changed.

        Some are planned at once, the rest by the scheduled action. Closed tasks keep theirs.

        :param Domain domain: which tasks
        """
        query = self._search(domain & self._open_domain() & Domain('stale', '=', False))
        self.flush_model()
        self.env.cr.execute(SQL(
            "UPDATE crm_process_task SET stale = TRUE WHERE id IN %s", query.subselect()))
        if self.env.cr.rowcount:
            self.invalidate_model(['stale'])
            if self._schedule_stale():
                self.env.ref('crm_process.ir_cron_schedule')._trigger()

    @api.model
    def _schedule_stale(self):
        """Plan some of the tasks whose deadlines have to be planned again.

        :return: whether more are left
        :rtype: bool
        """
        tasks = self.search(
            Domain('stale', '=', True) & self._open_domain(), order='id', limit=BATCH)
        tasks.run_id._assign_calendar()
        tasks._count_extensions()
        tasks._schedule()
        tasks.stale = False
        return len(tasks) == BATCH

    @api.model
    def _cron_schedule(self):
        """Plan what is left to be planned, a batch at a time."""
        domain = Domain('stale', '=', True) & self._open_domain()
        left = self.search_count(domain)
        self.env['ir.cron']._commit_progress(remaining=left)
        while left and self._schedule_stale() is not None:
            done, left = left, self.search_count(domain)
            if not self.env['ir.cron']._commit_progress(done - left, remaining=left):
                break
