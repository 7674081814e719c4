from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Fewer cases teach nothing.
CASES = 30
# By such a share the hours must have changed for steps under way to be planned again.
DRIFT = 0.01
QUANTILES = [step / 100 for step in range(101)]


class CrmProcessStatistic(models.Model):
    """How many working hours a step took before: in all, of one person, of one kind of customer."""

    _name = 'crm.process.statistic'
    _description = "Statistic of a Step"
    _order = 'step_id, user_id, customer_class, id'

    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    process_id = fields.Many2one(
        'crm.process', required=True, readonly=True, index=True, ondelete='cascade')
    step_id = fields.Many2one(
        'crm.process.step', required=True, readonly=True, index=True, ondelete='cascade')
    step_key = fields.Integer(required=True, readonly=True)
    user_id = fields.Many2one(
        'res.users', "Responsible", readonly=True, index='btree_not_null', ondelete='cascade',
        help="Empty: whoever it was.")
    customer_class = fields.Char(readonly=True, help="Empty: whatever the customer.")
    cases = fields.Integer(readonly=True)
    median_hours = fields.Float("Half within", readonly=True, aggregator='avg')
    safe_hours = fields.Float("80 % within", readonly=True, aggregator='avg')
    slow_hours = fields.Float("95 % within", readonly=True, aggregator='avg')
    quantiles = fields.Json(
        readonly=True, help="Working hours within which 0, 1, 2, ... 100 percent were done.")

    _uniq = models.UniqueIndex(
        "(step_key, company_id, COALESCE(user_id, 0), COALESCE(customer_class, ''))",
        "There is one statistic per step, person and class of customers.")

    @api.depends('step_id', 'user_id', 'customer_class')
    def _compute_display_name(self):
        for statistic in self:
            statistic.display_name = ", ".join(filter(None, [
                statistic.step_id.name, statistic.user_id.name, statistic.customer_class]))

    @api.model
    def _learn(self, process):
        """Learn from what was done in all versions of a process.

        One statement for all steps, persons and classes. Steps that are under way and whose
        statistics changed by more than a trifle are planned again; what is read after a change
        within one statement is what was there before it.

        :param process: one of the versions
        """
        steps = process._versions().step_ids
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """ WITH newest AS (
                SELECT DISTINCT ON (step.key) step.key, step.id, step.process_id
                  FROM crm_process_step step
                  JOIN crm_process process ON process.id = step.process_id
                 WHERE step.id IN %(steps)s AND process.state != 'draft'
              ORDER BY step.key, process.version DESC
            ), learnt AS (
                SELECT task.company_id, step.key, task.user_id, run.customer_class,
                       COUNT(*) AS cases,
                       percentile_cont(%(quantiles)s::float[]) WITHIN GROUP (
                           ORDER BY task.duration_hours) AS quantiles
                  FROM crm_process_task task
                  JOIN crm_process_step step ON step.id = task.step_id
                  JOIN crm_process_run run ON run.id = task.run_id
                 WHERE task.step_id IN %(steps)s AND %(past)s
              GROUP BY GROUPING SETS (
                       (task.company_id, step.key),
                       (task.company_id, step.key, run.customer_class),
                       (task.company_id, step.key, task.user_id),
                       (task.company_id, step.key, task.user_id, run.customer_class))
                HAVING COUNT(*) >= %(cases)s
                   AND (GROUPING(task.user_id) = 1 OR task.user_id IS NOT NULL)
                   AND (GROUPING(run.customer_class) = 1 OR run.customer_class IS NOT NULL)
            ), kept AS (
                INSERT INTO crm_process_statistic AS statistic (
                       company_id, step_key, user_id, customer_class, process_id, step_id, cases,
                       quantiles, median_hours, safe_hours, slow_hours,
                       create_uid, create_date, write_uid, write_date)
                SELECT learnt.company_id, learnt.key, learnt.user_id, learnt.customer_class,
                       newest.process_id, newest.id, learnt.cases, to_jsonb(learnt.quantiles),
                       learnt.quantiles[51], learnt.quantiles[81], learnt.quantiles[96],
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM learnt JOIN newest ON newest.key = learnt.key
                    ON CONFLICT (step_key, company_id, COALESCE(user_id, 0),
                                 COALESCE(customer_class, ''))
                    DO UPDATE SET
                       process_id = EXCLUDED.process_id, step_id = EXCLUDED.step_id,
                       cases = EXCLUDED.cases, quantiles = EXCLUDED.quantiles,
                       median_hours = EXCLUDED.median_hours, safe_hours = EXCLUDED.safe_hours,
                       slow_hours = EXCLUDED.slow_hours, write_date = EXCLUDED.write_date
                 WHERE (statistic.step_id, statistic.cases, statistic.quantiles)
                       IS DISTINCT FROM (EXCLUDED.step_id, EXCLUDED.cases, EXCLUDED.quantiles)
             RETURNING statistic.*
            ), gone AS (
                DELETE FROM crm_process_statistic statistic
                 WHERE statistic.step_key IN %(keys)s AND NOT EXISTS (
                       SELECT FROM learnt
                        WHERE learnt.key = statistic.step_key
                          AND learnt.company_id = statistic.company_id
                          AND learnt.user_id IS NOT DISTINCT FROM statistic.user_id
                          AND learnt.customer_class
                              IS NOT DISTINCT FROM statistic.customer_class)
             RETURNING statistic.step_key
            )
            SELECT kept.step_key
              FROM kept
         LEFT JOIN crm_process_statistic before ON before.id = kept.id
             WHERE before.id IS NULL OR before.step_id != kept.step_id
                OR ABS(kept.median_hours - before.median_hours)
                   > %(drift)s * before.median_hours
                OR ABS(kept.safe_hours - before.safe_hours) > %(drift)s * before.safe_hours
                OR ABS(kept.slow_hours - before.slow_hours) > %(drift)s * before.slow_hours
             UNION
            SELECT step_key FROM gone """,
            steps=tuple(steps.ids) or (0,), keys=tuple(steps.mapped('key')) or (0,),
            quantiles=QUANTILES, past=process._past(), cases=CASES, drift=DRIFT,
            uid=self.env.uid))
        if rows:
            tasks = self.env['crm.process.task']
            self.invalidate_model()
            tasks.invalidate_model(['statistic_id'])
            tasks._reschedule(
                Domain('step_id.key', 'in', [key for key, in rows]))

    @api.model
    def _finest(self, tasks):
        """Return the statistic that says most of each task.

        That of its responsible for such customers, else of its responsible, else for such
        customers, else of the step.

        :param tasks: crm.process.task
        :return: a statistic or none, by task
        :rtype: dict[crm.process.task, crm.process.statistic]
        """
        found = {
            (line.step_key, line.company_id, line.user_id, line.customer_class or False): line
            for line in self.search(
                Domain('step_key', 'in', tasks.step_id.mapped('key'))
                & Domain('company_id', 'in', tasks.company_id.ids)
                & Domain('user_id', 'in', [False, *tasks.user_id.ids])
                & Domain('customer_class', 'in', [False, *tasks.run_id.mapped('customer_class')]))}
        nobody, none = self.env['res.users'], self.browse()
        return {
            task: next((
                found[key] for user, kind in (
                    (task.user_id, task.run_id.customer_class or False), (task.user_id, False),
                    (nobody, task.run_id.customer_class or False), (nobody, False))
                if (key := (task.step_id.key, task.company_id, user, kind)) in found), none)
            for task in tasks}
