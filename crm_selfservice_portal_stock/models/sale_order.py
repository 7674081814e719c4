from datetime import date

from odoo import models

from odoo.addons.crm_selfservice_portal.models.sale_order_tracking import Step


class SaleOrder(models.Model):
    """Each transfer to the customer is a step of his order."""

    _inherit = 'sale.order'

    def _to_customer(self):
        """Return the transfers that bring the goods to the customer.

        :rtype: stock.picking
        """
        return self.picking_ids.filtered(
            lambda picking: picking.state != 'cancel'
            and picking.location_dest_id.usage == 'customer')

    def _came_steps(self, lines):
        by_hand = super()._came_steps(lines.filtered(lambda line: not line._forward_moves()))
        moved = [
            Step('delivered', self.env._("Delivered"), 'done', self._local_day(picking.date_done),
                 self._transfer_texts(picking), picking._portal_links(self._visitor_token()))
            for picking in self._to_customer() if picking.state == 'done']
        return sorted(by_hand + moved, key=lambda step: step.day or date.min)

    def _to_come_steps(self, lines):
        pickings = self._to_customer().filtered(lambda picking: picking.state != 'done').sorted(
            lambda picking: (picking.scheduled_date, picking.id))
        if not pickings:
            return super()._to_come_steps(lines)
        unplanned = lines.filtered(lambda line: not line._forward_moves())
        words = (*self._to_come_words(), *(
            self._few(self._what_is_to_come(unplanned)) if unplanned else ()))
        return [self._transfer_step(picking, words if picking == pickings[0] else ())
                for picking in pickings]

    def _transfer_step(self, picking, words):
        """Return the step of a transfer that is still to come.

        :param tuple words: sentences about all that is to come
        :rtype: Step
        """
        late = self._promise_state()[1]
        return Step(
            'to_come', self.env._("Delivery"), 'late' if late else 'next',
            self._day_to_come(picking), (*words, *self._transfer_texts(picking)))

    def _day_to_come(self, picking):
        """Return on which day a transfer is to arrive: when it was promised, or is planned."""
        planned = picking.move_ids._planned_date() or picking.scheduled_date
        promised = self._promise_state()[0]
        return self._local_day(promised or planned)

    def _transfer_texts(self, picking):
        moves = picking.move_ids.filtered(lambda move: move.state != 'cancel')
        return (*picking._portal_texts(), *self._few([move._portal_words() for move in moves]))

    def _visitor_token(self):
        """Return the token with which somebody reads the order who is not logged in."""
        return self.access_token if self.env.user._is_public() else ''

    def _is_on_its_way(self, promised):
        moves = self._lines_to_come()._open_moves()
        return bool(moves) and all(
            move.state == 'assigned' and self._local_day(move.date) <= self._local_day(promised)
            for move in moves)
