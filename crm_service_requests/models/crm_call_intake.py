from odoo import models


class CrmCall(models.Model):
    """From the card of whoever is calling one gets to the dialog of a new request."""

    _inherit = 'crm.call'

    def _calling_buttons(self):
        buttons = super()._calling_buttons()
        intake = self.env['crm.request.intake']
        if intake.has_access('create'):
            buttons.append((self.env._("New Request"), intake._action(
                call_id=self.id, caller=self.phone, partner_id=self.partner_id.id)))
        return buttons
