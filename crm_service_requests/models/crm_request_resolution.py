from odoo import fields, models


class CrmRequestResolution(models.Model):
    """In what way a request ended, to be counted."""

    _name = 'crm.request.resolution'
    _description = "Resolution"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    type_ids = fields.Many2many(
        'crm.request.type', string="Types", help="Offered for these. Empty: for all.")
