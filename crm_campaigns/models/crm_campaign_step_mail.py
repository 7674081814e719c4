from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

BATCH = 1000
# After so many days nobody waits for bounces and clicks any more.
LISTEN_DAYS = 60


class CrmCampaignStep(models.Model):
    """A mail of a campaign is a mailing of Odoo, sent to whom the step has reached."""

    _inherit = 'crm.campaign.step'

    mailing_id = fields.Many2one(
        'mailing.mailing', "Mail", copy=False, ondelete='restrict',
        domain=lambda self: [
            ('mailing_model_id', '=', self.env['ir.model']._get_id('res.partner')),
            ('mailing_type', '=', 'mail'), ('state', '=', 'draft')],
        help="It is sent to the members the step reaches, whatever recipients it has now.")

    _mailing_uniq = models.UniqueIndex(
        "(mailing_id) WHERE mailing_id IS NOT NULL", "A mailing belongs to one step.")

    @api.constrains('mailing_id')
    def _check_mailing_id(self):
        for step in self:
            mailing = step.mailing_id
            if mailing and mailing.mailing_model_real != 'res.partner':
                raise ValidationError(self.env._(
                    "%(mailing)s is not written to contacts. Choose one whose recipients are "
                    "contacts.", mailing=mailing.display_name))

    @api.depends('mailing_id.state', 'mailing_id.body_arch')
    def _compute_problem(self):
        super()._compute_problem()

    @api.model
    def _mailing_channels(self):
        """Return the channels whose steps are a mailing of Odoo; for channels to add to.

        :rtype: list[str]
        """
        return ['mail']

    def _problem(self):
        if self.channel not in self._mailing_channels():
            return super()._problem()
        # sudo: mailing.mailing - whether there is one to send, and nothing else
        mailing_sudo = self.mailing_id.sudo()
        if not mailing_sudo or self._is_mailing_empty(mailing_sudo):
            return self.env._("There is no text yet: write it first.")
        return mailing_sudo.state != 'draft' and self.env._(
            "Its mailing was sent already: copy the mailing, and choose the copy.")

    def _is_mailing_empty(self, mailing):
        """Return whether nothing is written in the mailing of the step; for channels to change.

        :rtype: bool
        """
        return mailing.is_body_empty

    def _finish(self):
        super()._finish()
        if self.channel in self._mailing_channels():
            self._send_mailing()

    def action_write_mail(self):
        """Open the mail of the step, a new one if there is none."""
        self.ensure_one()
        if not self.mailing_id:
            self.mailing_id = self.env['mailing.mailing'].create(self._prepare_mailing_values())
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'mailing.mailing',
            'res_id': self.mailing_id.id,
            'view_mode': 'form',
        }

    def _prepare_mailing_values(self):
        return {
            'subject': self.name,
            'campaign_id': self.campaign_id.id,
            'mailing_type': 'mail',
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': self._mailing_domain(),
        }

    def _mailing_domain(self):
        """Return the domain of the contacts who get the mail, as text: who has a touch of it."""
        reached = [('step_id', '=', self._origin.id), ('state', '!=', 'skipped')]
        return str([('campaign_touch_ids', 'any', reached)])

    def _send_mailing(self):
        """Let Odoo send the mail to whom the step has reached, and to nobody else."""
        if not self.touch_ids.search_count(
                [('step_id', '=', self.id), ('state', '!=', 'skipped')], limit=1):
            return
        self.mailing_id.write({
            'mailing_domain': self._mailing_domain(), 'campaign_id': self.campaign_id.id,
            'ab_testing_enabled': False, 'schedule_type': 'now'})
        self.mailing_id.action_put_in_queue()

    # What became of the mails

    @api.model
    def _take_back_mails(self):
        """Write down what became of the mails: who got them, who did not and why, who answered."""
        cron = self.env['ir.cron']
        steps = self.search(self._listening_domain())
        for take in (steps._take_back_traces, steps._take_back_answers):
            while steps and take():
                cron._commit_progress()

    @api.model
    def _listening_domain(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=LISTEN_DAYS)
        return (
            Domain('mailing_id', '!=', False) & Domain('state', '=', 'done')
            & Domain('date_done', '>', since) & Domain('campaign_id.state', '=', 'running'))

    def _take_back_traces(self):
        """Take over what became of the next mails into their touches.

        :return: how many they were
        :rtype: int
        """
        self.env.flush_all()
        labels = dict(self.env['mailing.trace']._fields['failure_type']._description_selection(
            self.env))
        rows = self.env.execute_query(SQL(
            """
            WITH news AS (
                SELECT touch.id, trace.state,
                       CASE WHEN trace.state = 'failed' THEN COALESCE(
                           label.text, NULLIF(trace.failure_reason, ''), trace.trace_status) END
                           AS reason
                FROM crm_campaign_step step
                JOIN (
                    SELECT mailing_trace.*,
                           CASE WHEN trace_status IN ('bounce', 'error', 'cancel') THEN 'failed'
                           ELSE 'done' END AS state
                    FROM mailing_trace
                    WHERE model = 'res.partner' AND trace_status NOT IN ('outgoing', 'process')
                      AND is_test_trace IS NOT TRUE
                ) trace ON trace.mass_mailing_id = step.mailing_id
                JOIN crm_campaign_touch touch
                    ON touch.step_id = step.id AND touch.partner_id = trace.res_id
                LEFT JOIN unnest(%(types)s::text[], %(labels)s::text[]) AS label(type, text)
                    ON label.type = trace.failure_type
                WHERE step.id = ANY(%(steps)s) AND touch.state != 'skipped'
                  AND touch.state != trace.state
                ORDER BY touch.id LIMIT %(limit)s
            )
            UPDATE crm_campaign_touch touch
            SET state = news.state, reason = news.reason, write_date = %(now)s
            FROM news WHERE touch.id = news.id
            RETURNING touch.member_id, touch.state
            """,
            steps=list(self.ids), types=list(labels), labels=list(labels.values()),
            limit=BATCH, now=fields.Datetime.now()))
        self.env['crm.campaign.touch'].invalidate_model()
        self.env['crm.campaign.member'].browse(
            member for member, state in rows if member and state == 'done'
        )._set_contacted(fields.Datetime.now())
        return len(rows)

    def _take_back_answers(self):
        """Take over who clicked or replied first now: he answered.

        :return: how many they were
        :rtype: int
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            SELECT member.id, min(LEAST(trace.reply_datetime, trace.links_click_datetime))
            FROM crm_campaign_step step
            JOIN mailing_trace trace ON trace.mass_mailing_id = step.mailing_id
                AND trace.model = 'res.partner' AND trace.is_test_trace IS NOT TRUE
                AND (trace.reply_datetime IS NOT NULL OR trace.links_click_datetime IS NOT NULL)
            JOIN crm_campaign_member member ON member.campaign_id = step.campaign_id
                AND member.partner_id = trace.res_id AND member.state IN ('planned', 'contacted')
            WHERE step.id = ANY(%(steps)s)
            GROUP BY member.id ORDER BY member.id LIMIT %(limit)s
            """, steps=list(self.ids), limit=BATCH))
        members = self.env['crm.campaign.member']
        for member_id, moment in rows:
            members.browse(member_id).with_prefetch([row[0] for row in rows])._set_responded(moment)
        return len(rows)
