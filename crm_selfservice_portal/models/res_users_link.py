from odoo import models
from odoo.tools import SQL

from .portal_mixin_link import LINKED


class ResUsers(models.Model):
    """When somebody loses his access to the portal, the links that he was mailed end, too."""

    _inherit = 'res.users'

    def write(self, vals):
        result = super().write(vals)
        if 'active' in vals and not vals['active']:
            self._end_links()
        return result

    def _end_links(self):
        """Let no link open any more what customers among the users are the contacts of.

        Who is mailed anew gets a new link.
        """
        # sudo: res.users - whoever takes away an access
        partners_sudo = self.sudo().filtered('share').partner_id
        if not partners_sudo:
            return
        for model in map(self.env.get, LINKED):
            model.flush_model(['access_token', 'partner_id'])
            self.env.cr.execute(SQL(
                "UPDATE %s SET access_token = NULL"
                " WHERE partner_id IN %s AND access_token IS NOT NULL",
                SQL.identifier(model._table), tuple(partners_sudo.ids)))
            model.invalidate_model(['access_token'])
