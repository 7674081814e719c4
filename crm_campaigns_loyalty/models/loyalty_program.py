from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PLANNED = ('draft', 'approval', 'cancelled')


class LoyaltyProgram(models.Model):
    """A promotion of a campaign holds from its start to its end, and at no other time."""

    _inherit = 'loyalty.program'

    campaign_id = fields.Many2one(
        'utm.campaign', index='btree_not_null', ondelete='restrict', copy=False,
        help="The promotion begins and ends with it. Until then it is archived.")

    @api.constrains('campaign_id')
    def _check_campaign_id(self):
        for program in self.filtered('campaign_id'):
            if program.campaign_id.state not in PLANNED:
                raise ValidationError(self.env._(
                    "%(campaign)s has been started: choose a campaign for %(program)s that is "
                    "still planned, so that it can be approved.",
                    campaign=program.campaign_id.title, program=program.name))

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs._follow_campaign()
        return programs

    def write(self, vals):
        if vals.get('active'):
            self._check_campaign_runs()
        result = super().write(vals)
        if vals.get('campaign_id'):
            self._follow_campaign()
        return result

    def _check_campaign_runs(self):
        for program in self:
            if program.campaign_id and program.campaign_id.state != 'running':
                raise UserError(self.env._(
                    "%(program)s belongs to %(campaign)s, which does not run. It begins and ends "
                    "with it.", program=program.name, campaign=program.campaign_id.title))

    def _follow_campaign(self):
        """Open the promotions whose campaigns run, and close those of the others."""
        promoted = self.filtered('campaign_id')
        promoted.campaign_id.filtered(
            lambda campaign: not campaign.is_promotion).is_promotion = True
        running = promoted.filtered(lambda program: program.campaign_id.state == 'running')
        running.filtered(lambda program: not program.active).write({'active': True})
        (promoted - running).filtered('active').write({'active': False})
