from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

# The classes of badges: not as loud as a button.
PLAIN = 'text-bg-light border'
UNDERWAY = 'bg-info-subtle text-info-emphasis'
SUCCESS = 'bg-success-subtle text-success-emphasis'


class Status(NamedTuple):
    """How far an order is, in a word: its key, the word, and the class of a badge."""

    key: str
    name: str
    css: str


class SaleOrder(models.Model):
    """Lists tell how far each order is."""

    _inherit = 'sale.order'

    @api.model
    def _portal_columns(self):
        return [*super()._portal_columns(), 'invoice_status', 'amount_unpaid']

    def _portal_statuses(self):
        """Return how far the orders are, each in a word, in one statement for them all.

        :return: by the id of the order
        :rtype: dict[int, Status]
        """
        words = self._status_words()
        deliveries = self._deliveries()
        shows_bills = self._shows_bills()
        return {
            order.id: words[order._status_key(*deliveries.get(order.id, (False,) * 3), shows_bills)]
            for order in self}

    def _status_words(self):
        return {status.key: status for status in (
            Status('quotation', self.env._("Quotation"), PLAIN),
            Status('cancelled', self.env._("Cancelled"), PLAIN),
            Status('late', self.env._("Late"), 'bg-danger-subtle text-danger-emphasis'),
            Status('confirmed', self.env._("Confirmed"), PLAIN),
            Status('preparation', self.env._("In preparation"), UNDERWAY),
            Status('partial', self.env._("Partly delivered"), UNDERWAY),
            Status('delivered', self.env._("Delivered"), SUCCESS),
            Status('billed', self.env._("Billed"), 'bg-warning-subtle text-warning-emphasis'),
            Status('paid', self.env._("Paid"), SUCCESS),
        )}

    def _status_key(self, to_come, begun, promised, shows_bills):
        if self.state != 'sale':
            return 'cancelled' if self.state == 'cancel' else 'quotation'
        if to_come and promised and promised < fields.Datetime.now():
            return 'late'
        if to_come:
            return 'partial' if begun else 'preparation'
        if not shows_bills or self.invoice_status != 'invoiced':
            return 'delivered' if begun else 'confirmed'
        currency = self.env['res.currency']._currency_forms()[self.currency_id.id]
        return 'paid' if currency.is_zero(self.amount_unpaid) else 'billed'

    def _deliveries(self):
        """Return of each order whether goods are to come and some came, and the next promise.

        :rtype: dict[int, tuple[bool, bool, datetime | None]]
        """
        if not self:
            return {}
        lines = self.env['sale.order.line']
        lines.flush_model()
        self.flush_recordset()
        return {row[0]: row[1:] for row in self.env.execute_query(SQL(
            """
            SELECT line.order_id, bool_or(to_come), bool_or(line.qty_delivered > 0),
                   min(%(promise)s) FILTER (WHERE to_come)
            FROM sale_order_line line
            JOIN sale_order sale ON sale.id = line.order_id
            JOIN product_product product ON product.id = line.product_id
            JOIN product_template template ON template.id = product.product_tmpl_id
            CROSS JOIN LATERAL (
                SELECT line.date_delivered IS NULL AND line.qty_delivered < line.product_uom_qty
            ) AS rest (to_come)
            WHERE line.order_id IN %(orders)s AND line.state = 'sale'
              AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
              AND line.product_uom_qty > 0 AND template.type = 'consu'
            GROUP BY line.order_id
            """,
            orders=tuple(self.ids), promise=lines._promise_sql(SQL("sale"), SQL("line"))))}
