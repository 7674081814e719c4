from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmRequest(models.Model):
    """What is accepted back is announced to the warehouse, once, and credited when it arrived."""

    _inherit = 'crm.request'

    picking_ids = fields.One2many(
        'stock.picking', 'crm_request_id', "Transfers", readonly=True, bypass_search_access=True,
        groups='crm_roles.group_order_reader,sales_team.group_sale_salesman,'
               'stock.group_stock_user')
    date_transferred = fields.Datetime("Announced on", readonly=True, copy=False)
    return_transfer_state = fields.Selection(
        [('waiting', "On Its Way"), ('arrived', "Arrived"), ('cancelled', "Cancelled")],
        "Way Back", compute='_compute_return_transfer_state', compute_sudo=True)

    @api.depends('picking_ids.state')
    def _compute_return_transfer_state(self):
        for request in self:
            pickings = request.picking_ids
            living = pickings.filtered(lambda picking: picking.state != 'cancel')
            if not pickings:
                request.return_transfer_state = False
            elif not living:
                request.return_transfer_state = 'cancelled'
            else:
                arrived = all(picking.state == 'done' for picking in living)
                request.return_transfer_state = 'arrived' if arrived else 'waiting'

    def action_make_transfers(self):
        """Announce to the warehouse what is accepted, by Odoo's return of each delivery.

        :return: the action that shows the request again
        :raise UserError: if nothing is accepted, nothing was delivered, or it is announced already
        :raise LockError: if somebody else works on the request at this moment
        """
        self.ensure_one()
        self.check_access('write')
        self._lock_for_conversion()
        self._check_transferable()
        # sudo: stock.picking - what is accepted comes back, whoever may work on the return; it is
        # for the warehouse to receive it
        request_sudo = self.sudo()
        pickings = request_sudo._make_transfers()
        request_sudo.date_transferred = fields.Datetime.now()
        self._message_log(body=self.env._(
            "Announced to the warehouse: %(transfers)s.",
            transfers=", ".join(pickings.mapped('name'))))

    def action_view_transfers(self):
        """Open the transfers by which it comes back.

        :rtype: dict
        """
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('stock.action_picking_tree_all'),
            'domain': [('crm_request_id', '=', self.id)],
            'context': {},
        }

    def _check_transferable(self):
        self.ensure_one()
        if self.return_state not in ('accepted', 'partial'):
            raise UserError(self.env._(
                "%(request)s: nothing of it is accepted. Have it decided first.",
                request=self.display_name))
        if self._living_transfers():
            raise UserError(self.env._(
                "%(request)s: %(transfers)s bring it back already.", request=self.display_name,
                transfers=", ".join(self._living_transfers().mapped('name'))))
        if not self._moves_to_return():
            raise UserError(self.env._(
                "%(request)s: nothing of it was delivered by a transfer, or it came back already.",
                request=self.display_name))

    def _living_transfers(self):
        # sudo: stock.picking - whether there is one, not what is in it
        return self.sudo().picking_ids.filtered(lambda picking: picking.state != 'cancel')

    def _moves_to_return(self):
        """Return which deliveries come back, and how much of each.

        :return: quantities by `stock.move`
        :rtype: dict
        """
        self.ensure_one()
        # sudo: stock.move - what was delivered of the purchases the return is about
        lines_sudo = self.sudo().return_line_ids.filtered(
            lambda line: line.decision == 'accepted')
        left, moves = {}, {}
        for line in lines_sudo:
            for move, quantity in line._returned_moves(left):
                moves[move] = moves.get(move, 0.0) + quantity
        return moves

    def _make_transfers(self):
        """Return the deliveries of what is accepted, by Odoo's own dialog.

        :return: the new transfers
        :rtype: stock.picking
        """
        moves = self._moves_to_return()
        result = self.env['stock.picking']
        for picking in self.env['stock.move'].concat(*moves).picking_id:
            dialog = self.env['stock.return.picking'].create({'picking_id': picking.id})
            dialog.product_return_moves = [
                Command.update(line.id, {'quantity': moves.get(line.move_id, 0.0)})
                for line in dialog.product_return_moves]
            result |= dialog._create_return()
        result.crm_request_id = self
        return result

    def _decided_documents(self):
        return [*super()._decided_documents(), *self._living_transfers().mapped('display_name')]

    def _return_has_arrived(self):
        transfers = self._living_transfers()
        if not transfers:
            return not self._moves_to_return()
        return all(picking.state == 'done' for picking in transfers)

    def _note_arrival(self):
        """Tell that what was accepted is back, and ask for the credit note."""
        for request in self.filtered(lambda request: request.return_transfer_state == 'arrived'):
            request._message_log(body=self.env._("What was accepted has arrived."))
            if request.user_id and request._is_convertible() and (
                    not request._converted_documents()):
                request.activity_schedule(
                    'mail.mail_activity_data_todo', user_id=request.user_id.id,
                    summary=self.env._("It has arrived: make the credit note"))
