from odoo import models


class AccountMove(models.Model):
    """Who is mailed a bill and reads it by his own rights gets no link that does more."""

    _inherit = 'account.move'

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals)
        readers = self._portal_readers(
            (msg_vals or {}).get('partner_ids') or message.partner_ids.ids)
        return [
            (name, self._among(matches, readers), values)
            if name == 'additional_intended_recipient' else (name, matches, values)
            for name, matches, values in groups]

    def _among(self, matches, readers):
        """Return the condition of a group of recipients, without those who need no link."""
        return lambda recipient: recipient['id'] not in readers.ids and matches(recipient)

    def _portal_readers(self, partner_ids):
        """Return which contacts read the bill in the portal.

        :rtype: res.partner
        """
        # sudo: res.partner, res.users - who has access to the portal
        users_sudo = self.env['res.partner'].sudo().browse(partner_ids).user_ids.filtered(
            lambda user: user._is_portal())
        return users_sudo.filtered(lambda user: not self._is_linked_for(user)).partner_id
