from odoo import fields, models
from odoo.tools.sql import column_exists


class SaleOrder(models.Model):
    """Whose order it is: lists of a customer compare one stored company, not all its contacts."""

    _inherit = 'sale.order'

    commercial_partner_id = fields.Many2one(
        'res.partner', "Customer Company", related='partner_id.commercial_partner_id', store=True)

    _portal_idx = models.Index('(commercial_partner_id, date_order DESC, id DESC)')

    def _auto_init(self):
        cr = self.env.cr
        if not column_exists(cr, self._table, 'commercial_partner_id'):
            cr.execute("ALTER TABLE sale_order ADD COLUMN commercial_partner_id int4")
            cr.execute("""
                UPDATE sale_order SET commercial_partner_id = partner.commercial_partner_id
                FROM res_partner AS partner WHERE partner.id = sale_order.partner_id
            """)
        return super()._auto_init()
