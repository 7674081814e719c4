from odoo import api, fields, models
from odoo.fields import Domain

from .res_users import SEE_OFFERS


class CrmPortalBlock(models.Model):
    """A block may be for those who see offers."""

    _inherit = 'crm.portal.block'

    needs = fields.Selection(
        selection_add=[('offer', "Sees Offers")], ondelete={'offer': 'set default'})

    @api.model
    def _hidden_domain(self, customer, rights):
        hidden = super()._hidden_domain(customer, rights)
        return hidden if SEE_OFFERS & rights else hidden | Domain('needs', '=', 'offer')
