from odoo import models


class CrmPortalOffer(models.Model):
    """Who buys for his company answers what was offered to it; who makes requests, campaigns."""

    _inherit = 'crm.portal.offer'

    def _may_answer(self, user):
        """Return whether somebody may take and decline the offer for his company.

        :param res.users user: who sees it
        :rtype: bool
        """
        self.ensure_one()
        if self.offer_id:
            return user._has_portal_right('buy')
        # sudo: crm.campaign.offer - of which type the request would be
        step = self.sudo().campaign_offer_id.step_ids[:1]
        return user._may_request(step._request_type().kind)

    def _offered(self):
        """Return what is offered: to the customer alone, or by a campaign.

        :rtype: crm.offer | crm.campaign.offer
        """
        self.ensure_one()
        return self.offer_id or self.campaign_offer_id
