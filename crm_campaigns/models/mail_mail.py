from odoo import models


class MailMail(models.Model):
    """What becomes of a mail is known on the touch it belongs to."""

    _inherit = 'mail.mail'

    def _postprocess_sent_message(
            self, success_pids, success_emails, failure_reason=False, failure_type=None):
        failure = failure_type and (failure_reason or self._failure_label(failure_type))
        # sudo: crm.campaign.touch - whoever sends the queue notes what became of it
        self.env['crm.campaign.touch'].sudo()._note_mails(self, failure or '')
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)

    def _failure_label(self, failure_type):
        labels = dict(self._fields['failure_type']._description_selection(self.env))
        return labels.get(failure_type, failure_type)
