from odoo import api, models
from odoo.tools import SQL

from .. import books

# So many changes are folded in one transaction.
FOLD_BATCH = 10000


class CrmSalesFact(models.Model):
    """The deltas are taken into the facts, and into the months beside them."""

    _inherit = 'crm.sales.fact'

    @api.model
    def _fold(self, limit=FOLD_BATCH):
        """Take the oldest deltas into the facts; those that somebody else holds wait.

        :param int limit: so many at most
        :return: how many were taken
        :rtype: int
        """
        [[count]] = self.env.execute_query(SQL(
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
                RETURNING %(month_keys)s
            ), changed AS MATERIALIZED (%(changed)s),
            former_month AS (
                DELETE FROM crm_sales_month month
                USING changed
                WHERE month.partner_id = changed.partner_id AND month.date = changed.date
                  AND month.company_id = changed.company_id
                RETURNING month.*
            ), folded_month AS (
                INSERT INTO crm_sales_month (%(month_columns)s)
                SELECT %(month_keys)s, %(month_sums)s
                FROM (SELECT %(month_columns)s FROM changed
                      UNION ALL SELECT %(month_columns)s FROM former_month) AS known
                GROUP BY %(month_keys)s
                HAVING sum(fact_count) != 0
            )
            SELECT count(*) FROM taken
            """,
            limit=limit, columns=books.columns(), keys=books.columns(books.KEYS),
            sums=books.sums(), changed=self._changed_months(),
            month_keys=books.columns(books.MONTH_KEYS),
            month_columns=books.columns(books.MONTH_KEYS + books.MONTH_MEASURES),
            month_sums=books.sums(books.MONTH_MEASURES)))
        self.invalidate_model()
        self.env['crm.sales.month'].invalidate_model()
        return count

    def _changed_months(self):
        """Return the query of how months change when deltas are `taken` and facts `folded`.

        :rtype: SQL
        """
        return books.monthly(SQL(
            """
            SELECT %(keys)s, quantity, amount, cost, 0 AS fact_count FROM taken
            UNION ALL SELECT %(keys)s, 0, 0, 0, -1 FROM former
            UNION ALL SELECT %(keys)s, 0, 0, 0, 1 FROM folded
            """, keys=books.columns(books.MONTH_KEYS)))

    @api.model
    def _cron_fold(self):
        """Take the deltas into the facts, batch by batch."""
        remaining = self.env['crm.sales.fact.delta'].search_count([])
        self.env['ir.cron']._commit_progress(remaining=remaining)
        while remaining and (count := self._fold()):
            remaining = max(remaining - count, 0)
            if not self.env['ir.cron']._commit_progress(count, remaining=remaining):
                break
