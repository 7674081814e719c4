import logging

from odoo import api, models
from odoo.tools import SQL

from .. import books, bulk

_logger = logging.getLogger(__name__)

REBUILT = 'crm_sales_facts.rebuilt'
# What is summed from the facts: months, and from these the totals.
SUMS = ('crm.sales.month', 'crm.sales.total')
TABLES = ('crm_sales_fact', 'crm_sales_month', 'crm_sales_total')


class CrmSalesFact(models.Model):
    """The facts are compared with the books, and made to say the same."""

    _inherit = 'crm.sales.fact'

    @api.model
    def _fill(self):
        """Make all facts and their sums anew while nobody else uses the database.

        Keys and indexes are made afterwards, all at once.
        """
        self._flush_books()
        self._lock()
        cr = self.env.cr
        for table in ('crm_sales_fact_delta', *TABLES):
            cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        with bulk.bare(cr, TABLES):
            cr.execute(SQL(
                "INSERT INTO crm_sales_fact (%s) %s",
                books.columns(), books.booked(SQL("TRUE"))))
            for name in SUMS:
                sums = self.env[name]
                sums._insert(sums._summed(SQL("%s AS fact", sums._source())))
        self.invalidate_model()

    @api.model
    def _rebuild(self):
        """Make the facts say what the books say; only what differs is written.

        What others post meanwhile is not lost: it is neither in what is compared nor written.

        :return: how many facts there are
        :rtype: int
        """
        self._flush_books()
        self._lock()
        # Who compared before this was done, and would write the same once more, has to try again.
        # sudo: ir.config_parameter - nobody else may write when the facts were made anew
        parameters_sudo = self.env['ir.config_parameter'].sudo()
        parameters_sudo.set_param(REBUILT, str(self.env.cr.now()))
        parameters_sudo.flush_model()
        self._append(SQL(
            "SELECT %s FROM (%s) AS lacking", books.columns(), self._differences_query()))
        while self._fold():
            pass
        for name in SUMS:
            self.env[name]._rebuild()
        return self.search_count([])

    @api.model
    def _differences(self, limit=None):
        """Return where the facts and the books do not say the same.

        :param int limit: so many at most
        :return: one dict per customer, product, company and day, with how much the facts lack
        :rtype: list[dict]
        """
        self._flush_books()
        return self.env.execute_query_dict(SQL(
            "%s %s", self._differences_query(), SQL("LIMIT %s", limit) if limit else SQL()))

    def _differences_query(self):
        return SQL(
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
            """,
            keys=books.columns(books.KEYS), sums=books.sums(), columns=books.columns(),
            booked=books.booked(SQL("TRUE")))

    def _lock(self):
        """Let nobody else fold or rebuild in the meantime; posting goes on.

        :raise psycopg2.errors.LockNotAvailable: if somebody does it already
        """
        self.env.cr.execute("LOCK TABLE crm_sales_fact IN SHARE ROW EXCLUSIVE MODE NOWAIT")

    @api.model
    def _cron_check(self):
        """Compare the facts with the books, and make them anew if they do not agree."""
        differences = self._differences(limit=10)
        for name in SUMS:
            differences = differences or self.env[name]._differences(limit=10)
        if differences:
            _logger.warning(
                "The sales facts differ from the books and are rebuilt: %s", differences)
            self._rebuild()
