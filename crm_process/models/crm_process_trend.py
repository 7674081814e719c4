from odoo import fields, models
from odoo.tools import SQL


class CrmProcessTrend(models.Model):
    """Within how many hours half, 80 and 95 percent were done: each step and version by month."""

    _name = 'crm.process.trend'
    _description = "Process Trend"
    _auto = False
    _order = 'month desc, process_id, version desc, step_id'
    _depends = {
        'crm.process': ['origin_id', 'version'],
        'crm.process.step': ['key'],
        'crm.process.task': [
            'state', 'date_start', 'date_end', 'duration_hours', 'waiting_hours', 'is_late',
            'company_id', 'step_id',
        ],
    }

    process_id = fields.Many2one('crm.process', readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    step_id = fields.Many2one('crm.process.step', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    month = fields.Date(readonly=True)
    cases = fields.Integer(readonly=True)
    late_share = fields.Float("Late (%)", readonly=True, aggregator='avg')
    median_hours = fields.Float("Half within", readonly=True, aggregator='avg')
    safe_hours = fields.Float("80 % within", readonly=True, aggregator='avg')
    slow_hours = fields.Float("95 % within", readonly=True, aggregator='avg')
    waiting_median = fields.Float("Half Waited up to", readonly=True, aggregator='avg')
    waiting_safe = fields.Float("80 % Waited up to", readonly=True, aggregator='avg')
    waiting_slow = fields.Float("95 % Waited up to", readonly=True, aggregator='avg')

    @property
    def _table_query(self):
        return SQL(
            """ SELECT id, process_id, version, step_id, company_id, month, cases, late_share,
                       worked[1] AS median_hours, worked[2] AS safe_hours,
                       worked[3] AS slow_hours, waited[1] AS waiting_median,
                       waited[2] AS waiting_safe, waited[3] AS waiting_slow
                  FROM (
                SELECT MIN(task.id) AS id, COALESCE(process.origin_id, process.id) AS process_id,
                       process.version, COALESCE(first.id, step.id) AS step_id, task.company_id,
                       date_trunc('month', task.date_end)::date AS month, COUNT(*) AS cases,
                       100.0 * AVG(task.is_late::int) AS late_share,
                       percentile_cont(%(shares)s::float[]) WITHIN GROUP (
                           ORDER BY task.duration_hours) AS worked,
                       percentile_cont(%(shares)s::float[]) WITHIN GROUP (
                           ORDER BY COALESCE(task.waiting_hours, 0)) AS waited
                  FROM crm_process_task task
                  JOIN crm_process_step step ON step.id = task.step_id
                  JOIN crm_process process ON process.id = step.process_id
             LEFT JOIN crm_process_step first ON first.id = step.key
                 WHERE task.state = 'done' AND task.date_start < task.date_end
              GROUP BY process.id, step.id, first.id, task.company_id,
                       date_trunc('month', task.date_end)
                       ) AS month """,
            shares=[0.5, 0.8, 0.95])
