from odoo import api, models

# Not the token: who has it acts as the customer, and outside parties read the request, too.
OUTSIDE_FIELDS = frozenset([
    'id', 'display_name', 'number', 'name', 'state', 'type_id', 'kind', 'channel', 'priority',
    'partner_id', 'commercial_partner_id', 'assigned_partner_id', 'assigned_company_id', 'turn',
    'company_id', 'date_received', 'date_solved', 'date_closed', 'description', 'access_url',
    'create_date',
])


class CrmRequest(models.Model):
    """Customers and outside parties read of a request what is named here, and nothing else.

    What other addons add to a request is for colleagues, until somebody decides otherwise.
    """

    _inherit = 'crm.request'

    @api.model
    def _outside_fields(self):
        """Return the fields that a user of the portal reads by his own rights.

        :rtype: frozenset[str]
        """
        return OUTSIDE_FIELDS

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            self.env.su or not self.env.user._is_portal()
            or field.name in self._outside_fields())
