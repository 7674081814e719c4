from odoo import models


class CrmCampaignStep(models.Model):
    """Its letter is looked at before, and its envelopes are labelled after."""

    _inherit = 'crm.campaign.step'

    def action_preview_letter(self):
        """Open the letter of the step as one of its members gets it."""
        self.ensure_one()
        action = self.letter_template_id.action_preview()
        return {**action, 'context': {**action['context'], 'default_step_id': self.id}}

    def action_print_labels(self):
        """Choose a sheet for the addresses of whom the step has reached."""
        self.ensure_one()
        return self.env['crm.label.print']._open_for(step_id=self.id)


class CrmAudience(models.Model):
    """Parcels and envelopes to all customers in it are labelled at once."""

    _inherit = 'crm.audience'

    def action_print_labels(self):
        """Choose a sheet for the addresses of the customers in the audience."""
        self.ensure_one()
        return self.env['crm.label.print']._open_for(audience_id=self.id)
