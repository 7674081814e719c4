from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import LockError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.crm_roles.replica import only_read
from odoo.addons.crm_service_requests.controllers.portal_list import PortalList

from ..models.crm_campaign_member_decline import DECLINE_REASONS

URL = '/my/offers'


class OfferPortal(PortalList):
    """What is offered to a customer, in his portal."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'portal_offer_count' in counters:
            offers = request.env['crm.portal.offer']
            values['portal_offer_count'] = (
                offers.search_count(offers._open_domain()) if offers.has_access('read') else 0)
        return values

    @http.route(
        [URL, f'{URL}/page/<int:page>'], type='http', auth='user', website=True, readonly=only_read)
    def portal_my_offers(self, **params):
        """List what is offered to the user's company.

        :param params: of the list, see `_portal_list`
        """
        offers = request.env['crm.portal.offer']
        page = self._portal_list(
            URL, offers, Domain.TRUE, params, self._offer_sortings(), self._offer_filters(),
            self._offer_groupings(), self._offer_searches(), offers._portal_columns())
        return request.render('crm_campaigns.portal_my_offers', {
            **self._prepare_portal_layout_values(),
            **page,
            'page_name': 'offers',
            'offers': page.pop('records'),
        })

    @http.route(f'{URL}/<int:offer_id>', type='http', auth='user', website=True, readonly=only_read)
    def portal_my_offer(self, offer_id, **params):
        """Show an offer, and let the user answer it.

        :param int offer_id: which; another customer's is not there
        """
        offer = self._portal_offer(offer_id)
        # sudo: crm.portal.offer - found by the rights of the user; the page shows what is offered
        offer_sudo = offer.sudo()
        return request.render('crm_campaigns.portal_my_offer', {
            **self._prepare_portal_layout_values(),
            'page_name': 'offer',
            'offer': offer_sudo,
            'may_answer': offer.state == 'open' and self._may_answer_offer(offer),
            'reasons': request.env['crm.offer']._fields['decline_reason']._description_selection(
                request.env),
            'done': params.get('done'),
        })

    @http.route(
        f'{URL}/<int:offer_id>/accept', type='http', auth='user', website=True, methods=['POST'])
    def portal_accept_offer(self, offer_id, **params):
        """Take what is offered; taking it again does nothing more.

        :param int offer_id: which; another customer's is not there
        """
        return self._answer_offer(
            offer_id, 'accept', lambda offer: offer._accept(request.env.user.partner_id))

    @http.route(
        f'{URL}/<int:offer_id>/decline', type='http', auth='user', website=True, methods=['POST'])
    def portal_decline_offer(self, offer_id, reason='', **params):
        """Note that the customer does not want it.

        :param int offer_id: which; another customer's is not there
        :param str reason: why, one of `DECLINE_REASONS`
        """
        known = reason if reason in dict(DECLINE_REASONS) else False
        return self._answer_offer(offer_id, 'decline', lambda offer: offer._decline(known))

    def _answer_offer(self, offer_id, answer, give):
        """Give an answer of the user to an offer, once, and lead him to what came of it.

        :param int offer_id: which
        :param str answer: `accept` or `decline`
        :param give: gets the offer, and returns what came of the answer
        :raise NotFound: when it is not offered to him
        """
        offer = self._portal_offer(offer_id)
        self._check_answer_offer(offer)
        page = f'{URL}/{offer_id}'
        try:
            made = offer.state == 'open' and give(offer)
        except LockError:
            # He has pressed twice: the first time counts.
            return request.redirect(page)
        if not made:
            return request.redirect(page)
        self._note_offer_answer(offer, answer)
        if answer == 'accept' and made._name == 'sale.order':
            return request.redirect(f'/my/orders/{made.id}')
        return request.redirect(f'{page}?done={answer}')

    def _portal_offer(self, offer_id):
        """Return an offer to the customer of the user.

        :raise NotFound: when there is none
        """
        offers = request.env['crm.portal.offer']
        offer = offers.has_access('read') and offers.search([('id', '=', offer_id)])
        if not offer:
            raise NotFound()
        return offer

    def _may_answer_offer(self, offer):
        """Return whether the user may take and decline an offer he sees.

        :rtype: bool
        """
        return True

    def _check_answer_offer(self, offer):
        """Refuse who may not answer an offer he sees.

        :raise AccessError: when he may not
        """

    def _note_offer_answer(self, offer, answer):
        """Write down who of the customer has answered.

        :param str answer: `accept` or `decline`
        """

    def _offer_sortings(self):
        """Return in which orders the list may be shown, the usual one first.

        :rtype: dict[str, dict]
        """
        return {
            'end': {'label': request.env._("Ends First"), 'order': 'date_end'},
            'date': {'label': request.env._("Newest"), 'order': 'date DESC'},
            'name': {'label': request.env._("Name"), 'order': 'name'},
        }

    def _offer_filters(self):
        """Return what the list may be narrowed to, the usual one first.

        :rtype: dict[str, dict]
        """
        waiting = request.env['crm.portal.offer']._open_domain()
        return {
            'open': {'label': request.env._("Open"), 'domain': waiting},
            'answered': {
                'label': request.env._("Answered"),
                'domain': Domain('state', 'in', ('asked', 'accepted', 'bought', 'declined'))},
            'all': {'label': request.env._("All"), 'domain': Domain.TRUE},
        }

    def _offer_groupings(self):
        """Return by what the list may be grouped.

        :rtype: dict[str, dict]
        """
        return {}

    def _offer_searches(self):
        """Return in what one may search.

        :rtype: dict[str, dict]
        """
        return {'all': {
            'input': 'all', 'label': request.env._("Search in Offers"),
            'domain': lambda text: Domain('name', 'ilike', text)}}
