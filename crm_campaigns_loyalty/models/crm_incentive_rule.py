from odoo import api, fields, models

PROGRAMS = ('coupons', 'loyalty')


class CrmIncentiveRule(models.Model):
    """A coupon, or points on the loyalty card, for who does well."""

    _inherit = 'crm.incentive.rule'

    reward = fields.Selection(
        selection_add=[('coupon', "Coupon or Points")], ondelete={'coupon': 'cascade'})
    program_id = fields.Many2one(
        'loyalty.program', "Promotion", index='btree_not_null', ondelete='restrict',
        tracking=True, domain=[('program_type', 'in', PROGRAMS)],
        help="Of the type Coupons: each customer gets one by mail. A loyalty program: the points "
             "are added to his card.")
    points = fields.Float(default=1.0, help="How many points the coupon has, or are added.")

    _check_points = models.Constraint('CHECK(points > 0)', "Grant more than 0 points.")

    @api.constrains('reward', 'program_id')
    def _check_program_id(self):
        self._check_reward()

    def _reward_problem(self):
        if self.reward == 'coupon' and self.program_id.program_type not in PROGRAMS:
            return self.env._("choose a promotion with coupons, or a loyalty program.")
        return super()._reward_problem()
