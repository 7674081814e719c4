from odoo import models


class CrmRequest(models.Model):
    """The customer is told how his request was solved, and asked whether it is."""

    _inherit = 'crm.request'

    def write(self, vals):
        pending = self.filtered(lambda request: request.state != 'solved')
        result = super().write(vals)
        if vals.get('state') == 'solved':
            pending._tell_solution()
        return result

    def _tell_solution(self):
        """Mail the solution with a link by which the customer says whether it is one."""
        # sudo: crm.request - the system tells, whoever has solved a request
        told = self.sudo().filtered(lambda request: request.channel != 'rule')._mailable()
        told._mark_answered()
        self.env.ref('crm_service_requests.mail_template_request_solved').send_mail_batch(
            told.ids, email_layout_xmlid='mail.mail_notification_light')
