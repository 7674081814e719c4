from odoo import fields, models


class MailMessage(models.Model):
    _inherit = 'mail.message'

    is_automatic = fields.Boolean(
        "Written by a Machine", readonly=True,
        help="It counts as nobody's word: an answer because somebody is away, for instance.")

    def _is_of_staff(self):
        """Return whether a colleague wrote the message, or the system itself.

        :rtype: bool
        """
        self.ensure_one()
        users = self.author_id.with_context(active_test=False).user_ids
        return any(user._is_internal() for user in users)
