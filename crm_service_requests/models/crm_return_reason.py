from odoo import fields, models


class CrmReturnReason(models.Model):
    """Why customers send something back, to be counted."""

    _name = 'crm.return.reason'
    _description = "Reason for Returns"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
