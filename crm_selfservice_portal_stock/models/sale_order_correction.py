from odoo import models


class SaleOrder(models.Model):
    """Goods that are being picked are not corrected any more; what is corrected reaches the
    transfers.

    That quantities and cancellations do is Odoo's own work.
    """

    _inherit = 'sale.order'

    def _correction_refusal(self):
        refusal = super()._correction_refusal()
        if not refusal and self._is_being_picked():
            return self.env._("%(order)s is being packed already.", order=self.name)
        return refusal

    def _is_being_picked(self):
        """Return whether somebody in the warehouse has begun with what is still to leave.

        :rtype: bool
        """
        self.ensure_one()
        # Of a list of orders, the moves are read at once.
        self.browse(self._prefetch_ids).picking_ids.move_ids.mapped('picked')
        return any(
            picking.printed or any(picking.move_ids.mapped('picked'))
            for picking in self._open_transfers()) or any(
            move.state == 'done' and move.move_dest_ids.filtered(
                lambda next_move: next_move.state not in ('done', 'cancel'))
            for move in self.picking_ids.move_ids)

    def _open_transfers(self):
        """Return the transfers of the order that are still to be done.

        :rtype: stock.picking
        """
        return self.picking_ids.filtered(lambda picking: picking.state not in ('done', 'cancel'))

    def _apply_address(self, order, address):
        if not address or not order.id:
            return super()._apply_address(order, address)
        # Odoo gives the address to all transfers then, and reminds nobody to do it by hand;
        # what has left went where it went.
        left = {picking: picking.partner_id for picking in order.picking_ids}
        mapped = super()._apply_address(
            order.with_context(update_delivery_shipping_partner=True), address)
        for picking in order.picking_ids - order._open_transfers():
            picking.partner_id = left[picking]
        return mapped

    def _apply_date(self, date):
        before = self._planned_date()
        super()._apply_date(date)
        if date and before:
            # Odoo moves the deadline only, and would still send the goods on the old day.
            for picking in self._open_transfers():
                picking.scheduled_date += date - before
