from odoo import models

from .crm_representative_right import SEEN_BY


class ResPartner(models.Model):
    """How the account of a customer stands is told to who sees all its bills."""

    _inherit = 'res.partner'

    def _open_amounts(self, companies):
        return super()._open_amounts(companies) if self._is_account_seen() else {}

    def _credit(self, company):
        return super()._credit(company) if self._is_account_seen() else None

    def _is_account_seen(self):
        """Return whether the user sees all bills of the customer, as far as the portal goes.

        :rtype: bool
        """
        self.ensure_one()
        user = self.env.user
        if not user._is_portal():
            return True
        rights = user._portal_rights()
        return bool(rights.names & SEEN_BY['bill']) and self.id in (rights.customer_ids or ())
