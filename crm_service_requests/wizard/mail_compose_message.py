from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = 'mail.compose.message'

    def _action_send_mail(self, auto_commit=False):
        result = super()._action_send_mail(auto_commit=auto_commit)
        for composer in self.filtered(lambda composer: composer.model == 'crm.request'):
            requests = self.env['crm.request'].browse(composer._evaluate_res_ids())
            requests._confirmed_with(composer.template_id)
        return result
