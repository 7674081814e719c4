from odoo import models
from odoo.tools import ormcache


class ResUsers(models.Model):
    """A user of the portal sees the blocks that are meant for his rights and his company."""

    _inherit = 'res.users'

    def _portal_shows(self, block):
        """Return whether a block of the portal is shown to the user; all are to employees.

        :param str block: its code, or the address to which it leads
        :rtype: bool
        """
        self.ensure_one()
        return not self._is_portal() or (block or '').split('?')[0] not in self._portal_hidden()

    @ormcache('self.id')
    def _portal_hidden(self):
        """Return the codes and the addresses of what is hidden, kept until something changes.

        :rtype: frozenset[str]
        """
        # sudo: crm.portal.block, res.users - what is shown to him is told by showing it
        blocks_sudo, user_sudo = self.env['crm.portal.block'].sudo(), self.sudo()
        hidden_sudo = blocks_sudo.search(blocks_sudo._hidden_domain(
            user_sudo.partner_id.commercial_partner_id, self._portal_rights().names))
        return frozenset(hidden_sudo.mapped('code') + hidden_sudo.filtered('url').mapped('url'))
