from odoo import api, fields, models


class CrmOfferRule(models.Model):
    """What the offers of a rule have brought to the company and to the customers."""

    _inherit = 'crm.offer.rule'

    won_count = fields.Integer("Used", compute='_compute_won')
    won_rate = fields.Float("Used (%)", compute='_compute_won', digits=(5, 1))
    amount_more = fields.Monetary(
        "Sold More", compute='_compute_won',
        help="What was ordered of the offered products, less what the customers would have bought "
             "anyway. Without taxes.")
    amount_margin = fields.Monetary(
        "Margin", compute='_compute_amount_margin', groups='crm_sales_facts.group_margin_all')

    @api.depends('offer_ids.state', 'offer_ids.amount_more')
    @api.depends_context('uid')
    def _compute_won(self):
        results = {
            rule: sums for rule, *sums in self.env['crm.offer']._read_group(
                [('rule_id', 'in', self.ids), ('state', '=', 'won')], ['rule_id'],
                ['__count', 'amount_more:sum'])}
        for rule in self:
            rule.won_count, rule.amount_more = results.get(rule._origin, (0, 0.0))
            rule.won_rate = 100 * rule.won_count / rule.offer_count if rule.offer_count else 0.0

    @api.depends('offer_ids.amount_margin')
    @api.depends_context('uid')
    def _compute_amount_margin(self):
        margins = dict(self.env['crm.offer']._read_group(
            [('rule_id', 'in', self.ids)], ['rule_id'], ['amount_margin:sum']))
        for rule in self:
            rule.amount_margin = margins.get(rule._origin, 0.0)
