from odoo import api, fields, models
from odoo.tools import SQL

# A payment so many days after a call counts as its doing.
DAYS = 14


class CrmCallScriptReport(models.Model):
    _inherit = 'crm.call.script.report'
    _depends = {'crm.call': ['campaign_id']}

    campaign_id = fields.Many2one('utm.campaign', readonly=True)
    paid = fields.Integer(
        "Led to Payment", readonly=True, aggregator='sum',
        help="The order, or a part of it, was paid within 14 days after the call.")
    paid_rate = fields.Float("Led to Payment (%)", readonly=True, aggregator='avg')

    @api.model
    def _report_columns(self):
        paid = SQL("(%s)::int", self._paid_after_call())
        return {
            **super()._report_columns(),
            'campaign_id': SQL.identifier('call', 'campaign_id'),
            'paid': paid,
            'paid_rate': SQL("100.0 * %s", paid),
        }

    @api.model
    def _paid_after_call(self):
        """Return whether money came for the order of a `call` in the days after it, in SQL.

        Money is an online payment, a payment registered on a bill, or one that the bank brought;
        a credit note is none.
        """
        return SQL(
            """
            call.res_model = 'sale.order' AND (
                EXISTS (
                    SELECT FROM sale_order_transaction_rel rel
                    JOIN payment_transaction tx ON tx.id = rel.transaction_id
                    WHERE rel.sale_order_id = call.res_id
                      AND tx.state = 'done' AND tx.operation NOT IN ('refund', 'validation')
                      AND tx.last_state_change >= call.date_start
                      AND tx.last_state_change < call.date_start + %(days)s * interval '1 day')
                OR EXISTS (
                    SELECT FROM sale_order_line line
                    JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
                    JOIN account_move_line item ON item.id = rel.invoice_line_id
                    JOIN account_move__account_payment matched ON matched.invoice_id = item.move_id
                    JOIN account_payment payment ON payment.id = matched.payment_id
                    WHERE line.order_id = call.res_id
                      AND payment.state IN ('in_process', 'paid')
                      AND payment.payment_type = 'inbound'
                      AND payment.date >= call.date_start::date
                      AND payment.date <= call.date_start::date + %(days)s)
                OR EXISTS (
                    SELECT FROM sale_order_line line
                    JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
                    JOIN account_move_line item ON item.id = rel.invoice_line_id
                    JOIN account_move_line due ON due.move_id = item.move_id
                      AND due.display_type = 'payment_term'
                    JOIN account_partial_reconcile part ON part.debit_move_id = due.id
                    JOIN account_move_line credit ON credit.id = part.credit_move_id
                    JOIN account_move entry ON entry.id = credit.move_id
                    WHERE line.order_id = call.res_id AND entry.move_type = 'entry'
                      AND part.max_date >= call.date_start::date
                      AND part.max_date <= call.date_start::date + %(days)s)
            )
            """, days=DAYS)
