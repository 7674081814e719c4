from odoo import models


class CrmLead(models.Model):
    """Leads are timed."""

    _name = 'crm.lead'
    _inherit = ['crm.lead', 'crm.process.mixin']

    def _process_values(self):
        return {lead.id: lead.expected_revenue for lead in self}
