from odoo import models


class ResPartner(models.Model):
    """Why somebody is in an audience."""

    _inherit = 'res.partner'

    def action_explain_audience(self):
        """Ask why the customer is in the audience of the context, or in which he is."""
        self.ensure_one()
        return self.env['crm.audience.explanation']._open({
            'default_partner_id': self.id,
            'default_audience_id': self.env.context.get('explained_audience_id')})
