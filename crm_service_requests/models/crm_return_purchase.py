from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

PAID = ('paid', 'in_payment', 'reversed')


class CrmReturnPurchase(models.Model):
    """What customers bought, line by line: when, what of it went back, and what still may.

    A line of an order, or of a bill that has no order. It is read, never kept.
    """

    _name = 'crm.return.purchase'
    _description = "Purchase"
    _auto = False
    _order = 'date_order DESC, id DESC'
    _rec_name = 'product_id'
    _depends = {
        'sale.order': ['state', 'date_order', 'partner_id', 'company_id', 'currency_id'],
        'sale.order.line': [
            'product_id', 'product_uom_qty', 'product_uom_id', 'price_reduce_taxexcl',
            'display_type', 'is_downpayment', 'invoice_lines'],
        'account.move': [
            'state', 'move_type', 'invoice_date', 'payment_state', 'partner_id', 'crm_request_id',
            'reversed_entry_id', 'commercial_partner_id'],
        'account.move.line': [
            'product_id', 'quantity', 'product_uom_id', 'price_subtotal', 'display_type',
            'sale_line_ids'],
        'crm.request': ['state'],
        'crm.request.return.line': [
            'request_id', 'sale_line_id', 'move_line_id', 'quantity', 'decision'],
        'res.partner': ['commercial_partner_id'],
    }

    sale_line_id = fields.Many2one('sale.order.line', "Order Line", readonly=True)
    move_line_id = fields.Many2one('account.move.line', "Bill Line", readonly=True)
    order_id = fields.Many2one('sale.order', readonly=True)
    move_id = fields.Many2one('account.move', "Bill", readonly=True)
    partner_id = fields.Many2one('res.partner', "Customer", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    product_id = fields.Many2one('product.product', readonly=True)
    product_uom_id = fields.Many2one('uom.uom', "Unit", readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    date_order = fields.Datetime("Ordered", readonly=True)
    date_delivery = fields.Datetime("Delivered", readonly=True)
    date_bill = fields.Date("Billed", readonly=True)
    paid = fields.Boolean(readonly=True)
    price_unit = fields.Monetary("Price", readonly=True, aggregator=None)
    bought = fields.Float(digits='Product Unit', readonly=True)
    returned = fields.Float(
        digits='Product Unit', readonly=True,
        help="What was accepted in other requests, and what was credited without a request.")
    returnable = fields.Float(digits='Product Unit', readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT purchase.*, GREATEST(purchase.bought - purchase.returned, 0) AS returnable "
            "FROM (%s UNION ALL %s) purchase", self._order_lines_sql(), self._bill_lines_sql())

    def _order_lines_sql(self):
        """Return the lines of confirmed orders."""
        return SQL("""
            SELECT line.id * 2 AS id, line.id AS sale_line_id, NULL::integer AS move_line_id,
                   line.order_id, NULL::integer AS move_id, customer.commercial_partner_id
                   AS partner_id, line.company_id, line.product_id, line.product_uom_id,
                   line.currency_id, sale.date_order, %(delivered)s AS date_delivery,
                   bill.date AS date_bill, COALESCE(bill.paid, FALSE) AS paid,
                   line.price_reduce_taxexcl AS price_unit, %(bought)s AS bought,
                   COALESCE(accepted.quantity, 0) + %(elsewhere)s AS returned
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id AND sale.state = 'sale'
              JOIN res_partner customer ON customer.id = sale.partner_id
              LEFT JOIN LATERAL (
                    SELECT MAX(move.invoice_date) AS date,
                           BOOL_AND(move.payment_state IN %(paid)s) AS paid
                      FROM sale_order_line_invoice_rel rel
                      JOIN account_move_line billed ON billed.id = rel.invoice_line_id
                      JOIN account_move move ON move.id = billed.move_id
                     WHERE rel.order_line_id = line.id AND move.state = 'posted'
                       AND move.move_type = 'out_invoice'
                   ) bill ON TRUE
              LEFT JOIN LATERAL (%(accepted)s) accepted ON TRUE
              LEFT JOIN LATERAL (
                    SELECT SUM(credit.quantity) AS quantity
                      FROM sale_order_line_invoice_rel rel
                      JOIN account_move_line credit ON credit.id = rel.invoice_line_id
                      JOIN account_move move ON move.id = credit.move_id
                     WHERE rel.order_line_id = line.id AND %(outside)s
                   ) credited ON TRUE
             WHERE line.display_type IS NULL AND line.product_id IS NOT NULL
               AND line.is_downpayment IS NOT TRUE AND line.product_uom_qty > 0""",
            delivered=self._delivered_sql(), bought=self._bought_sql(), paid=PAID,
            accepted=self._accepted_sql('sale_line_id'), outside=self._outside_sql(),
            elsewhere=self._elsewhere_sql())

    def _bill_lines_sql(self):
        """Return the lines of posted bills that do not come from an order."""
        return SQL("""
            SELECT line.id * 2 + 1, NULL::integer, line.id, NULL::integer, line.move_id,
                   bill.commercial_partner_id, line.company_id, line.product_id,
                   line.product_uom_id, line.currency_id, bill.invoice_date::timestamp,
                   NULL::timestamp, bill.invoice_date, bill.payment_state IN %(paid)s,
                   line.price_subtotal / line.quantity, line.quantity,
                   COALESCE(accepted.quantity, 0) + COALESCE(credited.quantity, 0)
              FROM account_move_line line
              JOIN account_move bill ON bill.id = line.move_id
              LEFT JOIN LATERAL (%(accepted)s) accepted ON TRUE
              LEFT JOIN LATERAL (
                    SELECT SUM(credit.quantity) AS quantity
                      FROM account_move move
                      JOIN account_move_line credit ON credit.move_id = move.id
                     WHERE move.reversed_entry_id = bill.id
                       AND credit.product_id = line.product_id
                       AND credit.display_type = 'product' AND %(outside)s
                   ) credited ON TRUE
             WHERE line.display_type = 'product' AND line.product_id IS NOT NULL
               AND line.quantity > 0 AND bill.state = 'posted'
               AND bill.move_type = 'out_invoice' AND NOT EXISTS (
                    SELECT FROM sale_order_line_invoice_rel rel
                     WHERE rel.invoice_line_id = line.id)""",
            paid=PAID, accepted=self._accepted_sql('move_line_id'), outside=self._outside_sql())

    def _accepted_sql(self, name):
        """Return how much of a line was accepted back.

        :param str name: the field by which a return names its purchase
        """
        return SQL("""
            SELECT SUM(back.quantity) AS quantity
              FROM crm_request_return_line back
              JOIN crm_request request ON request.id = back.request_id
             WHERE back.%s = line.id AND back.decision = 'accepted'
               AND request.state <> 'cancelled'""", SQL.identifier(name))

    def _outside_sql(self):
        """Return which credit notes give back what no request has accepted."""
        return SQL("""
            move.move_type = 'out_refund' AND move.state <> 'cancel' AND NOT EXISTS (
                SELECT FROM crm_request_return_line back
                  JOIN crm_request request ON request.id = back.request_id
                 WHERE back.request_id = move.crm_request_id AND request.state <> 'cancelled')""")

    def _delivered_sql(self):
        """Return when a line of an order was delivered, as far as that is known."""
        return SQL("NULL::timestamp")

    def _bought_sql(self):
        """Return how much of a line of an order the customer has."""
        return SQL("line.product_uom_qty")

    def _elsewhere_sql(self):
        """Return how much of a line of an order went back without a request."""
        return SQL("COALESCE(credited.quantity, 0)")

    def action_return(self):
        """Put what was chosen on the return for which it was chosen, all that may still go back.

        :return: the action that shows the return
        :rtype: dict
        :raise UserError: if it was not chosen for a return, or that return is decided
        """
        request = self.env['crm.request'].browse(
            self.env.context.get('return_request_id')).exists()
        if not request:
            raise UserError(self.env._(
                "Open a return first, and choose what goes back by \"Add from Purchases\"."))
        request.return_line_ids = [
            Command.create(values) for values in self._prepare_return_values()]
        # The list was a detour: the way back leads to the return, not to it.
        return {**request.get_formview_action(), 'target': 'main'}

    def _prepare_return_values(self):
        """Return what the lines of a return are made of.

        :rtype: list[dict]
        """
        return [{
            'sale_line_id': purchase.sale_line_id.id,
            'move_line_id': purchase.move_line_id.id,
            'quantity': purchase.returnable,
        } for purchase in self if purchase.returnable]
