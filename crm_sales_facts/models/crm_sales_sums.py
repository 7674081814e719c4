from odoo import api, fields, models
from odoo.tools import SQL

from .. import books


class CrmSalesSums(models.AbstractModel):
    """Sums of facts that are kept beside them, and made anew when one of their facts changes."""

    _name = 'crm.sales.sums'
    _description = "Sums of Sales Facts"
    _rec_name = 'partner_id'
    _log_access = False
    # What tells the sums apart, and what has a sum of its own in each of them.
    _sums_keys = ('partner_id', 'company_id')

    partner_id = fields.Many2one('res.partner', "Customer", readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    quantity = fields.Float(digits=0, readonly=True, min_display_digits='Product Unit')
    currency_id = fields.Many2one(related='company_id.currency_id')
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    cost = fields.Monetary(readonly=True, groups='crm_sales_facts.group_margin_all')
    fact_count = fields.Integer("Facts", readonly=True)
    date_first = fields.Date("First Bought", readonly=True)
    date_last = fields.Date("Last Bought", readonly=True)

    def _summed(self, source):
        """Return the query of the sums.

        :param SQL source: from where, and of which
        :rtype: SQL
        """
        raise NotImplementedError

    def _of_key(self, of_customer):
        """Return which of the source `fact` are in the sums of a `key`.

        :param bool of_customer: whether the key has a customer
        :rtype: SQL
        """
        return SQL("%s AND fact.company_id = key.company_id", self._same_customer(
            'fact', of_customer))

    def _same_customer(self, table, of_customer):
        # What is compared with nothing is not found by an index.
        partner = SQL.identifier(table, 'partner_id')
        return SQL("%s = key.partner_id", partner) if of_customer else SQL("%s IS NULL", partner)

    @api.model
    def _refresh(self, keys):
        """Make the sums of some keys anew.

        :param list keys: one tuple each, as `_sums_keys` says
        """
        for of_customer in (True, False):
            some = [key for key in keys if bool(key[0]) == of_customer]
            if some:
                self._refresh_some(some, of_customer)
        self.invalidate_model()

    def _refresh_some(self, keys, of_customer):
        rows = SQL("unnest(%s) AS key(%s)", SQL(", ").join(
            SQL("%s::%s[]", list(values), SQL(self._fields[name].column_type[0]))
            for name, values in zip(self._sums_keys, zip(*keys, strict=True), strict=True)),
            books.columns(self._sums_keys))
        same = SQL(" AND ").join([self._same_customer('kept', of_customer), *(
            SQL("kept.%s = key.%s", SQL.identifier(name), SQL.identifier(name))
            for name in self._sums_keys[1:])])
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("DELETE FROM %s kept USING %s WHERE %s", table, rows, same))
        self._insert(self._summed(SQL(
            "%s JOIN %s ON %s", rows, SQL("%s AS fact", self._source()),
            self._of_key(of_customer))))

    @api.model
    def _insert(self, query):
        self.env.cr.execute(SQL(
            "INSERT INTO %s (%s) %s", SQL.identifier(self._table), self._columns(), query))
        self.invalidate_model()

    def _columns(self):
        return books.columns(self._sums_keys + books.SUMS)

    def _source(self):
        """Return the table of what is summed.

        :rtype: SQL
        """
        raise NotImplementedError

    @api.model
    def _rebuild(self):
        """Make the sums say what is summed; only what differs is written."""
        self._refresh([
            tuple(difference[name] for name in self._sums_keys)
            for difference in self._differences()])

    @api.model
    def _differences(self, limit=None):
        """Return where the sums are not those of what is summed.

        :param int limit: so many at most
        :return: one dict per key, with how much the sums lack
        :rtype: list[dict]
        """
        return self.env.execute_query_dict(SQL(
            """
            SELECT %(keys)s, %(sums)s FROM (
                SELECT 1 AS side, %(columns)s FROM (%(summed)s) AS summed
                UNION ALL
                SELECT -1, %(keys)s, -quantity, -amount, -cost, -fact_count, date_first, date_last
                FROM %(table)s
            ) AS compared
            GROUP BY %(keys)s
            HAVING sum(quantity) != 0 OR sum(amount) != 0 OR sum(cost) != 0
                OR sum(fact_count) != 0
                OR min(date_first) FILTER (WHERE side > 0)
                   IS DISTINCT FROM min(date_first) FILTER (WHERE side < 0)
                OR max(date_last) FILTER (WHERE side > 0)
                   IS DISTINCT FROM max(date_last) FILTER (WHERE side < 0)
            %(limit)s
            """,
            keys=books.columns(self._sums_keys), sums=books.sums(books.MEASURES + ('fact_count',)),
            columns=self._columns(), summed=self._summed(SQL("%s AS fact", self._source())),
            table=SQL.identifier(self._table), limit=SQL("LIMIT %s", limit) if limit else SQL()))
