from odoo import fields, models


class CrmProcessCause(models.Model):
    """Why a step took longer than its norm."""

    _name = 'crm.process.cause'
    _description = "Cause of a Delay"
    _order = 'sequence, name'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "This cause exists already.")
