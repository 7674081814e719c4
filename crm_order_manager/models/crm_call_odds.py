from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from .odds import FIRST_GUESS, PRIOR_CALLS

# A call led to a payment when the order was paid within so many days after it.
PAID_WITHIN_DAYS = 14
FACTORS = [
    ('all', "All Calls"),
    ('attempt', "Attempt"),
    ('age', "Days since the Order"),
    ('amount', "Amount from"),
    ('hour', "Hour of the Day"),
    ('weekday', "Weekday"),
]


class CrmCallOdds(models.Model):
    """How often calls under one circumstance ended in payment, learnt from the calls made."""

    _name = 'crm.call.odds'
    _description = "Odds of Payment"
    _order = 'company_id, factor, bucket'
    _rec_name = 'factor'

    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True)
    factor = fields.Selection(FACTORS, required=True, readonly=True)
    bucket = fields.Integer(
        readonly=True, aggregator=None,
        help="The attempt, the hour, or the lowest value of the band.")
    calls = fields.Integer(readonly=True)
    paid = fields.Integer("Led to a Payment", readonly=True)
    probability = fields.Float("Chance", readonly=True, aggregator='avg', digits=(4, 3))

    _bucket_uniq = models.Constraint(
        'UNIQUE(company_id, factor, bucket)', "There is one line for each circumstance.")

    @api.model
    @ormcache('company_id')
    def _shifts(self, company_id):
        """Return the share of all calls that end in payment, and how each circumstance shifts it.

        :param int company_id: the id of the company whose calls count
        :return: the share, and the shift by factor and bucket
        :rtype: tuple[float, dict]
        """
        # sudo: crm.call.odds - shares of calls, without persons
        lines_sudo = self.sudo().search([('company_id', '=', company_id)])
        base = next((line.probability for line in lines_sudo if line.factor == 'all'), FIRST_GUESS)
        return base, {
            (line.factor, line.bucket): line.probability - base
            for line in lines_sudo if line.factor != 'all'
        }

    @api.model
    def _learn(self):
        """Learn the odds anew from all calls about orders, in one statement."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_call_odds")
        self.env.cr.execute(self._learn_query())
        self.invalidate_model()
        self.env.registry.clear_cache()

    @api.model
    def _learn_query(self):
        """Return the statement that counts calls and payments under each circumstance.

        When an order was paid is the day of its last payment, by reconciliation or online.
        """
        return SQL(
            """
            WITH payment AS (
                SELECT order_id, max(day) AS paid_at FROM (
                    SELECT line.order_id, partial.max_date::timestamp + interval '1 day' AS day
                    FROM sale_order_line line
                    JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
                    JOIN account_move_line item ON item.id = link.invoice_line_id
                    JOIN account_move_line owed ON owed.move_id = item.move_id
                    JOIN account_partial_reconcile partial ON partial.debit_move_id = owed.id
                    UNION ALL
                    SELECT link.sale_order_id, transaction.last_state_change
                    FROM sale_order_transaction_rel link
                    JOIN payment_transaction transaction ON transaction.id = link.transaction_id
                    WHERE transaction.state IN ('authorized', 'done')
                ) AS paid GROUP BY order_id
            ), call AS (
                SELECT crm_call.company_id,
                       row_number() OVER (
                           PARTITION BY crm_call.res_id
                           ORDER BY crm_call.date_start, crm_call.id) AS attempt,
                       crm_call.date_start,
                       extract(day FROM crm_call.date_start - sale_order.date_order) AS age,
                       sale_order.amount_total AS amount,
                       COALESCE(sale_order.amount_unpaid = 0
                           AND payment.paid_at >= crm_call.date_start
                           AND payment.paid_at <= crm_call.date_start + %(days)s * interval '1 day',
                           FALSE) AS is_paid
                FROM crm_call
                JOIN sale_order ON sale_order.id = crm_call.res_id
                LEFT JOIN payment ON payment.order_id = sale_order.id
                WHERE crm_call.res_model = 'sale.order' AND crm_call.outcome_id IS NOT NULL
                  AND (payment.paid_at IS NOT NULL
                       OR crm_call.date_start < %(now)s - %(days)s * interval '1 day')
            ), circumstance AS (
                SELECT company_id, is_paid, factor, bucket FROM call, LATERAL (VALUES
                    ('all', 0),
                    ('attempt', LEAST(attempt, 5)),
                    ('age', CASE WHEN age >= 90 THEN 90 WHEN age >= 30 THEN 30
                                 WHEN age >= 14 THEN 14 WHEN age >= 7 THEN 7
                                 WHEN age >= 3 THEN 3 ELSE 0 END),
                    ('amount', CASE WHEN amount >= 5000 THEN 5000 WHEN amount >= 1000 THEN 1000
                                    WHEN amount >= 250 THEN 250 WHEN amount >= 50 THEN 50
                                    ELSE 0 END),
                    ('hour', extract(hour FROM date_start)::int),
                    ('weekday', extract(isodow FROM date_start)::int)
                ) AS value(factor, bucket)
            ), counted AS (
                SELECT company_id, factor, bucket, count(*) AS calls,
                       count(*) FILTER (WHERE is_paid) AS paid
                FROM circumstance GROUP BY company_id, factor, bucket
            ), base AS (
                SELECT company_id, (paid + %(weight)s * %(guess)s) / (calls + %(weight)s) AS mean
                FROM counted WHERE factor = 'all'
            )
            INSERT INTO crm_call_odds (
                company_id, factor, bucket, calls, paid, probability,
                create_uid, create_date, write_uid, write_date)
            SELECT company_id, factor, bucket, calls, paid,
                   CASE WHEN factor = 'all' THEN mean
                        ELSE (paid + %(weight)s * mean) / (calls + %(weight)s) END,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
            FROM counted JOIN base USING (company_id)
            """,
            days=PAID_WITHIN_DAYS,
            weight=float(PRIOR_CALLS),
            guess=FIRST_GUESS,
            now=fields.Datetime.now(),
            uid=self.env.uid,
        )
