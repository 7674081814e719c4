from odoo import models

from .inbound_mail import MACHINES


class CrmRequest(models.Model):
    """To whom something is mailed that he has not asked for."""

    _inherit = 'crm.request'

    def _mailable(self):
        """Return the requests whose customers can be mailed what they have not asked for.

        :rtype: crm.request
        """
        reachable = self.filtered(
            lambda request: request.email_normalized
            and not MACHINES.match(request.email_normalized))
        # sudo: mail.blacklist - only whether the address is on it
        refused = self.env['mail.blacklist'].sudo().search(
            [('email', 'in', reachable.mapped('email_normalized'))]).mapped('email')
        return reachable.filtered(lambda request: request.email_normalized not in refused)
