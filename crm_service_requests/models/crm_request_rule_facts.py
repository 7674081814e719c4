from odoo import fields, models
from odoo.tools import SQL


class CrmRequestRule(models.Model):
    """What is known of the accounts of customers: of whom a rule speaks, and what it says.

    Each statement gives at most one row for a customer, a commercial entity, with the columns
    ``partner_id``, ``amount``, ``days``, ``date``, ``percent``, ``rhythm`` and ``document_ids``.
    """

    _inherit = 'crm.request.rule'

    def _facts_sql(self):
        """Return the statement that finds the customers to whom the rule applies today.

        :rtype: SQL
        """
        return {
            'no_sale': self._no_sale_sql,
            'advance': self._advance_sql,
            'overdue': self._overdue_sql,
            'credit_limit': self._credit_limit_sql,
            'balance': self._balance_sql,
            'after_delivery': self._after_delivery_sql,
            'quotation_expiring': self._quotation_expiring_sql,
            'next_purchase': self._next_purchase_sql,
        }[self.kind]()

    def _document_model(self):
        """Return of which model the ``document_ids`` of the facts are.

        :rtype: str
        """
        return 'sale.order' if self.kind in (
            'after_delivery', 'quotation_expiring') else 'account.move'

    def _timezone(self):
        return self.company_id.partner_id.tz or 'UTC'

    def _today(self):
        """Return the day it is at the company's.

        :rtype: datetime.date
        """
        return fields.Date.context_today(self.with_context(tz=self._timezone()))

    def _day_sql(self, moment):
        """Return the day of a moment at the company's."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self._timezone())

    # What is owed

    def _receivable_sql(self):
        """Return the open items of the customers, in the currency of the company."""
        return SQL(
            """ SELECT partner.commercial_partner_id AS partner_id, line.move_id, line.date,
                       COALESCE(line.date_maturity, line.date) AS date_due,
                       line.amount_residual AS residual, line.no_followup
                  FROM account_move_line line
                  JOIN account_account account
                    ON account.id = line.account_id AND account.account_type = 'asset_receivable'
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                   AND line.amount_residual <> 0 AND line.company_id IN %s """,
            tuple(self._company_ids()))

    def _advance_sql(self):
        return SQL(
            """ SELECT partner_id, -SUM(residual) AS amount, %(today)s - MIN(date) AS days,
                       MIN(date) AS date, NULL::float AS percent, NULL::float AS rhythm,
                       ARRAY_AGG(DISTINCT move_id) AS document_ids
                  FROM (%(receivable)s) AS item
                 WHERE residual < 0 AND date <= %(today)s - %(days)s
              GROUP BY partner_id HAVING -SUM(residual) >= %(amount)s """,
            receivable=self._receivable_sql(), today=self._today(), days=self.days,
            amount=self.amount)

    def _overdue_sql(self):
        return SQL(
            """ SELECT partner_id, SUM(residual) AS amount, %(today)s - MIN(date_due) AS days,
                       MIN(date_due) AS date, NULL::float AS percent, NULL::float AS rhythm,
                       ARRAY_AGG(DISTINCT move_id) AS document_ids
                  FROM (%(receivable)s) AS item
                 WHERE residual > 0 AND no_followup IS NOT TRUE
                   AND date_due <= %(today)s - %(days)s
              GROUP BY partner_id HAVING SUM(residual) >= %(amount)s """,
            receivable=self._receivable_sql(), today=self._today(), days=max(self.days, 1),
            amount=self.amount)

    def _balance_sql(self):
        in_favour = SQL("<=") if self.amount < 0 else SQL(">=")
        return SQL(
            """ SELECT partner_id, SUM(residual) AS amount, %(today)s - MIN(date_due) AS days,
                       MIN(date_due) AS date, NULL::float AS percent, NULL::float AS rhythm,
                       ARRAY_AGG(DISTINCT move_id) AS document_ids
                  FROM (%(receivable)s) AS item
              GROUP BY partner_id
                HAVING SUM(residual) %(in_favour)s %(amount)s AND SUM(residual) <> 0 """,
            receivable=self._receivable_sql(), today=self._today(), in_favour=in_favour,
            amount=self.amount)

    def _credit_limit_sql(self):
        partners = self.env['res.partner'].with_company(self.company_id)
        return SQL(
            """ SELECT used.*, 100 * used.amount / customer.credit_limit AS percent,
                       NULL::float AS rhythm, NULL::integer[] AS document_ids
                  FROM (
                SELECT partner_id, SUM(amount) AS amount, NULL::integer AS days,
                       NULL::date AS date
                  FROM (SELECT partner_id, residual AS amount FROM (%(receivable)s) AS item
                     UNION ALL %(to_bill)s) AS item
              GROUP BY partner_id) AS used
                  JOIN (
                SELECT id, %(limit)s AS credit_limit FROM res_partner) AS customer
                    ON customer.id = used.partner_id
                 WHERE customer.credit_limit > 0 AND used.amount > 0
                   AND used.amount >= customer.credit_limit * %(percent)s / 100 """,
            receivable=self._receivable_sql(), to_bill=self._to_bill_sql(), percent=self.percent,
            limit=partners._field_to_sql('res_partner', 'credit_limit'))

    def _to_bill_sql(self):
        """Return what of confirmed orders is to be billed, with its taxes."""
        return SQL(
            """ SELECT partner.commercial_partner_id AS partner_id,
                       line.untaxed_amount_to_invoice
                       * COALESCE(line.price_total / NULLIF(line.price_subtotal, 0), 1)
                       / COALESCE(NULLIF(doc.currency_rate, 0), 1) AS amount
                  FROM sale_order_line line
                  JOIN sale_order doc ON doc.id = line.order_id
                  JOIN res_partner partner ON partner.id = doc.partner_invoice_id
                 WHERE doc.state = 'sale' AND line.untaxed_amount_to_invoice > 0
                   AND doc.company_id IN %s """,
            tuple(self._company_ids()))
