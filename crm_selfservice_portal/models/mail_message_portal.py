from odoo import models


class MailMessage(models.Model):
    """Who only looks at a document in the portal writes nothing under it, also when he follows
    it."""

    _inherit = 'mail.message'

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if operation != 'create' or not self.env.user._is_portal():
            return forbidden
        return forbidden + (self - forbidden).filtered(
            lambda message: not message._is_written_in_portal())

    def _is_written_in_portal(self):
        model = self.env.get(self.model)
        return (
            not isinstance(model, self.env.registry['crm.portal.conversation'])
            or model._is_written_in_portal())
