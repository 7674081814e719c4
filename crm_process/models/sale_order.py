from odoo import models


class SaleOrder(models.Model):
    """Orders are timed; a lead may wait for its quotations."""

    _name = 'sale.order'
    _inherit = ['sale.order', 'crm.process.mixin']

    def _process_related(self, names):
        moves = names is None or not {'state', 'opportunity_id'}.isdisjoint(names)
        if moves and self.env['crm.lead']._process_watched():
            return [self.opportunity_id]
        return []

    def _process_parents(self):
        return {order.id: order.opportunity_id for order in self}

    def _process_values(self):
        return {order.id: order.margin / (order.currency_rate or 1.0) for order in self}
