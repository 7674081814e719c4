from odoo import models
from odoo.tools import SQL


class UomUom(models.Model):
    """Quantities are in the unit of the product, also when a unit comes to mean another amount."""

    _inherit = 'uom.uom'

    def write(self, vals):
        if {'relative_factor', 'relative_uom_id', 'factor'}.isdisjoint(vals):
            return super().write(vals)
        units = self.with_context(active_test=False).search([('id', 'child_of', self.ids)])
        scope = SQL("(unit.id = ANY(%(ids)s) OR line_unit.id = ANY(%(ids)s))", ids=units.ids)
        with self.env['crm.sales.fact']._kept(scope):
            return super().write(vals)
