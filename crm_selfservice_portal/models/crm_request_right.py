from odoo import api, models


class CrmRequest(models.Model):
    """In the portal only who may make requests acts on them, and it is written down."""

    _inherit = 'crm.request'

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation != 'create' or not self.env.user._is_portal():
            return operations
        # sudo: crm.request - of which kind it is decides whether he may
        allowed = self.sudo().filtered(lambda request: self.env.user._may_request(request.kind))
        # Whoever uses the portal writes no request, so that this refuses him.
        return {
            request: operation if request.id in allowed.ids else 'write'
            for request, operation in operations.items()}

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode='read', **kwargs):
        thread = super()._get_thread_with_access(thread_id, mode=mode, **kwargs)
        # The token of a mail lets nobody do what his own rights forbid.
        if mode == 'write' and self.env.user._is_portal():
            return thread.filtered(lambda request: self.env.user._may_request(request.kind))
        return thread

    # What is written down

    @api.model
    def _create_from_web(self, kind, data, files=()):
        request_sudo = super()._create_from_web(kind, data, files)
        self.env['crm.representative.act']._note('request', request_sudo)
        return request_sudo

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == 'comment':
            self.env['crm.representative.act']._note('answer', self)
        return result

    def rating_apply(self, rate, *args, **kwargs):
        rating = super().rating_apply(rate, *args, **kwargs)
        for request in self:
            self.env['crm.representative.act']._note('rate', request)
        return rating
