from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """An administrator of a customer looks after his colleagues in the portal."""

    _inherit = 'res.users'

    def _portal_colleague_domain(self):
        """Return whose rights and acts the user sees in the portal: his own, and those of the
        colleagues he administers.

        :rtype: Domain
        """
        self.ensure_one()
        rights = self._portal_rights()
        own = Domain('partner_id', '=', rights.partner_id)
        if 'administer' not in rights.names:
            return own
        return own | Domain('commercial_partner_id', 'in', rights.customer_ids or ())
