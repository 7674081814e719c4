from odoo import fields, models
from odoo.tools import SQL


class CrmProcessReport(models.Model):
    """How long steps took, how often they were late and why, to be turned any way."""

    _name = 'crm.process.report'
    _description = "Process Analysis"
    _auto = False
    _order = 'date_end desc, id desc'
    _depends = {
        'crm.process': ['origin_id'],
        'crm.process.step': ['key'],
        'crm.process.run': ['customer_class'],
        'crm.process.task': [
            'state', 'date_start', 'date_end', 'duration_hours', 'waiting_hours',
            'deviation_hours', 'is_late', 'user_id', 'cause_id', 'company_id', 'step_id', 'run_id',
        ],
    }

    process_id = fields.Many2one('crm.process', readonly=True)
    version_id = fields.Many2one('crm.process', readonly=True)
    step_id = fields.Many2one('crm.process.step', readonly=True)
    user_id = fields.Many2one('res.users', "Responsible", readonly=True)
    customer_class = fields.Char(readonly=True)
    cause_id = fields.Many2one('crm.process.cause', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    cases = fields.Integer(readonly=True)
    late_share = fields.Float("Late (%)", readonly=True, aggregator='avg')
    duration_hours = fields.Float("Working Hours", readonly=True, aggregator='avg')
    waiting_hours = fields.Float("Hours Waited", readonly=True, aggregator='avg')
    deviation_hours = fields.Float("Deviation", readonly=True, aggregator='avg')

    @property
    def _table_query(self):
        return SQL(
            """ SELECT task.id, COALESCE(process.origin_id, process.id) AS process_id,
                       process.id AS version_id, COALESCE(first.id, step.id) AS step_id,
                       task.user_id, run.customer_class, task.cause_id, task.company_id,
                       task.date_end, 1 AS cases,
                       CASE WHEN task.is_late THEN 100 ELSE 0 END AS late_share,
                       task.duration_hours, task.waiting_hours, task.deviation_hours
                  FROM crm_process_task task
                  JOIN crm_process_run run ON run.id = task.run_id
                  JOIN crm_process_step step ON step.id = task.step_id
                  JOIN crm_process process ON process.id = step.process_id
             LEFT JOIN crm_process_step first ON first.id = step.key
                 WHERE task.state = 'done' AND task.date_start < task.date_end """)
