from odoo import models


class CrmRequestReturnLine(models.Model):
    """A line comes back from the deliveries of its purchase."""

    _inherit = 'crm.request.return.line'

    def _returned_moves(self, left):
        """Return which deliveries come back, the newest first, and how much of each.

        :param dict left: how much of a delivery is still with the customer; what is taken is noted
        :return: pairs of a `stock.move` and a quantity in its unit
        :rtype: list[tuple]
        """
        self.ensure_one()
        result, wanted = [], self.quantity
        for move in self._deliveries():
            unit = move.product_uom
            free = left.setdefault(move, self._still_with_customer(move))
            taken = min(free, self.product_uom_id._compute_quantity(wanted, unit, round=False))
            if unit.compare(taken, 0) > 0:
                result.append((move, taken))
                left[move] = free - taken
                wanted -= unit._compute_quantity(taken, self.product_uom_id, round=False)
        return result

    def _deliveries(self):
        """Return the moves by which the purchase was delivered, the newest first."""
        self.ensure_one()
        return self.sale_line_id.move_ids.filtered(
            lambda move: move.state == 'done' and move.location_dest_id.usage == 'customer'
        ).sorted(lambda move: (move.date, move.id), reverse=True)

    def _still_with_customer(self, move):
        """Return how much of a delivery neither came back nor is announced to."""
        return move.quantity - sum(
            back.quantity if back.state == 'done' else back.product_uom_qty
            for back in move.returned_move_ids if back.state != 'cancel')
