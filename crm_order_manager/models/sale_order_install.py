from odoo import models
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .odds import FIRST_GUESS

# What is filled on the orders that are there already, with the types of the columns.
COLUMNS = {
    'amount_unpaid': 'numeric',
    'amount_received': 'numeric',
    'call_state': 'varchar',
    'call_value': 'numeric',
    'call_count': 'int4',
    'last_call_id': 'int4',
    'last_caller_id': 'int4',
    'next_call_at': 'timestamp',
    'callback_personal': 'bool',
    'payment_failed_at': 'timestamp',
    'payment_failed_message': 'varchar',
    'commission_due': 'bool',
    'duties_checked': 'bool',
}


class SaleOrder(models.Model):
    """Where orders are there before the addon, one statement says what each of them is like."""

    _inherit = 'sale.order'

    def _auto_init(self):
        if column_exists(self.env.cr, self._table, 'amount_unpaid'):
            return super()._auto_init()
        others = self._fill_new_columns()
        result = super()._auto_init()

        @self.pool.post_init
        def mark_others():
            orders = self.browse(others)
            for name in COLUMNS:
                if self._fields[name].compute:
                    self.env.add_to_compute(self._fields[name], orders)

        return result

    def _fill_new_columns(self):
        """Make the columns, and fill them by SQL for the orders it can tell about.

        :return: the ids of the other orders, which are to be computed one by one
        :rtype: list[int]
        """
        cr = self.env.cr
        cr.execute(SQL("ALTER TABLE sale_order %s", SQL(", ").join(
            SQL("ADD COLUMN IF NOT EXISTS %s %s", SQL.identifier(name), SQL(kind))
            for name, kind in COLUMNS.items())))
        cr.execute(SQL(
            """
            UPDATE sale_order
            SET amount_unpaid = known.unpaid, amount_received = known.received, call_count = 0,
                commission_due = FALSE,
                -- What was paid before is over.
                duties_checked = sale_order.state = 'sale',
                call_state = CASE WHEN known.calls THEN 'to_call' ELSE 'done' END,
                call_value = CASE WHEN known.calls THEN known.value ELSE 0 END
            FROM (%s) AS known WHERE known.id = sale_order.id
            """, self._balance_query()))
        cr.execute("""
            UPDATE sale_order SET duties_checked = state = 'sale' WHERE amount_unpaid IS NULL
            RETURNING id
        """)
        return sorted(row[0] for row in cr.fetchall())

    def _balance_query(self):
        """Return the query of what is unpaid and received, as `_compute_amount_unpaid` computes it.

        It has a row per order with its ``id``, ``unpaid``, ``received``, whether it ``calls`` for a
        call, and the ``value`` of one. Orders are left out that somebody tried to pay online, that
        have bills in another currency or payments without an entry, or that were called about.

        :rtype: SQL
        """
        return SQL(
            """
            WITH billed_line AS (
                SELECT line.order_id, item.move_id, item.id, item.price_total,
                       item.display_type = 'product' AS is_product
                FROM sale_order_line line
                JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
                JOIN account_move_line item ON item.id = link.invoice_line_id
                GROUP BY line.order_id, item.id
            ), share AS (
                SELECT order_id, move_id, sum(price_total) FILTER (WHERE is_product) AS ours
                FROM billed_line GROUP BY order_id, move_id
            ), whole AS (
                SELECT item.move_id, sum(item.price_total) AS whole
                FROM account_move_line item
                WHERE item.display_type = 'product'
                  AND item.move_id IN (SELECT move_id FROM share)
                GROUP BY item.move_id
            ), part AS (
                SELECT share.order_id, bill.move_type = 'out_refund' AS is_credit, bill.state,
                       bill.move_type IN ('out_invoice', 'out_refund') AND bill.state = 'posted'
                           AS counts,
                       CASE WHEN COALESCE(whole, 0) = 0 THEN COALESCE(ours, 0)
                            ELSE bill.amount_total * COALESCE(ours, 0) / whole END AS amount,
                       CASE WHEN bill.amount_total = 0 THEN 1
                            ELSE (bill.amount_total - bill.amount_residual) / bill.amount_total
                            END AS settled
                FROM share
                JOIN account_move bill ON bill.id = share.move_id
                LEFT JOIN whole ON whole.move_id = share.move_id
            ), summed AS (
                SELECT order_id, bool_or(state = 'draft') AS has_draft,
                       COALESCE(sum(amount) FILTER (WHERE counts AND NOT is_credit), 0) AS billed,
                       COALESCE(sum(amount) FILTER (WHERE counts AND is_credit), 0) AS credited,
                       COALESCE(sum(CASE WHEN is_credit THEN -amount ELSE amount END * settled)
                                FILTER (WHERE counts), 0) AS paid
                FROM part GROUP BY order_id
            ), hard AS (
                SELECT sale_order_id AS id FROM sale_order_transaction_rel
                UNION
                SELECT res_id FROM crm_call WHERE res_model = 'sale.order'
                UNION
                SELECT share.order_id FROM share
                JOIN sale_order ON sale_order.id = share.order_id
                JOIN account_move bill ON bill.id = share.move_id
                WHERE bill.currency_id != sale_order.currency_id
                   OR EXISTS (SELECT FROM account_invoice_transaction_rel link
                              WHERE link.invoice_id = bill.id)
                   OR EXISTS (SELECT FROM account_move__account_payment link
                              JOIN account_payment payment ON payment.id = link.payment_id
                              WHERE link.invoice_id = bill.id AND payment.move_id IS NULL)
            ), owing AS (
                SELECT sale_order.id, sale_order.state, COALESCE(credited, 0) AS credited,
                       COALESCE(paid, 0) AS paid, currency.rounding,
                       CASE WHEN sale_order.invoice_status IN ('invoiced', 'upselling')
                                 AND has_draft IS NOT TRUE THEN COALESCE(billed, 0)
                            ELSE GREATEST(sale_order.amount_total, COALESCE(billed, 0)) END AS owed
                FROM sale_order
                JOIN res_currency currency ON currency.id = sale_order.currency_id
                LEFT JOIN summed ON summed.order_id = sale_order.id
                WHERE sale_order.id NOT IN (SELECT id FROM hard WHERE id IS NOT NULL)
            ), balance AS (
                SELECT id, state, rounding,
                       CASE WHEN state = 'cancel' THEN 0
                            ELSE GREATEST(0, owed - credited - paid) END AS unpaid,
                       CASE WHEN state = 'cancel' THEN 0
                            ELSE GREATEST(0, LEAST(owed - credited, paid)) END AS received
                FROM owing
            ), rounded AS (
                SELECT id, state, rounding, round(unpaid / rounding) * rounding AS unpaid,
                       round(received / rounding) * rounding AS received
                FROM balance
            )
            SELECT id, unpaid, received, state IN ('sent', 'sale') AND unpaid != 0 AS calls,
                   round(unpaid * %(chance)s / rounding) * rounding AS value
            FROM rounded
            """,
            chance=SQL(str(FIRST_GUESS)))
