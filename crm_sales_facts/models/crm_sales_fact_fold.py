from odoo import api, models
from odoo.tools import SQL

from .. import books

# So many changes are folded in one transaction.
FOLD_BATCH = 10000
# Held in the database by who folds, so that everybody else lets him.
TURN = 0x63726D66


class CrmSalesFact(models.Model):
    """The deltas are taken into the facts, and the sums beside them are made anew."""

    _inherit = 'crm.sales.fact'

    @api.model
    def _fold(self, limit=FOLD_BATCH):
        """Take the oldest deltas into the facts, unless somebody else does it now.

        :param int limit: so many at most
        :return: how many were taken
        :rtype: int
        """
        [[mine]] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", TURN))
        if not mine:
            return 0
        rows = self.env.execute_query(self._fold_query(limit))
        self.invalidate_model()
        self.env['crm.sales.month']._refresh([row[:3] for row in rows])
        self.env['crm.sales.total']._refresh(list({row[:2] for row in rows}))
        return sum(row[3] for row in rows)

    def _fold_query(self, limit):
        """Return the statement that folds, and returns of which months how many were taken.

        :rtype: SQL
        """
        return SQL(
            """
            WITH batch AS MATERIALIZED (
                SELECT id FROM crm_sales_fact_delta ORDER BY id LIMIT %(limit)s
                FOR UPDATE SKIP LOCKED
            ), taken AS (
                DELETE FROM crm_sales_fact_delta WHERE id = ANY(ARRAY(SELECT id FROM batch))
                RETURNING %(columns)s
            ), former AS (
                DELETE FROM crm_sales_fact fact
                USING (SELECT DISTINCT %(keys)s FROM taken) AS key
                WHERE fact.partner_id = key.partner_id AND fact.date = key.date
                  AND fact.company_id = key.company_id
                  AND fact.product_id IS NOT DISTINCT FROM key.product_id
                RETURNING fact.*
            ), folded AS (
                INSERT INTO crm_sales_fact (%(columns)s)
                SELECT %(keys)s, %(sums)s
                FROM (SELECT %(columns)s FROM taken
                      UNION ALL SELECT %(columns)s FROM former) AS known
                GROUP BY %(keys)s
                HAVING sum(quantity) != 0 OR sum(amount) != 0 OR sum(cost) != 0
            )
            SELECT partner_id, company_id, date_trunc('month', date)::date, count(*)
            FROM taken GROUP BY 1, 2, 3
            """,
            limit=limit, columns=books.columns(), keys=books.columns(books.KEYS),
            sums=books.sums())

    @api.model
    def _cron_fold(self):
        """Take the deltas into the facts, batch by batch."""
        remaining = self.env['crm.sales.fact.delta'].search_count([])
        self.env['ir.cron']._commit_progress(remaining=remaining)
        while remaining and (count := self._fold()):
            remaining = max(remaining - count, 0)
            if not self.env['ir.cron']._commit_progress(count, remaining=remaining):
                break
