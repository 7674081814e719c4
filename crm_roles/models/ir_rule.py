from odoo import api, models
from odoo.tools import conditional, config, ormcache

from ..found_first import found_first


class IrRule(models.Model):
    """Rules about who looks after a customer find his documents by an index."""

    _inherit = 'ir.rule'

    @api.model
    @conditional(
        'xml' not in config['dev_mode'],
        ormcache(
            'self.env.uid', 'self.env.su', 'model_name', 'mode',
            'tuple(self._compute_domain_context_values())'))
    def _compute_domain(self, model_name, mode='read'):
        model = self.env[model_name]
        return found_first(super()._compute_domain(model_name, mode), model).optimize(model)
