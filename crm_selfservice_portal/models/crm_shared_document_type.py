from odoo import fields, models


class CrmSharedDocumentType(models.Model):
    """What sort of document is shared with customers: a price list, a manual, a certificate."""

    _name = 'crm.shared.document.type'
    _description = "Type of Shared Document"
    _order = 'sequence, name'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    document_ids = fields.One2many(
        'crm.shared.document', 'type_id', "Documents", groups='base.group_user')
