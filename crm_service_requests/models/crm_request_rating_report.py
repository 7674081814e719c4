from odoo import fields, models
from odoo.tools import SQL


class CrmRequestRatingReport(models.Model):
    """How satisfied customers were, by whoever answered them and how quickly."""

    _name = 'crm.request.rating.report'
    _description = "Ratings of Requests"
    _auto = False
    _order = 'date desc, id desc'
    _depends = {
        'crm.request': [
            'type_id', 'user_id', 'team_id', 'commercial_partner_id', 'channel', 'company_id',
            'reopen_count'],
        'crm.process.task': ['res_model', 'res_id', 'is_late', 'duration_hours', 'state'],
        'rating.rating': ['res_model', 'res_id', 'rating', 'consumed', 'feedback', 'rating_text'],
    }

    request_id = fields.Many2one('crm.request', readonly=True)
    type_id = fields.Many2one('crm.request.type', readonly=True)
    team_id = fields.Many2one('crm.team', readonly=True)
    user_id = fields.Many2one('res.users', "Responsible", readonly=True)
    commercial_partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    channel = fields.Selection(
        lambda self: self.env['crm.request']._fields['channel']._description_selection(self.env),
        readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    date = fields.Datetime("Rated on", readonly=True)
    ratings = fields.Integer(readonly=True)
    rating = fields.Float(
        "Average Rating", readonly=True, aggregator='avg', help="From 1 to 5 points.")
    low_share = fields.Float("Dissatisfied (%)", readonly=True, aggregator='avg')
    feedback = fields.Text(readonly=True)
    punctuality = fields.Selection(
        [('on_time', "On Time"), ('late', "Late"), ('untimed', "Without Norms")], readonly=True,
        help="Whether a step of the request took longer than it may.")
    solution_hours = fields.Float("Hours to the Solution", readonly=True, aggregator='avg')
    reopened = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """ SELECT rating.id, request.id AS request_id, request.type_id, request.team_id,
                       request.user_id, request.commercial_partner_id, request.channel,
                       request.company_id, rating.write_date AS date, rating.rating,
                       1 AS ratings,
                       CASE WHEN rating.rating <= 2 THEN 100 ELSE 0 END AS low_share,
                       rating.feedback, request.reopen_count > 0 AS reopened,
                       COALESCE(steps.punctuality, 'untimed') AS punctuality,
                       steps.solution_hours
                  FROM rating_rating rating
                  JOIN crm_request request ON request.id = rating.res_id
     LEFT JOIN LATERAL (
                SELECT CASE WHEN bool_or(task.is_late) THEN 'late' ELSE 'on_time' END
                           AS punctuality,
                       max(task.duration_hours) AS solution_hours
                  FROM crm_process_task task
                 WHERE task.res_model = 'crm.request' AND task.res_id = request.id
                   AND task.state = 'done'
                HAVING count(*) > 0
                       ) AS steps ON TRUE
                 WHERE rating.res_model = 'crm.request' AND rating.consumed
                   AND rating.rating >= 1 """)
