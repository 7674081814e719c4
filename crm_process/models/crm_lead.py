from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """Leads are timed."""

    _name = 'crm.lead'
    _inherit = ['crm.lead', 'crm.process.mixin']

    @api.model
    def _process_value_sql(self, alias):
        return SQL("%s.expected_revenue", alias)
