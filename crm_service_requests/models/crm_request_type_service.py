from odoo import fields, models


class CrmRequestType(models.Model):
    """A type of visits knows who may come."""

    _inherit = 'crm.request.type'

    technician_ids = fields.Many2many(
        'res.users', 'crm_request_type_technician_rel', 'type_id', 'user_id', "Technicians",
        domain=[('share', '=', False)],
        help="Whose free times are proposed. Empty: those of the members of the team.")
