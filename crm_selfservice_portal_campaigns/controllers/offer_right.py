from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.crm_campaigns.controllers.offer import OfferPortal
from odoo.addons.crm_selfservice_portal.controllers.portal_orders import customer_groupings


class RightOfferPortal(OfferPortal):
    """Only who may order, or make requests, answers an offer for his company."""

    def _may_answer_offer(self, offer):
        return super()._may_answer_offer(offer) and offer._may_answer(request.env.user)

    def _check_answer_offer(self, offer):
        super()._check_answer_offer(offer)
        if not offer._may_answer(request.env.user):
            raise AccessError(request.env._(
                "%(offer)s: your access to the portal does not allow to answer it. Ask who "
                "administers it in your company, or your contact here.", offer=offer.name))

    def _note_offer_answer(self, offer, answer):
        super()._note_offer_answer(offer, answer)
        request.env['crm.representative.act']._note(answer, offer._offered())

    def _offer_groupings(self):
        return {**super()._offer_groupings(), **customer_groupings(request.env)}
