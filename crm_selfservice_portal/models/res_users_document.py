from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """A user of the portal sees the documents that are shared with his company, or with him."""

    _inherit = 'res.users'

    def _portal_document_domain(self):
        """Return which shared documents the user may see in the portal; all for employees.

        :rtype: Domain
        """
        self.ensure_one()
        if not self._is_portal():
            return Domain.TRUE
        if not self._has_any_portal_right():
            return Domain.FALSE
        rights = self._portal_rights()
        ids = [rights.partner_id, *(rights.customer_ids or ())]
        return self.env['crm.shared.document']._valid_domain() & (
            Domain('audience', '=', 'all') | Domain('partner_ids', 'in', ids)
            | Domain('category_ids.partner_ids', 'in', ids))
