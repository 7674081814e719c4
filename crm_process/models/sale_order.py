from odoo import api, models
from odoo.tools import SQL


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

    @api.model
    def _process_value_sql(self, alias):
        return SQL(
            "%(order)s.margin / COALESCE(NULLIF(%(order)s.currency_rate, 0), 1)", order=alias)
