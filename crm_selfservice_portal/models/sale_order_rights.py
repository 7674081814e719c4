from odoo import models


class SaleOrder(models.Model):
    """In the portal an order is discussed by who has rights to act."""

    _name = 'sale.order'
    _inherit = ['crm.portal.conversation', 'sale.order']
