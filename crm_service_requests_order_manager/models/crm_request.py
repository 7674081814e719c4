from odoo import models


class CrmRequest(models.Model):
    """Who looks after a customer is his personal manager, else his salesperson."""

    _inherit = 'crm.request'

    def _personal_managers(self):
        others = super()._personal_managers()
        return {
            request: (
                request.partner_id.personal_manager_id
                or request.commercial_partner_id.personal_manager_id
            ).filtered('active') or others[request]
            for request in self}
