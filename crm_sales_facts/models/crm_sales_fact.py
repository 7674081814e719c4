import logging
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from .. import books

_logger = logging.getLogger(__name__)

# So many changes are folded in one transaction.
FOLD_BATCH = 10000
# What the queries of the books read.
READ = {
    'account.move': ['state', 'move_type', 'partner_id', 'invoice_date', 'date', 'company_id',
                     'reversed_entry_id'],
    'account.move.line': ['move_id', 'company_id', 'display_type', 'product_id', 'product_uom_id',
                          'quantity', 'balance', 'price_unit', 'unit_cost', 'sale_line_ids'],
    'sale.order': ['currency_rate'],
    'sale.order.line': ['purchase_price', 'product_id', 'product_uom_id'],
    'product.product': ['standard_price', 'product_tmpl_id'],
    'product.template': ['uom_id'],
    'res.company': ['currency_id'],
    'res.currency': ['decimal_places'],
    'res.partner': ['commercial_partner_id'],
    'uom.uom': ['factor'],
}


class CrmSalesFact(models.Model):
    """What a customer bought of a product in a company on a day; see also the deltas."""

    _name = 'crm.sales.fact'
    _description = "Sales Fact"
    _order = 'date desc, id desc'
    _rec_name = 'product_id'
    _log_access = False

    partner_id = fields.Many2one('res.partner', "Customer", readonly=True, ondelete='cascade')
    product_id = fields.Many2one(
        'product.product', readonly=True, index='btree_not_null', ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    date = fields.Date(required=True, readonly=True)
    quantity = fields.Float(
        digits=0, readonly=True, min_display_digits='Product Unit',
        help="In the unit of the product.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    cost = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin_all')

    # For one customer, and for a period without touching the table.
    _partner_date_idx = models.Index(
        "(partner_id, date) INCLUDE (company_id, product_id, quantity, amount, cost)")
    _date_idx = models.Index("(date) INCLUDE (company_id, partner_id, amount, cost)")

    @api.model
    def _rebuild(self):
        """Make all facts anew from the books.

        What others post meanwhile is not lost: their changes wait in the deltas.

        :return: how many facts there are
        :rtype: int
        """
        self._flush_books()
        self._lock()
        cr = self.env.cr
        cr.execute("DELETE FROM crm_sales_fact_delta")
        cr.execute("DELETE FROM crm_sales_fact")
        cr.execute(SQL(
            "INSERT INTO crm_sales_fact (%s) %s", books.columns(), books.booked(SQL("TRUE"))))
        self.invalidate_model()
        return cr.rowcount

    @api.model
    def _differences(self, limit=None):
        """Return where the facts and the books do not say the same.

        :param int limit: so many at most
        :return: one dict per customer, product, company and day, with how much the facts lack
        :rtype: list[dict]
        """
        self._flush_books()
        return self.env.execute_query_dict(SQL(
            """
            SELECT %(keys)s, %(sums)s FROM (
                SELECT %(columns)s FROM (%(booked)s) AS booked
                UNION ALL
                SELECT %(keys)s, -quantity, -amount, -cost FROM crm_sales_fact
                UNION ALL
                SELECT %(keys)s, -quantity, -amount, -cost FROM crm_sales_fact_delta
            ) AS compared
            GROUP BY %(keys)s
            HAVING sum(quantity) != 0 OR sum(amount) != 0 OR sum(cost) != 0
            %(limit)s
            """,
            keys=books.columns(books.KEYS), sums=books.sums(), columns=books.columns(),
            booked=books.booked(SQL("TRUE")), limit=SQL("LIMIT %s", limit) if limit else SQL()))

    @api.model
    def _append(self, query, before=books.NOTHING):
        """Append changes to the deltas.

        :param SQL query: gives the columns of a fact
        :param SQL before: a `WITH` that the query needs
        """
        self.env.cr.execute(SQL(
            "%s INSERT INTO crm_sales_fact_delta (%s) %s", before, books.columns(), query))

    @api.model
    @contextmanager
    def _kept(self, scope):
        """Keep the facts true while something changes what the books say of old bills.

        :param SQL scope: see `books.booked`
        """
        self._flush_books()
        self._append(books.booked(scope, sign=-1))
        yield
        self._flush_books()
        self._append(books.booked(scope))

    @api.model
    def _flush_books(self):
        for model, names in READ.items():
            self.env[model].flush_model(names)

    def _lock(self):
        """Let nobody else fold or rebuild in the meantime; posting goes on.

        :raise psycopg2.errors.LockNotAvailable: if somebody does it already
        """
        self.env.cr.execute("LOCK TABLE crm_sales_fact IN SHARE ROW EXCLUSIVE MODE NOWAIT")

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
            )
            SELECT count(*) FROM taken
            """,
            limit=limit, columns=books.columns(), keys=books.columns(books.KEYS),
            sums=books.sums()))
        self.invalidate_model()
        return count

    @api.model
    def _cron_fold(self):
        """Take the deltas into the facts, batch by batch."""
        remaining = self.env['crm.sales.fact.delta'].search_count([])
        self.env['ir.cron']._commit_progress(remaining=remaining)
        while remaining and (count := self._fold()):
            remaining = max(remaining - count, 0)
            if not self.env['ir.cron']._commit_progress(count, remaining=remaining):
                break

    @api.model
    def _cron_check(self):
        """Compare the facts with the books, and make them anew if they do not agree."""
        if differences := self._differences(limit=10):
            _logger.warning(
                "The sales facts differ from the books and are rebuilt: %s", differences)
            self._rebuild()
