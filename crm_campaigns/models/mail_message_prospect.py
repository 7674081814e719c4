from odoo import models


class MailMessage(models.Model):
    _inherit = 'mail.message'

    # What was written by somebody unknown is looked for every day.
    _unknown_sender_idx = models.Index(
        "(id) WHERE author_id IS NULL AND message_type = 'email'")
