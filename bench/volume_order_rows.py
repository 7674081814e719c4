"""What the orders drawn by lot are in the tables of Odoo."""

from bulk import Clone

COMPUTED = {
    'sale.order': [
        'commercial_partner_id', 'amount_untaxed', 'amount_tax', 'amount_total', 'invoice_status',
        'margin', 'margin_percent', 'amount_unpaid', 'amount_received', 'call_count',
        'last_call_id', 'next_call_at', 'last_caller_id', 'callback_personal', 'payment_failed_at',
        'payment_failed_message', 'call_state', 'call_value',
    ],
    'sale.order.line': [
        'price_subtotal', 'price_tax', 'price_total', 'price_reduce_taxexcl', 'price_reduce_taxinc',
        'qty_invoiced', 'qty_to_invoice', 'invoice_status', 'untaxed_amount_invoiced',
        'untaxed_amount_to_invoice', 'margin', 'margin_percent',
    ],
}
TABLES = {
    'sale_order': [Clone(
        'sale_order', 'order',
        "bench.lot JOIN bench.total USING (n) JOIN bench.balance USING (n) LEFT JOIN bench.bill"
        " USING (n) LEFT JOIN bench.last_call USING (n) LEFT JOIN bench.failed USING (n)"
        " LEFT JOIN crm_call_outcome outcome ON outcome.id = last_call.outcome_id", {
            'id': "lot.id", 'name': "'S' || lot.id + 100000", 'partner_id': "lot.partner_id",
            'partner_invoice_id': "lot.partner_id", 'partner_shipping_id': "lot.partner_id",
            'commercial_partner_id': "%(partner)s + lot.c", 'state': "lot.state",
            'date_order': "lot.date_order", 'create_date': "lot.date_order",
            'write_date': "lot.date_order", 'access_token': "NULL",
            'validity_date': "lot.date_order::date + 30", 'amount_untaxed': "untaxed",
            'amount_tax': "total.tax", 'amount_total': "total.total", 'margin': "total.margin",
            'margin_percent': "(total.margin / untaxed)::float8",
            'invoice_status': "CASE WHEN lot.state != 'sale' THEN 'no' WHEN bill.n IS NULL OR"
                              " refunded THEN 'to invoice' ELSE 'invoiced' END",
            'order_manager_id': "lot.manager_id", 'amount_unpaid': "unpaid",
            'amount_received': "received", 'commission_due': "FALSE", 'duties_checked': "TRUE",
            'call_count': "COALESCE(calls, 0)", 'last_call_id': "last_call.id",
            'next_call_at': "last_call.callback_at", 'last_caller_id': "last_call.user_id",
            'callback_personal': "CASE WHEN last_call.id IS NOT NULL THEN TRUE END",
            'call_user_id': "NULL", 'call_held_at': "NULL",
            'payment_failed_at': "failed.date", 'payment_failed_message':
                "CASE WHEN failed.n IS NOT NULL THEN 'The card was refused.' END",
            'call_state': "CASE WHEN unpaid = 0 OR lot.state NOT IN ('sent', 'sale') THEN 'done'"
                          " WHEN failed.n IS NOT NULL AND outcome.kind = 'lost' THEN 'to_call'"
                          " WHEN outcome.kind = 'lost' THEN 'done'"
                          " WHEN outcome.kind IN ('callback', 'no_answer') THEN outcome.kind"
                          " ELSE 'to_call' END",
            'call_value': "0",
        }), """
        UPDATE sale_order SET call_value = round(amount_unpaid * %(guess)s / 1000000, 2)
        WHERE call_state != 'done' AND id > %(first_order)s
        """],
    'sale_order_line': [Clone('sale_order_line', 'line', "bench.line", {
        'id': "line.id", 'order_id': "line.order_id", 'sequence': "10",
        'order_partner_id': "line.partner_id", 'product_id': "line.product_id",
        'state': "line.state", 'name': "'Product ' || line.product_id - %(variant)s",
        'product_uom_qty': "line.quantity", 'price_unit': "price", 'technical_price_unit': "price",
        'discount': "line.discount", 'price_subtotal': "subtotal", 'price_tax': "line.tax",
        'price_total': "subtotal + line.tax", 'price_reduce_taxexcl': "subtotal / quantity",
        'price_reduce_taxinc': "(subtotal + line.tax) / quantity", 'purchase_price': "cost",
        'margin': "subtotal - cost * quantity",
        'margin_percent': "((subtotal - cost * quantity) / subtotal)::float8",
        'qty_invoiced': "CASE status WHEN 'billed' THEN quantity ELSE 0 END",
        'qty_to_invoice': "CASE WHEN status IN ('open', 'refunded') THEN quantity ELSE 0 END",
        'invoice_status': "CASE status WHEN 'billed' THEN 'invoiced' WHEN 'none' THEN 'no'"
                          " ELSE 'to invoice' END",
        'untaxed_amount_invoiced': "CASE status WHEN 'billed' THEN subtotal ELSE 0 END",
        'untaxed_amount_to_invoice': "CASE WHEN status IN ('open', 'refunded') THEN subtotal"
                                     " ELSE 0 END",
        'create_date': "create_date", 'write_date': "write_date"})],
    'account_tax_sale_order_line_rel': ["""
        INSERT INTO account_tax_sale_order_line_rel (sale_order_line_id, account_tax_id)
        SELECT id, %(tax)s FROM bench.line
        """],
}
