from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class Purchase(NamedTuple):
    """What a customer bought: the product, and how he bought it the last time."""

    # With all rights: customers read no products.
    product: models.Model
    unit: models.Model
    quantity: float
    date: date


class SaleOrderLine(models.Model):
    """A customer buys again what he has bought."""

    _inherit = 'sale.order.line'

    @api.model
    def _bought(self, search='', domain=Domain.TRUE, limit=None, offset=0):
        """Return which products the user sees on orders and bills and may have again.

        What is no longer sold is left out.

        :param str search: words of the name or of the reference of the product
        :param Domain domain: which products
        :return: the last bought first
        :rtype: list[Purchase]
        """
        rows = self.env.execute_query(SQL(
            """
            SELECT product_id, (array_agg(uom_id ORDER BY day DESC, id DESC))[1],
                   (array_agg(quantity ORDER BY day DESC, id DESC))[1], max(day)
            FROM (%s UNION ALL %s) AS bought
            GROUP BY product_id ORDER BY max(day) DESC, product_id DESC
            LIMIT %s OFFSET %s
            """,
            *self._bought_selects(search, domain), limit, offset))
        # sudo: product.product, uom.uom - the names of what he bought
        products_sudo, units_sudo = self.env['product.product'].sudo(), self.env['uom.uom'].sudo()
        products_sudo = products_sudo.browse(row[0] for row in rows)
        units_sudo = units_sudo.browse(row[1] for row in rows)
        return [
            Purchase(product, unit, float(quantity), day)
            for product, unit, (_product, _unit, quantity, day)
            in zip(products_sudo, units_sudo, rows, strict=True)]

    @api.model
    def _bought_count(self, search='', domain=Domain.TRUE):
        """Return how many products `_bought` finds.

        :rtype: int
        """
        [(count,)] = self.env.execute_query(SQL(
            "SELECT count(DISTINCT product_id) FROM (%s UNION ALL %s) AS bought",
            *self._bought_selects(search, domain)))
        return count

    @api.model
    def _bought_selects(self, search, domain):
        """Return the two statements that find what was ordered, and billed without an order.

        :rtype: tuple[SQL, SQL]
        """
        # sudo: product.product - customers read no products, but buy them
        products_sudo = self.env['product.product'].sudo()
        offered = Domain('product_id', 'in', products_sudo._search(
            products_sudo._sold_again_domain(self.env.company) & domain
            & (Domain('name', 'ilike', search) | Domain('default_code', 'ilike', search)
               if search else Domain.TRUE)))
        return self._ordered_select(offered), self._billed_select(offered)

    @api.model
    def _ordered_select(self, domain):
        query = self._search(self._bought_domain() & domain)
        order = query.left_join(self._table, 'order_id', 'sale_order', 'id', 'order_id')
        day = SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS day",
            self.env['sale.order']._field_to_sql(order, 'date_order', query), self.env.tz.zone)
        return query.select(
            SQL.identifier(self._table, 'id'), self._field_to_sql(self._table, 'product_id'),
            SQL("%s AS uom_id", self._field_to_sql(self._table, 'product_uom_id')),
            SQL("%s AS quantity", self._field_to_sql(self._table, 'product_uom_qty')), day)

    @api.model
    def _billed_select(self, domain):
        lines = self.env['account.move.line']
        query = lines._search(lines._bought_domain() & domain)
        return query.select(
            SQL.identifier(lines._table, 'id'), *(
                lines._field_to_sql(lines._table, name)
                for name in ('product_id', 'product_uom_id', 'quantity', 'invoice_date')))

    @api.model
    def _bought_domain(self):
        """Return the lines of confirmed orders by which a product was bought.

        :rtype: Domain
        """
        return (
            Domain('state', '=', 'sale') & Domain('company_id', '=', self.env.company.id)
            & Domain('display_type', '=', False) & Domain('is_downpayment', '=', False)
            & Domain('is_expense', '=', False) & Domain('product_id', '!=', False)
            & Domain('product_uom_qty', '>', 0))
