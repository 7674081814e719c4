from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.crm_roles.turn import one_at_a_time

TRANSITIONS = {
    'draft': {'approval', 'running', 'cancelled'},
    'approval': {'draft', 'running', 'cancelled'},
    'running': {'done', 'cancelled'},
    'done': set(),
    'cancelled': {'draft'},
}


class UtmCampaign(models.Model):
    """A campaign with a goal, a time, an audience, steps and money."""

    _name = 'utm.campaign'
    _inherit = ['utm.campaign', 'mail.thread', 'mail.activity.mixin', 'crm.write.guard']

    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    state = fields.Selection(
        [
            ('draft', "Draft"),
            ('approval', "To Approve"),
            ('running', "Running"),
            ('done', "Done"),
            ('cancelled', "Cancelled"),
        ], "Status", default='draft', required=True, readonly=True, copy=False, tracking=True,
        index=True)
    goal = fields.Text(translate=True, help="What is to be reached, in a sentence.")
    date_start = fields.Date("Start", copy=False, tracking=True)
    date_end = fields.Date("End", copy=False, tracking=True)
    audience_id = fields.Many2one(
        'crm.audience', tracking=True, index='btree_not_null', ondelete='restrict',
        help="Who is in it when the campaign starts becomes a member.")
    control_percent = fields.Float(
        "Control Group (%)", digits=(5, 2),
        help="So many of the audience are left alone, to see what would have been sold anyway.")
    is_promotion = fields.Boolean(
        "Promotion", help="Prices are given away, so a sales manager has to approve it.")
    approved_by_id = fields.Many2one(
        'res.users', "Approved by", readonly=True, copy=False, index='btree_not_null')
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    budget = fields.Monetary(tracking=True)
    member_ids = fields.One2many('crm.campaign.member', 'campaign_id', "Members")
    step_ids = fields.One2many('crm.campaign.step', 'campaign_id', "Steps", copy=True)
    touch_ids = fields.One2many('crm.campaign.touch', 'campaign_id', "Touches")
    cost_ids = fields.One2many('crm.campaign.cost', 'campaign_id', "Costs")
    # Everybody may open a campaign, and not everybody the mailings that are counted in it.
    ab_testing_mailings_count = fields.Integer(compute_sudo=True)
    mailing_mail_count = fields.Integer(compute_sudo=True)
    member_count = fields.Integer(compute='_compute_member_count')
    control_count = fields.Integer("Left Alone", compute='_compute_member_count')

    _check_control_percent = models.Constraint(
        'CHECK(control_percent >= 0 AND control_percent < 100)',
        "Leave alone 0 % of the audience or more, but not all of it.")
    _check_period = models.Constraint(
        'CHECK(date_start <= date_end)', "A campaign ends after its start.")

    @api.depends('member_ids.state')
    def _compute_member_count(self):
        counts = {}
        for campaign, state, count in self.env['crm.campaign.member']._read_group(
                [('campaign_id', 'in', self.ids)], ['campaign_id', 'state'], ['__count']):
            key = campaign.id, state == 'control'
            counts[key] = counts.get(key, 0) + count
        for campaign in self:
            campaign.control_count = counts.get((campaign._origin.id, True), 0)
            campaign.member_count = (
                counts.get((campaign._origin.id, False), 0) + campaign.control_count)

    @api.constrains('state')
    def _check_state(self):
        for campaign in self.filtered(lambda campaign: campaign.state == 'running'):
            if campaign.is_promotion and not campaign.approved_by_id:
                raise ValidationError(self.env._(
                    "%(campaign)s is a promotion: let a sales manager approve it first.",
                    campaign=campaign.title))

    @api.model
    def _field_writers(self, name):
        if name in ('approved_by_id', 'approved_at'):
            return 'crm_roles.group_sales_manager'
        return super()._field_writers(name)

    def write(self, vals):
        if 'state' in vals:
            for campaign in self:
                if vals['state'] not in TRANSITIONS[campaign.state] | {campaign.state}:
                    raise UserError(self.env._(
                        "%(campaign)s is %(state)s: this cannot be done with it any more.",
                        campaign=campaign.title, state=campaign._state_label().lower()))
        return super().write(vals)

    @one_at_a_time
    def action_submit(self):
        """Ask a sales manager to approve the campaign."""
        self.write({'state': 'approval'})

    @one_at_a_time
    def action_approve(self):
        """Approve a promotion; it can be started then.

        :raise UserError: when the user is no sales manager
        """
        if not self.env.user.has_group('crm_roles.group_sales_manager'):
            raise UserError(self.env._("Promotions are approved by sales managers."))
        self.write({'approved_by_id': self.env.uid, 'approved_at': fields.Datetime.now()})

    @one_at_a_time
    def action_start(self):
        """Take who is in the audience now as members and begin.

        :raise UserError: when there is no audience, or nobody in it
        """
        for campaign in self:
            campaign._freeze_members()
        today = fields.Date.context_today(self)
        for campaign in self:
            campaign.write({'state': 'running', 'date_start': campaign.date_start or today})

    @one_at_a_time
    def action_done(self):
        """End the campaign."""
        today = fields.Date.context_today(self)
        for campaign in self:
            campaign.write({'state': 'done', 'date_end': campaign.date_end or today})

    @one_at_a_time
    def action_cancel(self):
        """Stop the campaign; who was reached stays known."""
        self.write({'state': 'cancelled'})

    @one_at_a_time
    def action_draft(self):
        """Plan the campaign again."""
        self.write({'state': 'draft'})

    def action_members(self):
        """Open the members of the campaign."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.crm_campaign_member_action')
        return {**action, 'domain': [('campaign_id', '=', self.id)],
                'context': {'default_campaign_id': self.id}}

    def _freeze_members(self):
        self.ensure_one()
        if not self.audience_id:
            raise UserError(self.env._(
                "%(campaign)s has no audience: choose one first.", campaign=self.title))
        if not self.env['crm.campaign.member']._freeze(self):
            raise UserError(self.env._(
                "Nobody is in the audience %(audience)s of %(campaign)s now. "
                "Make its criteria wider.",
                audience=self.audience_id.name, campaign=self.title))

    def _state_label(self):
        return dict(self._fields['state']._description_selection(self.env))[self.state]
