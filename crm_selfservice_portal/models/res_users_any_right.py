from odoo import models


class ResUsers(models.Model):
    """Some things are open to everybody who may do anything at all in the portal."""

    _inherit = 'res.users'

    def _has_any_portal_right(self):
        """Return whether the user may do at least something in the portal; true for employees.

        :rtype: bool
        """
        self.ensure_one()
        return not self._is_portal() or bool(self._portal_rights().names)
