from odoo import models
from odoo.exceptions import AccessError

from .crm_representative_right import TECHNICAL_KINDS


class ResUsers(models.Model):
    """Who may make requests in the portal, and do something with those there are."""

    _inherit = 'res.users'

    def _may_request(self, kind=None):
        """Return whether the user may make requests, and answer, close and reopen them.

        :param str kind: the kind of the type of the requests; without it, of any kind
        :return: always true for an employee, whose own rights decide
        :rtype: bool
        """
        self.ensure_one()
        return self._has_portal_right('request') or (
            kind in (None, *TECHNICAL_KINDS) and self._has_portal_right('technical'))

    def _check_may_request(self, kind=None):
        """Refuse who may not, see :meth:`_may_request`.

        :raise AccessError: answered with status 403
        """
        if not self._may_request(kind):
            raise AccessError(self.env._(
                "Your access to the portal does not allow to make requests like this, or to "
                "answer them. Ask who administers it in your company, or your contact here."))
