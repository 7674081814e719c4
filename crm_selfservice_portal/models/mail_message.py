from odoo import models


class MailMessage(models.Model):
    """Who follows a request in the portal, and may only read it, writes nothing under it."""

    _inherit = 'mail.message'

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        user = self.env.user
        if operation != 'create' or not user._is_portal():
            return forbidden
        written = (self - forbidden).filtered(lambda message: message.model == 'crm.request')
        # sudo: crm.request - of which kind it is decides whether he may
        requests_sudo = self.env['crm.request'].sudo().browse(written.mapped('res_id'))
        refused = requests_sudo.filtered(lambda request: not user._may_request(request.kind))
        return forbidden + written.filtered(lambda message: message.res_id in refused.ids)
