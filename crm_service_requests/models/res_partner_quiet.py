from odoo import api, fields, models


class ResPartner(models.Model):
    """A customer may wish to be asked nothing that he did not begin."""

    _inherit = 'res.partner'

    crm_request_quiet = fields.Boolean(
        "No Generated Requests",
        help="Rules make no requests of this customer. It is said of the company and holds for "
             "all of its contacts.")

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), 'crm_request_quiet']
