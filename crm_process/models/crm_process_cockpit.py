from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_process_task_act import LEADS


class CrmProcessTask(models.Model):
    """Find what is at risk without looking at the rest."""

    _inherit = 'crm.process.task'

    _open_risk_idx = models.Index("(date_risk) WHERE date_end IS NULL")


class CrmProcessCockpit(models.Model):
    """What is late, at risk or due within a day: each document once, with its worst step."""

    _name = 'crm.process.cockpit'
    _description = "Process Cockpit"
    _inherit = ['crm.process.document']
    _auto = False
    _order = 'urgency, stake desc, date_deadline, id'
    _depends = {
        'crm.process': ['state', 'group_id', 'risk_threshold'],
        'crm.process.step': ['group_id'],
        'crm.process.task': [
            'res_model', 'res_id', 'company_id', 'process_id', 'step_id', 'user_id', 'partner_id',
            'state', 'date_end', 'date_risk', 'date_deadline', 'date_late', 'late_probability',
        ],
    }

    task_id = fields.Many2one('crm.process.task', "Step of the Document", readonly=True)
    process_id = fields.Many2one('crm.process', readonly=True)
    step_id = fields.Many2one('crm.process.step', readonly=True)
    group_id = fields.Many2one('res.groups', "Role", readonly=True)
    status = fields.Selection(
        [('late', "Late"), ('at_risk', "At Risk"), ('due', "Due within a Day")], "Timeliness",
        readonly=True)
    urgency = fields.Integer(readonly=True, aggregator=None)
    user_id = fields.Many2one('res.users', "Responsible", readonly=True)
    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    date_deadline = fields.Datetime("Deadline", readonly=True)
    remaining_hours = fields.Float(related='task_id.remaining_hours')
    progress = fields.Float("Norm Used", related='task_id.progress')
    prediction = fields.Char(related='task_id.prediction')
    probability = fields.Float(
        "Late (%)", readonly=True, aggregator='avg',
        help="How likely it is to be late, as learnt from such steps; 0 while too few were done.")
    value = fields.Monetary(
        readonly=True, help="For orders the margin, for leads the expected revenue, for bills the "
                            "untaxed amount.")
    stake = fields.Monetary(
        "At Stake", readonly=True,
        help="The value times the probability to be late: what is at risk counts with the "
             "probability of the alarm at least, what is late in full.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    for_me = fields.Boolean(compute='_compute_for_me', search='_search_for_me')
    of_my_team = fields.Boolean(
        compute='_compute_of_my_team', search='_search_of_my_team')
    of_my_role = fields.Boolean(
        compute='_compute_of_my_role', search='_search_of_my_role')

    @property
    def _table_query(self):
        now = fields.Datetime.now()
        models_with_value = [
            (SQL.identifier(f'document_{number}'), self.env[name])
            for number, name in enumerate(self.env['crm.process']._process_models())]
        joins = SQL(" ").join(
            SQL("LEFT JOIN %s %s ON task.res_model = %s AND %s.id = task.res_id",
                SQL.identifier(model._table), alias, model._name, alias)
            for alias, model in models_with_value)
        value = SQL("COALESCE(CASE task.res_model %s END, 0.0)", SQL(" ").join(
            SQL("WHEN %s THEN (%s)::numeric", model._name, model._process_value_sql(alias))
            for alias, model in models_with_value))
        return SQL(
            """ SELECT task.id, task.id AS task_id, task.res_model, task.res_id, task.company_id,
                       task.process_id, task.step_id, task.user_id, task.partner_id,
                       COALESCE(step.group_id, process.group_id) AS group_id, task.date_deadline,
                       %(urgency)s AS urgency,
                       CASE %(urgency)s WHEN 0 THEN 'late' WHEN 1 THEN 'at_risk' ELSE 'due' END
                           AS status,
                       CASE %(urgency)s WHEN 0 THEN 100 ELSE COALESCE(task.late_probability, 0) END
                           AS probability,
                       %(value)s AS value,
                       %(value)s / 100 * (CASE %(urgency)s
                           WHEN 0 THEN 100
                           WHEN 1 THEN GREATEST(task.late_probability, process.risk_threshold)
                           ELSE COALESCE(task.late_probability, 0) END)::numeric AS stake
                  FROM crm_process_task task
                  JOIN crm_process_step step ON step.id = task.step_id
                  JOIN crm_process process ON process.id = task.process_id
                       %(joins)s
                 WHERE %(threatened)s
                   AND NOT EXISTS (
                       SELECT FROM crm_process_task worse
                         JOIN crm_process process ON process.id = worse.process_id
                        WHERE worse.res_model = task.res_model AND worse.res_id = task.res_id
                          AND %(worse_threatened)s
                          AND (%(worse_urgency)s, -COALESCE(worse.late_probability, 0),
                               worse.date_deadline, worse.id)
                            < (%(urgency)s, -COALESCE(task.late_probability, 0),
                               task.date_deadline, task.id)) """,
            joins=joins, value=value,
            urgency=self._urgency(SQL("task"), now),
            worse_urgency=self._urgency(SQL("worse"), now),
            threatened=self._threatened(SQL("task"), now),
            worse_threatened=self._threatened(SQL("worse"), now))

    @api.model
    def _urgency(self, alias, now):
        """Return how bad it is: 0 for late, 1 for at risk, 2 for due soon.

        :rtype: SQL
        """
        return SQL(
            "CASE WHEN %(task)s.date_late <= %(now)s THEN 0 "
            "WHEN %(task)s.date_risk <= %(now)s THEN 1 ELSE 2 END", task=alias, now=now)

    @api.model
    def _threatened(self, alias, now):
        """Return which tasks are at risk or due within a day, of processes that measure.

        :rtype: SQL
        """
        return SQL(
            "%(task)s.date_end IS NULL AND %(task)s.state = 'running' "
            "AND process.state IN ('active', 'replaced') "
            "AND (%(task)s.date_risk <= %(now)s OR %(task)s.date_deadline <= %(tomorrow)s)",
            task=alias, now=now, tomorrow=fields.Datetime.add(now, days=1))

    @api.depends('task_id')
    @api.depends_context('uid')
    def _compute_for_me(self):
        mine = self.filtered_domain(self._for_me_domain())
        mine.for_me = True
        (self - mine).for_me = False

    def _search_for_me(self, operator, value):
        return self._for_me_domain() if operator == 'in' else NotImplemented

    @api.depends('task_id')
    @api.depends_context('uid')
    def _compute_of_my_team(self):
        ours = self.filtered_domain(self._my_team_domain())
        ours.of_my_team = True
        (self - ours).of_my_team = False

    def _search_of_my_team(self, operator, value):
        return self._my_team_domain() if operator == 'in' else NotImplemented

    @api.depends('task_id')
    @api.depends_context('uid')
    def _compute_of_my_role(self):
        ours = self.filtered_domain(self._my_role_domain())
        ours.of_my_role = True
        (self - ours).of_my_role = False

    def _search_of_my_role(self, operator, value):
        return self._my_role_domain() if operator == 'in' else NotImplemented

    @api.model
    def _for_me_domain(self):
        """Return what the user has to look after: a lead all of it, others what is theirs.

        Theirs is what nobody of their role has taken yet, too.
        """
        if self.env.user.has_groups(LEADS):
            return Domain.TRUE
        return Domain('user_id', '=', self.env.uid) | (
            Domain('user_id', '=', False) & self._my_role_domain())

    @api.model
    def _my_team_domain(self):
        # sudo: crm.team - who is in whose team is asked for, and not shown
        teams_sudo = self.env['crm.team'].sudo().search([
            '|', ('user_id', '=', self.env.uid), ('member_ids', 'in', self.env.uid)])
        return Domain('user_id', 'in', (teams_sudo.member_ids | teams_sudo.user_id).ids)

    @api.model
    def _my_role_domain(self):
        return Domain('group_id', 'in', self.env.user.all_group_ids.ids)

    # What one can do about it

    def action_take_over(self):
        """Answer for the documents oneself."""
        self.task_id._reassign(self.env.user)

    def action_reassign(self):
        """Open the choice of another person.

        :rtype: dict
        """
        return self.task_id.action_reassign()

    def action_postpone(self):
        """Open the question how long, and why.

        :rtype: dict
        """
        return self.task_id.action_postpone()

    def action_cause(self):
        """Open the question what the delay comes from.

        :rtype: dict
        """
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Cause of the Delay"),
            'res_model': 'crm.process.task',
            'res_id': self.task_id.id,
            'views': [(self.env.ref('crm_process.crm_process_task_view_form_cause').id, 'form')],
            'target': 'new',
        }
