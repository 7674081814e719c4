from odoo import fields, models


class CrmCallScriptObjection(models.Model):
    """A doubt of customers, and what to say to it at any step."""

    _name = 'crm.call.script.objection'
    _description = "Objection Card"
    _inherit = ['crm.call.text.mixin']
    _order = 'script_id, sequence, id'

    sequence = fields.Integer(default=10)

    def _prepare_for(self, document):
        """Return the card in plain data, see `crm.call.script._prepare_for`."""
        self.ensure_one()
        return {'id': self.id, 'name': self.name, 'text': self._render_text(document)}
