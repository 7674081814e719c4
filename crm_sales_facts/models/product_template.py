from odoo import models
from odoo.tools import SQL


class ProductTemplate(models.Model):
    """Quantities are in the unit of the product, also when it changes."""

    _inherit = 'product.template'

    def write(self, vals):
        if 'uom_id' not in vals:
            return super().write(vals)
        with self.env['crm.sales.fact']._kept(SQL("template.id = ANY(%s)", self.ids)):
            return super().write(vals)
