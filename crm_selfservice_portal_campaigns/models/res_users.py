from odoo import models
from odoo.fields import Domain

# Who has one of these sees what is offered to his company.
SEE_OFFERS = {'view', 'buy', 'request'}


class ResUsers(models.Model):
    """A representative sees the offers to the companies he acts for."""

    _inherit = 'res.users'

    def _portal_offers_domain(self):
        if not self._is_portal():
            return super()._portal_offers_domain()
        rights = self._portal_rights()
        if not rights.names & SEE_OFFERS:
            return Domain.FALSE
        if rights.customer_ids is None:
            # What was offered for a reason tells what others of the company bought.
            return super()._portal_offers_domain() & (
                Domain('offer_id', '=', False)
                | Domain('commercial_partner_id', '=', rights.partner_id))
        return Domain('commercial_partner_id', 'in', rights.customer_ids)
