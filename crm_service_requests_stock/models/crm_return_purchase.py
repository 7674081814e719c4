from odoo import models
from odoo.tools import SQL


class CrmReturnPurchase(models.Model):
    """What was delivered can go back, from the day of its delivery."""

    _inherit = 'crm.return.purchase'
    _depends = {
        'stock.move': [
            'state', 'date', 'sale_line_id', 'quantity', 'product_uom', 'location_id',
            'location_dest_id', 'origin_returned_move_id', 'picking_id'],
        'stock.picking': ['crm_request_id'],
    }

    def _delivered_sql(self):
        return SQL("(SELECT MAX(move.date) %s)", self._moved_sql('location_dest_id'))

    def _bought_sql(self):
        return SQL(
            "CASE WHEN EXISTS (SELECT FROM stock_move move WHERE move.sale_line_id = line.id "
            "AND move.state <> 'cancel') THEN %s ELSE %s END",
            self._quantity_sql(self._moved_sql('location_dest_id')), super()._bought_sql())

    def _elsewhere_sql(self):
        return SQL("GREATEST(%s, %s)", super()._elsewhere_sql(), self._quantity_sql(SQL(
            "%s AND NOT EXISTS (SELECT FROM stock_picking picking "
            "WHERE picking.id = move.picking_id AND picking.crm_request_id IS NOT NULL)",
            self._moved_sql('location_id'))))

    def _moved_sql(self, name):
        """Return the moves of a line of an order to or from the customer.

        :param str name: the field that names the place of the customer
        """
        return SQL("""
              FROM stock_move move
              JOIN stock_location place ON place.id = move.%s AND place.usage = 'customer'
             WHERE move.sale_line_id = line.id AND move.state = 'done'""", SQL.identifier(name))

    def _quantity_sql(self, moves):
        """Return the quantity of moves in the unit of the line of the order."""
        return SQL("""
            COALESCE((
                SELECT SUM(counted.quantity) FROM (
                    SELECT move.quantity * (SELECT factor FROM uom_uom WHERE id = move.product_uom)
                           / (SELECT factor FROM uom_uom WHERE id = line.product_uom_id)
                           AS quantity %s) counted), 0)""", moves)
