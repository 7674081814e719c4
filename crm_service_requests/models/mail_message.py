from odoo import models


class MailMessage(models.Model):
    _inherit = 'mail.message'

    def _is_of_staff(self):
        """Return whether a colleague wrote the message, or the system itself.

        :rtype: bool
        """
        self.ensure_one()
        users = self.author_id.with_context(active_test=False).user_ids
        return any(user._is_internal() for user in users)
