from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

LIMIT = 40


class OfferPortal(CustomerPortal):
    """What campaigns offer to a customer, in his portal."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'campaign_offer_count' in counters:
            values['campaign_offer_count'] = len(self._campaign_offers())
        return values

    @http.route('/my/offers', type='http', auth='user', website=True, readonly=True)
    def portal_my_campaign_offers(self, **params):
        """Show what is offered to the user's company now.

        :param params: ``asked``: the offer just asked for
        """
        found = self._campaign_offers()
        return request.render('crm_campaigns.portal_my_campaign_offers', {
            **self._prepare_portal_layout_values(),
            'page_name': 'campaign_offer',
            'offers': found,
            'asked': found._asked(request.env.user.partner_id),
            'thanks': params.get('asked'),
        })

    @http.route(
        '/my/offers/<int:offer_id>/ask', type='http', auth='user', website=True, methods=['POST'])
    def portal_ask_for_campaign_offer(self, offer_id, **params):
        """Ask for what is offered; asking again does nothing more.

        :param int offer_id: what; another customer's, or one that is over, leads back to the list
        """
        offer = self._campaign_offers(Domain('id', '=', offer_id))
        if not offer:
            return request.redirect('/my/offers')
        offer._ask(request.env.user.partner_id)
        return request.redirect('/my/offers?asked=1')

    def _campaign_offers(self, which=Domain.TRUE):
        """Return what is offered now to whoever looks; nothing to who may read no offers.

        :rtype: crm.campaign.offer
        """
        offers = request.env['crm.campaign.offer']
        if not offers.has_access('read'):
            return offers
        return offers.search(offers._offers_domain() & which, limit=LIMIT)
