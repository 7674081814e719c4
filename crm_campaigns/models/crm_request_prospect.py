from odoo import api, fields, models

from odoo.addons.crm_service_requests.models.inbound_mail import is_forged


class CrmRequest(models.Model):
    """A request whose mail may be forged tells nothing of who sent it."""

    _inherit = 'crm.request'

    mail_forged = fields.Boolean("Mail May Be Forged", readonly=True, copy=False)

    _prospect_idx = models.Index("(email_normalized) WHERE partner_id IS NULL")

    @api.model
    def _route_to_new(self, route, message, message_dict):
        model, thread, values, *rest = super()._route_to_new(route, message, message_dict)
        if is_forged(message):
            values = {**values, 'mail_forged': True}
        return (model, thread, values, *rest)
