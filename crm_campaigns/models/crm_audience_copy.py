from odoo import models


class CrmAudience(models.Model):
    """A campaign made from a template has an audience of its own, to be changed as needed."""

    _inherit = 'crm.audience'

    def _copy_for(self, title):
        """Return a copy of the audience for a campaign.

        :param str title: of the campaign
        :rtype: crm.audience
        """
        self.ensure_one()
        return self.copy({
            'name': self.env._("%(audience)s (%(campaign)s)", audience=self.name, campaign=title),
            'company_id': self.env.company.id})
