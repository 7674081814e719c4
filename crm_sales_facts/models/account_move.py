from contextlib import contextmanager

from odoo import models
from odoo.tools import SQL

from .. import books

HELD = 'crm_sales_facts.held'


class AccountMove(models.Model):
    """What is posted goes into the sales facts, what is no longer posted goes out of them."""

    _inherit = 'account.move'

    def write(self, vals):
        if books.MOVE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        with self._sales_facts_kept():
            return super().write(vals)

    def unlink(self):
        with self._sales_facts_kept(stay=False):
            return super().unlink()

    @contextmanager
    def _sales_facts_kept(self, stay=True):
        """Take out of the sales facts what the bills say before, and put in what they say after.

        What happens within, to the same bills, is part of it.

        :param bool stay: whether there is an after
        """
        held = self.env.cr.cache.setdefault(HELD, set())
        moves = self.filtered(
            lambda move: move.move_type in books.SALE_TYPES and move._origin.id not in held)
        held.update(moves._origin.ids)
        try:
            moves._append_sales_facts(-1)
            yield
        finally:
            held.difference_update(moves._origin.ids)
        if stay:
            moves._append_sales_facts(1)

    def _append_sales_facts(self, sign):
        """Append what the posted ones among the bills sell to the sales facts.

        :param int sign: 1 to put it in, with its cost frozen if it was not; -1 to take it out
        """
        posted = self._origin.filtered(lambda move: move.state == 'posted')
        if not posted:
            return
        self.env['crm.sales.fact']._flush_books()
        costs = self.env.execute_query(SQL(
            "SELECT * FROM crm_sales_append(%s, %s)", posted.ids, sign))
        posted.line_ids._keep_unit_costs(dict(costs))
