from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import date_utils

from odoo.addons.crm_roles.notification import RELOAD, notify

MOST_RULES = 500


class CrmIncentiveRule(models.Model):
    """What customers get who do well: everybody in an audience, once in each period."""

    _name = 'crm.incentive.rule'
    _description = "Incentive"
    _inherit = ['mail.thread']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company)
    audience_id = fields.Many2one(
        'crm.audience', "Who Gets It", required=True, index=True, ondelete='restrict',
        tracking=True, help="For example: billed at least 10,000 in this quarter.")
    period = fields.Selection(
        [
            ('once', "Once"),
            ('month', "Once a month"),
            ('quarter', "Once a quarter"),
            ('year', "Once a year"),
        ], "How Often", default='quarter', required=True, tracking=True)
    reward = fields.Selection(
        [('pricelist', "Price List"), ('tag', "Customer Tag")], default='pricelist',
        required=True, tracking=True)
    pricelist_id = fields.Many2one(
        'product.pricelist', "Prices", index='btree_not_null', ondelete='restrict', tracking=True)
    tag_id = fields.Many2one(
        'res.partner.category', index='btree_not_null', ondelete='restrict', tracking=True)
    withdraw = fields.Boolean(
        "Take It Back", tracking=True,
        help="When the customer is not in the audience any more.")
    run_on = fields.Date("Last Looked", readonly=True, copy=False)
    grant_ids = fields.One2many('crm.incentive.grant', 'rule_id', "Granted")
    grant_count = fields.Integer("Customers Who Have It", compute='_compute_grant_count')
    candidate_count = fields.Integer(
        "Would Get It Now", compute='_compute_candidate_count')

    _due_idx = models.Index("(run_on) WHERE active IS TRUE")

    @api.depends('grant_ids.state')
    def _compute_grant_count(self):
        counts = dict(self.env['crm.incentive.grant']._read_group(
            [('rule_id', 'in', self.ids), ('state', '=', 'granted')], ['rule_id'],
            ['partner_id:count_distinct']))
        for rule in self:
            rule.grant_count = counts.get(rule._origin, 0)

    @api.depends('audience_id', 'period', 'reward', 'company_id', 'grant_ids.state')
    def _compute_candidate_count(self):
        self.candidate_count = 0
        with self.audience_id.criterion_ids._looked_up_once():
            for rule in self.filtered('audience_id'):
                query = rule._candidates_query()
                query.order = None
                rule.candidate_count = len(query)

    @api.constrains('reward', 'pricelist_id', 'tag_id')
    def _check_reward(self):
        for rule in self:
            if problem := rule._reward_problem():
                raise ValidationError(self.env._(
                    "%(incentive)s: %(problem)s", incentive=rule.name, problem=problem))

    def _reward_problem(self):
        """Return in words what the reward lacks, nothing when it can be given; to add to.

        :rtype: str
        """
        if self.reward == 'pricelist' and not self.pricelist_id:
            return self.env._("choose the price list.")
        if self.reward == 'tag' and not self.tag_id:
            return self.env._("choose the tag.")
        return ''

    def action_preview(self):
        """Open the customers who would get it now."""
        self.ensure_one()
        return {
            'name': self.env._("Would Get %(incentive)s", incentive=self.name),
            'type': 'ir.actions.act_window',
            'res_model': 'res.partner',
            'view_mode': 'list,kanban,form',
            'domain': [('id', 'in', list(self._candidates_query()))],
            'context': {'create': False},
        }

    def action_grants(self):
        """Open who got it, when and why."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_campaigns.crm_incentive_grant_action')
        return {**action, 'domain': [('rule_id', 'in', self.ids)], 'context': {'create': False}}

    def action_grant_now(self):
        """Grant without waiting for the night; the work is done in the background."""
        self.write({'run_on': False})
        # sudo: ir.cron - wakes the scheduled action up
        self.env.ref('crm_campaigns.ir_cron_grant_incentives').sudo()._trigger()
        return notify(self.env._("It begins in a moment."), RELOAD, 'info')

    @api.model
    def _due_domain(self):
        """Return the domain of the incentives that were not looked after today.

        :rtype: Domain
        """
        return Domain('run_on', '=', False) | Domain('run_on', '<', 'today')

    def _period_start(self):
        """Return the first day of the period that counts now, none when it is granted once.

        :rtype: date | None
        """
        today = fields.Date.context_today(self)
        return None if self.period == 'once' else date_utils.start_of(today, self.period)
