from odoo import fields, models
from odoo.tools import SQL

from .crm_request import CHANNELS, STATES
from .crm_request_type import KINDS


class CrmRequestReport(models.Model):
    """How many requests there are, and how long their answers took, to be turned any way."""

    _name = 'crm.request.report'
    _description = "Analysis of Requests"
    _auto = False
    _order = 'date_received desc, id desc'
    _depends = {
        'crm.request': [
            'type_id', 'kind', 'state', 'channel', 'priority', 'user_id', 'team_id', 'company_id',
            'partner_id', 'commercial_partner_id', 'date_received', 'date_first_answer',
            'date_solved', 'date_closed', 'reopen_count', 'closed_by', 'resolution_id',
            'rating_last_value', 'duration'],
        'crm.process.task': ['res_model', 'res_id', 'state', 'is_late', 'duration_hours'],
        'crm.process.step': ['domain'],
    }

    request_id = fields.Many2one('crm.request', readonly=True)
    type_id = fields.Many2one('crm.request.type', readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    state = fields.Selection(STATES, "Status", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    priority = fields.Selection(
        lambda self: self.env['crm.request']._fields['priority'].selection, readonly=True)
    user_id = fields.Many2one('res.users', "Responsible", readonly=True)
    team_id = fields.Many2one('crm.team', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    commercial_partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    resolution_id = fields.Many2one('crm.request.resolution', readonly=True)
    closed_by = fields.Selection(
        lambda self: self.env['crm.request']._fields['closed_by'].selection, readonly=True)
    date_received = fields.Datetime("Received", readonly=True)
    date_solved = fields.Datetime("Solved on", readonly=True)

    requests = fields.Integer(readonly=True)
    pending = fields.Integer(readonly=True)
    answer_hours = fields.Float(
        "Working Hours to the First Answer", readonly=True, aggregator='avg',
        help="By the norm that measures the first answer, without the time in which the customer "
             "had the turn.")
    solution_hours = fields.Float(
        "Working Hours to the Solution", readonly=True, aggregator='avg',
        help="By the norm that takes longest, without the time in which others had the turn.")
    elapsed_answer_hours = fields.Float(
        "Hours to the First Answer", readonly=True, aggregator='avg',
        help="By the clock, nights and holidays included.")
    elapsed_solution_hours = fields.Float(
        "Hours to the Solution", readonly=True, aggregator='avg',
        help="By the clock, nights and holidays included.")
    late_share = fields.Float("Late (%)", readonly=True, aggregator='avg')
    reopened = fields.Integer("Reopenings", readonly=True)
    rating = fields.Float("Average Rating", readonly=True, aggregator='avg')
    duration = fields.Float("Time Spent", readonly=True)

    @property
    def _table_query(self):
        # What is empty does not count in an average.
        return SQL(
            """ SELECT request.id, request.id AS request_id, request.type_id, request.kind,
                       request.state, request.channel, request.priority, request.user_id,
                       request.team_id, request.company_id, request.commercial_partner_id,
                       request.resolution_id, request.closed_by, request.date_received,
                       request.date_solved, 1 AS requests,
                       CASE WHEN request.state IN ('new', 'open', 'waiting') THEN 1 ELSE 0 END
                           AS pending,
                       %(answer)s AS elapsed_answer_hours,
                       %(solution)s AS elapsed_solution_hours,
                       work.answer_hours, work.late_share,
                       CASE WHEN request.date_solved IS NOT NULL THEN work.solution_hours END
                           AS solution_hours,
                       request.reopen_count AS reopened, request.duration,
                       NULLIF(request.rating_last_value, 0) AS rating
                  FROM crm_request request
             LEFT JOIN (%(work)s) work ON work.res_id = request.id
                 WHERE request.state != 'cancelled' """,
            answer=self._hours_until('date_first_answer'),
            solution=self._hours_until('date_solved'), work=self._work_query())

    def _hours_until(self, name):
        """Return the hours from the receipt to another time of a request, as an expression.

        :rtype: SQL
        """
        return SQL(
            "EXTRACT(EPOCH FROM request.%s - request.date_received) / 3600", SQL.identifier(name))

    def _work_query(self):
        """Return the working hours that the norms have measured, of each request.

        A request that was opened again is measured once more: its hours add up.

        :rtype: SQL
        """
        return SQL(
            """ SELECT run.res_id, SUM(run.answer_hours) AS answer_hours,
                       SUM(run.solution_hours) AS solution_hours,
                       CASE WHEN bool_or(run.is_late) THEN 100 ELSE 0 END AS late_share
                  FROM (SELECT task.res_id, bool_or(task.is_late) AS is_late,
                               MAX(task.duration_hours) FILTER (
                                   WHERE step.domain LIKE '%%date_first_answer%%')
                                   AS answer_hours,
                               MAX(task.duration_hours) FILTER (
                                   WHERE step.domain NOT LIKE '%%date_first_answer%%')
                                   AS solution_hours
                          FROM crm_process_task task
                          JOIN crm_process_step step ON step.id = task.step_id
                         WHERE task.res_model = 'crm.request' AND task.state = 'done'
                      GROUP BY task.res_id, task.run_id) run
              GROUP BY run.res_id """)
