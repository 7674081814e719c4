from odoo import api, fields, models


class CrmCampaignStep(models.Model):
    """An offer waits in the portal of the members, until they ask for it."""

    _inherit = 'crm.campaign.step'

    offer_id = fields.Many2one(
        'crm.campaign.offer', index='btree_not_null', ondelete='restrict', copy=False)

    @api.depends('offer_id')
    def _compute_problem(self):
        super()._compute_problem()

    def _problem(self):
        if self.channel == 'offer' and not self.offer_id:
            return self.env._("There is no offer yet: choose one, or write it first.")
        return super()._problem()

    def _begin_offers(self, members):
        members._set_contacted(fields.Datetime.now())

    def _prepare_asked_values(self, member, partner):
        """Return the values of the request of a member who wants what the step offers."""
        return {
            **self._prepare_request_values(member),
            'name': self.offer_id.name,
            'partner_id': partner.id,
            'channel': 'portal',
            'offer_id': self.offer_id.id,
            'description': self.offer_id.body,
        }
