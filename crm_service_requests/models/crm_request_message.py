from odoo import fields, models

from .crm_request import PENDING_STATES


class CrmRequest(models.Model):
    """What is written under a request moves it: an answer of ours, a word of the customer."""

    _inherit = 'crm.request'

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type in ('comment', 'email') and not (
                message.is_internal or message.is_automatic) and (
                message.subtype_id == self.env.ref('mail.mt_comment')):
            if message._is_of_staff():
                self._mark_answered()
            else:
                self._heard_from_outside(message)
        return result

    def _heard_from_outside(self, message):
        """Go on with a request after a word of the customer or of the outside party.

        :param message: what was written, a `mail.message`
        """
        # sudo: crm.request - a customer moves his request by writing, though he may not edit it
        request_sudo = self.sudo()
        request_sudo.date_customer = fields.Datetime.now()
        if request_sudo.state == 'waiting':
            request_sudo.state = 'open'
        elif request_sudo.state not in PENDING_STATES:
            if request_sudo._may_be_reopened():
                request_sudo.action_reopen()
            else:
                request_sudo._follow_up(message)

    def _may_be_reopened(self):
        """Return whether a word of the customer opens the request again.

        :rtype: bool
        """
        self.ensure_one()
        if self.merged_into_id or self.state == 'cancelled':
            return False
        days = self.type_id.reopen_days
        return self.state == 'solved' or bool(self.date_closed) and (
            fields.Datetime.subtract(fields.Datetime.now(), days=days) <= self.date_closed)
