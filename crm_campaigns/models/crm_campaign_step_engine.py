import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.sql_db import Cursor
from odoo.tools import SQL

from odoo.addons.crm_roles.notification import RELOAD, notify

_logger = logging.getLogger(__name__)

# Which members a step is for. Who declined and who is left alone is in none of them.
CONDITIONS = {
    'always': ['planned', 'contacted', 'responded', 'bought'],
    'no_answer': ['planned', 'contacted'],
    'responded': ['responded', 'bought'],
}
BATCH = 500
# Batches of all steps come one after the other, so that each counts the touches of those before.
TURN = 0x63726D73


class CrmCampaignStep(models.Model):
    """A step reaches each member it is for once, when it is due, whoever runs it and how often."""

    _inherit = 'crm.campaign.step'

    state = fields.Selection(
        [('planned', "Planned"), ('running', "Running"), ('done', "Done")], "Status",
        default='planned', required=True, readonly=True, copy=False)
    date_due = fields.Date(
        "Due on", compute='_compute_date_due', store=True,
        help="So many days after the start of the campaign.")
    date_done = fields.Datetime("Done on", readonly=True, copy=False)
    is_automatic = fields.Boolean(
        "Done by Itself", compute='_compute_is_automatic',
        help="Whether it is done when it is due; paper is printed by a person.")
    problem = fields.Char(
        compute='_compute_problem', help="Why the step cannot be done, and what to do about it.")

    _due_idx = models.Index("(date_due) WHERE state != 'done'")

    @api.depends('campaign_id.date_start', 'after_days')
    def _compute_date_due(self):
        for step in self:
            start = step.campaign_id.date_start
            step.date_due = start and fields.Date.add(start, days=step.after_days)

    @api.depends('channel')
    def _compute_is_automatic(self):
        channels = self._automatic_channels()
        for step in self:
            step.is_automatic = step.channel in channels

    @api.depends('channel', 'state')
    def _compute_problem(self):
        for step in self:
            step.problem = step.state != 'done' and step._problem()

    def action_run_now(self):
        """Begin the steps without waiting for their day; the work is done in the background.

        :raise UserError: when the campaign does not run, or something is missing for the step
        """
        self.check_access('write')
        for step in self:
            step._check_can_run()
        # sudo: crm.campaign.step - how far a step is, is for nobody to write by hand
        self.sudo().filtered(lambda step: step.state == 'planned').state = 'running'
        # sudo: ir.cron - wakes the scheduled action up
        self.env.ref('crm_campaigns.ir_cron_run_steps').sudo()._trigger()
        return notify(
            self.env._("It begins in a moment, within the working hours."), RELOAD, 'info')

    @api.model
    def _automatic_channels(self):
        """Return the channels whose steps are done when they are due; for channels to add to.

        :rtype: list[str]
        """
        return [*self._mail_channels(), 'call', 'request', 'offer']

    @api.model
    def _mail_channels(self):
        """Return the channels that reach members by mail; for channels to add to.

        Their touches wait until the mail is sent; who has no address, or does not want mails, is
        left out.

        :rtype: list[str]
        """
        return ['mail']

    def _check_can_run(self):
        problem = self.problem or (self.campaign_id.state != 'running' and self.env._(
            "%(campaign)s does not run: start it first.", campaign=self.campaign_id.title))
        if problem:
            raise UserError(self.env._(
                "%(step)s: %(problem)s", step=self.name, problem=problem))

    def _problem(self):
        """Return what is missing for the step to be done, as a sentence; for channels to add to.

        :rtype: str | bool
        """
        self.ensure_one()
        return False

    @api.model
    def _due_domain(self):
        """Return the domain of the steps that are to be done now.

        :rtype: Domain
        """
        due = Domain('state', '=', 'planned') & Domain('date_due', '<=', 'today')
        return (
            (Domain('state', '=', 'running') | due)
            & self._by_itself_domain()
            & Domain('campaign_id.state', '=', 'running'))

    @api.model
    def _by_itself_domain(self):
        """Return the domain of the steps that are done without a person; for channels to add to.

        :rtype: Domain
        """
        return Domain('channel', 'in', self._automatic_channels())

    @api.model
    def _cron_run_steps(self):
        """Do what is due with the members, a batch at a time; scheduled.

        Each batch is committed with all that belongs to it, so this may be killed at any moment.
        """
        cron, now = self.env['ir.cron'], fields.Datetime.now()
        # Who has answered is known before he would be asked again.
        self._take_back_mails()
        steps = self.search(self._due_domain(), order='date_due, id').filtered(
            lambda step: not step.problem and step._work_company()._next_work(now) <= now)
        cron._commit_progress(remaining=len(steps))
        for step in steps:
            if not step._run():
                break

    def _work_company(self):
        """Return the company in whose name and working hours the step is done.

        :rtype: res.company
        """
        return self.company_id or self.campaign_id.user_id.company_id or self.env.company

    def _run(self):
        """Reach all members the step is for.

        :return: seconds that are left for other steps; 0: none, the rest is done later
        :rtype: float
        """
        cron, after, left = self.env['ir.cron'], 0, 1.0
        try:
            while after is not None and left:
                after = self._run_batch(after)
                left = cron._commit_progress(int(after is None))
        except UserError as error:
            # It is shown to whoever runs the campaign again, and holds up no other step.
            self.env.cr.rollback()
            _logger.warning("Step %s of campaign %s: %s", self.id, self.campaign_id.id, error)
        return left

    def _run_batch(self, after):
        """Reach the next members, unless somebody else has just finished the step.

        :param int after: the id of the customer reached last; 0: begin
        :return: that of the last one of this batch; None: nobody is left
        :rtype: int | None
        """
        self._take_turn()
        if self.state == 'done':
            return None
        last, members = self._reach(after)
        self._begin(members)
        if last is None:
            self._finish()
            self.write({'state': 'done', 'date_done': fields.Datetime.now()})
        elif self.state == 'planned':
            self.state = 'running'
        self.env.flush_all()
        return last

    def _take_turn(self):
        """Wait for whoever is just reaching customers, and see then what he did."""
        if isinstance(self.env.cr, Cursor):
            # (The cursors of Odoo's tests share a transaction that has begun long ago.)
            self.env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", TURN))
        self.env.invalidate_all()

    def _begin(self, members):
        """Do what the channel of the step is with members it has just reached.

        All of a batch is committed together, so nothing is done twice: for channels to add to.

        :param members: each with a touch of the step
        """
        {
            'call': self._begin_calls, 'request': self._begin_requests, 'offer': self._begin_offers,
        }.get(self.channel, lambda members: None)(members)

    def _finish(self):
        """Do what is left when all members are reached; for channels to add to."""

    def _reach(self, after, limit=None):
        """Write down a touch for each of the next members the step is for, in one statement.

        :param int after: the id of the customer reached last
        :param int limit: so many members at most; a batch if it is not given
        :return: the id of the last customer, None when nobody is left; and the members that are
            not left out
        :rtype: tuple[int | None, crm.campaign.member]
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._reach_query(after, limit or BATCH))
        self.env['crm.campaign.touch'].invalidate_model()
        self.env['crm.campaign.member'].invalidate_model(['touch_ids'])
        members = self.env['crm.campaign.member'].browse(row[1] for row in rows if row[1])
        return max((row[0] for row in rows), default=None), members

    def _reach_query(self, after, limit):
        return SQL(
            """
            WITH candidate AS (
                SELECT member.id, member.partner_id FROM crm_campaign_member member
                WHERE member.campaign_id = %(campaign)s AND member.partner_id > %(after)s
                  AND member.state = ANY(%(states)s) AND NOT EXISTS (
                    SELECT FROM crm_campaign_touch touch
                    WHERE touch.step_id = %(step)s AND touch.member_id = member.id)
                ORDER BY member.partner_id LIMIT %(limit)s
            ), judged AS (
                SELECT candidate.*, %(reason)s AS skip_reason
                FROM candidate JOIN res_partner partner ON partner.id = candidate.partner_id
            ), written AS (
                INSERT INTO crm_campaign_touch (
                    name, partner_id, campaign_id, member_id, step_id, company_id, channel, date,
                    user_id, state, skip_reason, create_uid, create_date, write_uid, write_date)
                SELECT %(name)s, partner_id, %(campaign)s, id, %(step)s, %(company)s, %(channel)s,
                       %(now)s, %(user)s,
                       CASE WHEN skip_reason IS NULL THEN %(state)s ELSE 'skipped' END,
                       skip_reason, %(uid)s, %(now)s, %(uid)s, %(now)s
                FROM judged
                ON CONFLICT (step_id, member_id)
                    WHERE step_id IS NOT NULL AND member_id IS NOT NULL DO NOTHING
                RETURNING member_id, skip_reason
            )
            SELECT candidate.partner_id, written.member_id
            FROM candidate LEFT JOIN written
                ON written.member_id = candidate.id AND written.skip_reason IS NULL
            """,
            campaign=self.campaign_id.id, after=after, states=CONDITIONS[self.condition],
            step=self.id, limit=limit, reason=self._skip_reason(), name=self.name,
            company=self._work_company().id, channel=self.channel, now=fields.Datetime.now(),
            user=self.campaign_id.user_id.id or None, uid=self.env.uid,
            state='waiting' if self._touch_waits() else 'done')

    def _touch_waits(self):
        """Return whether a member is reached only later: when the mail is sent, the call made."""
        return self.channel == 'call' or self.channel in self._mail_channels()
