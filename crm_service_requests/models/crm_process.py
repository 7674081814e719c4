from odoo import fields, models
from odoo.fields import Domain


class CrmProcess(models.Model):
    """Processes of requests are chosen by the type of the request."""

    _inherit = 'crm.process'

    request_type_ids = fields.One2many('crm.request.type', 'process_id', "Types of Requests")

    def _scope(self):
        scope = super()._scope()
        origin = self.origin_id or self
        if self.model_name == 'crm.request' and origin.request_type_ids:
            scope &= Domain('process_id', '=', origin.id)
        return scope
