from odoo import models
from odoo.tools import SQL

from .crm_request import PENDING_STATES

# Days on which somebody must have bought before he has a rhythm.
RHYTHM_DAYS = 3


class CrmRequestRule(models.Model):
    """What customers buy and are offered: their rhythm, deliveries and quotations."""

    _inherit = 'crm.request.rule'

    def _purchase_sql(self):
        """Return the days on which customers bought: by an order, or by a bill without one."""
        return SQL(
            """ SELECT partner.commercial_partner_id AS partner_id, %(ordered_on)s AS day
                  FROM sale_order doc JOIN res_partner partner ON partner.id = doc.partner_id
                 WHERE doc.state = 'sale' AND doc.amount_total > 0
                   AND doc.company_id IN %(companies)s
                 UNION
                SELECT bill.commercial_partner_id, bill.invoice_date
                  FROM account_move bill
                 WHERE bill.move_type = 'out_invoice' AND bill.state = 'posted'
                   AND bill.payment_state <> 'reversed' AND bill.amount_total > 0
                   AND bill.commercial_partner_id IS NOT NULL
                   AND bill.company_id IN %(companies)s
                   AND NOT EXISTS (
                SELECT FROM account_move_line line
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
                 WHERE line.move_id = bill.id) """,
            ordered_on=self._day_sql(SQL("doc.date_order")), companies=tuple(self._company_ids()))

    def _rhythm_sql(self):
        """Return when customers bought last, and in which rhythm, in days."""
        return SQL(
            """ SELECT partner_id, MAX(day) AS last, CASE
                       WHEN COUNT(*) >= %s
                       THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) END AS rhythm
                  FROM (
                SELECT partner_id, day,
                       day - LAG(day) OVER (PARTITION BY partner_id ORDER BY day) AS gap
                  FROM (%s) AS purchase) AS step
              GROUP BY partner_id """,
            RHYTHM_DAYS, self._purchase_sql())

    def _no_sale_sql(self):
        return SQL(
            """ SELECT partner_id, NULL::numeric AS amount, %(today)s - last AS days, last AS date,
                       NULL::float AS percent, rhythm, NULL::integer[] AS document_ids
                  FROM (%(rhythm)s) AS customer
                 WHERE (%(days)s > 0 AND %(today)s - last >= %(days)s)
                    OR (%(factor)s > 0 AND %(today)s - last >= %(factor)s * rhythm) """,
            rhythm=self._rhythm_sql(), today=self._today(), days=self.days, factor=self.factor)

    def _next_purchase_sql(self):
        return SQL(
            """ SELECT partner_id, NULL::numeric AS amount, next - %(today)s AS days, next AS date,
                       NULL::float AS percent, rhythm, NULL::integer[] AS document_ids
                  FROM (SELECT *, last + ROUND(rhythm)::integer AS next
                          FROM (%(rhythm)s) AS customer) AS customer
                 WHERE next BETWEEN %(today)s AND %(today)s + %(days)s """,
            rhythm=self._rhythm_sql(), today=self._today(), days=self.days)

    def _after_delivery_sql(self):
        return SQL(
            """ SELECT partner_id, SUM(amount) AS amount, %(today)s - MAX(day) AS days,
                       MAX(day) AS date, NULL::float AS percent, NULL::float AS rhythm,
                       ARRAY_AGG(id) AS document_ids
                  FROM (
                SELECT doc.id, partner.commercial_partner_id AS partner_id,
                       doc.amount_total / COALESCE(NULLIF(doc.currency_rate, 0), 1) AS amount,
                       %(delivered_on)s AS day
                  FROM sale_order doc JOIN res_partner partner ON partner.id = doc.partner_id
                 WHERE doc.state = 'sale' AND doc.company_id IN %(companies)s
                       ) AS delivery
                 WHERE day BETWEEN %(today)s - %(days_max)s AND %(today)s - %(days)s
                   AND NOT %(asked)s
              GROUP BY partner_id HAVING SUM(amount) >= %(amount)s """,
            delivered_on=self._delivered_on_sql(), asked=self._asked_sql(SQL("delivery")),
            companies=tuple(self._company_ids()), today=self._today(), days=self.days,
            days_max=self.days_max, amount=self.amount)

    def _delivered_on_sql(self):
        """Return the day on which the order `doc` was delivered or its service done.

        With stock it is the day of the delivery, once all is delivered; without, or for services,
        the promised day, or that of the last bill once all is billed.
        """
        base = SQL(
            """COALESCE(%s, CASE WHEN doc.invoice_status = 'invoiced' THEN (
                SELECT MAX(bill.invoice_date)
                  FROM sale_order_line line
                  JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
                  JOIN account_move_line bill_line ON bill_line.id = rel.invoice_line_id
                  JOIN account_move bill ON bill.id = bill_line.move_id
                 WHERE line.order_id = doc.id AND bill.move_type = 'out_invoice'
                   AND bill.state = 'posted') END)""",
            self._day_sql(SQL("doc.commitment_date")))
        if 'delivery_status' not in self.env['sale.order']._fields:
            return base
        return SQL(
            """CASE WHEN doc.delivery_status IS NULL THEN %s
                    WHEN doc.delivery_status = 'full' THEN %s END""",
            base, self._day_sql(SQL("doc.effective_date")))

    def _quotation_expiring_sql(self):
        return SQL(
            """ SELECT partner_id, SUM(amount) AS amount, MIN(validity_date) - %(today)s AS days,
                       MIN(validity_date) AS date, NULL::float AS percent, NULL::float AS rhythm,
                       ARRAY_AGG(id) AS document_ids
                  FROM (
                SELECT doc.id, doc.validity_date, partner.commercial_partner_id AS partner_id,
                       doc.amount_total / COALESCE(NULLIF(doc.currency_rate, 0), 1) AS amount
                  FROM sale_order doc JOIN res_partner partner ON partner.id = doc.partner_id
                 WHERE doc.state IN ('draft', 'sent') AND doc.company_id IN %(companies)s
                   AND doc.validity_date BETWEEN %(today)s AND %(today)s + %(days)s
                       ) AS quotation
                 WHERE NOT %(asked)s
              GROUP BY partner_id HAVING SUM(amount) >= %(amount)s """,
            asked=self._asked_sql(SQL("quotation")), companies=tuple(self._company_ids()),
            today=self._today(), days=self.days, amount=self.amount)

    def _asked_sql(self, document):
        """Return the condition that the customer was asked about a document before."""
        return SQL(
            """EXISTS (
                SELECT FROM crm_request asked
                 WHERE asked.rule_id = %(rule)s AND asked.state NOT IN %(pending)s
                   AND asked.commercial_partner_id = %(document)s.partner_id
                   AND asked.rule_facts -> 'document_ids' @> to_jsonb(%(document)s.id))""",
            rule=self.id, pending=tuple(PENDING_STATES), document=document)
