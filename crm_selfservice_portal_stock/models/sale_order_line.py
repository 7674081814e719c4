from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_selfservice_portal.forecast import Forecast


class SaleOrderLine(models.Model):
    """Transfers say when a line was delivered, and for when the rest is planned."""

    _inherit = 'sale.order.line'

    @api.depends(
        'qty_delivered_method', 'move_ids.state', 'move_ids.date', 'move_ids.location_dest_usage',
        'move_ids.origin_returned_move_id')
    def _compute_date_delivered(self):
        moved = self.filtered(lambda line: line._forward_moves())
        super(SaleOrderLine, self - moved)._compute_date_delivered()
        for line in moved:
            line.date_delivered = line.state == 'sale' and line._date_last_moved()

    def _forward_moves(self):
        """Return the moves on which the goods of the line go to the customer, not those back.

        :rtype: stock.move
        """
        return self.move_ids.filtered(
            lambda move: move.state != 'cancel' and not move.origin_returned_move_id
            and move.location_dest_usage != 'inventory')

    def _date_last_moved(self):
        """Return when the last of the line left to the customer, nothing while some is to come.

        Of what no transfer is planned any more nothing is to come.

        :rtype: datetime | bool
        """
        moves = self._forward_moves()
        if any(move.state != 'done' for move in moves):
            return False
        return max((move.date for move in moves if move._is_to_customer()), default=False)

    def _fill_date_delivered(self):
        """Do for all lines what `_compute_date_delivered` does, in one statement."""
        self.env.flush_all()
        self.env.execute_query(SQL(
            """
            UPDATE sale_order_line line SET date_delivered = moved.last
            FROM (
                SELECT move.sale_line_id, bool_and(move.state = 'done') AS complete,
                       max(move.date) FILTER (WHERE place.usage = 'customer') AS last
                FROM stock_move move
                JOIN stock_location place ON place.id = move.location_dest_id
                WHERE move.sale_line_id IS NOT NULL AND move.state != 'cancel'
                  AND move.origin_returned_move_id IS NULL AND place.usage != 'inventory'
                GROUP BY move.sale_line_id
            ) moved
            WHERE moved.sale_line_id = line.id AND moved.complete AND line.state = 'sale'
            RETURNING line.id
            """))
        self.invalidate_model(['date_delivered'])

    def _open_moves(self):
        return self._forward_moves().filtered(lambda move: move.state != 'done')

    def _forecasts(self):
        now = fields.Datetime.now()
        planned = {line: line._open_moves()._planned_date() for line in self}
        return super()._forecasts() | {
            line: Forecast(date, date, date) for line, date in planned.items()
            if date and date > now}
