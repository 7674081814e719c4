from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Who uses the portal finds there what is offered to his company."""

    _inherit = 'res.users'

    def _portal_offers_domain(self):
        """Return which offers the user sees in the portal.

        :rtype: Domain
        """
        self.ensure_one()
        return Domain('commercial_partner_id', '=', self.commercial_partner_id.id)
