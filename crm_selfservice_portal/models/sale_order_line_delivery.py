from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang
from odoo.tools.sql import column_exists, create_column


class SaleOrderLine(models.Model):
    """When a line was delivered, and until when the rest is promised."""

    _inherit = 'sale.order.line'

    date_delivered = fields.Datetime(
        "All Delivered on", compute='_compute_date_delivered', store=True,
        index='btree_not_null', help="When everything of the line had been delivered.")

    _to_come_idx = models.Index(
        "(order_id) WHERE state = 'sale' AND display_type IS NULL"
        " AND qty_delivered < product_uom_qty")

    def _auto_init(self):
        # When earlier orders were delivered nobody knows.
        if not column_exists(self.env.cr, self._table, 'date_delivered'):
            create_column(self.env.cr, self._table, 'date_delivered', 'timestamp')
        return super()._auto_init()

    @api.depends('state', 'qty_delivered', 'product_uom_qty')
    def _compute_date_delivered(self):
        now = fields.Datetime.now()
        for line in self:
            line.date_delivered = line._is_delivered() and (line.date_delivered or now)

    def _is_delivered(self):
        self.ensure_one()
        return (
            self.state == 'sale' and not self.display_type and self.product_uom_qty > 0
            and self.product_uom_id.compare(self.qty_delivered, self.product_uom_qty) >= 0)

    @api.model
    def _goods_domain(self):
        """Return the lines of what is delivered: goods, not services.

        :rtype: Domain
        """
        return (
            Domain('display_type', '=', False) & Domain('is_downpayment', '=', False)
            & Domain('product_id.type', '=', 'consu') & Domain('product_uom_qty', '>', 0))

    @api.model
    def _to_come_domain(self):
        """Return the lines of goods that were never delivered in full.

        :rtype: Domain
        """
        return (
            self._undelivered_domain() & self._goods_domain()
            & Domain('date_delivered', '=', False))

    def _promise(self):
        """Return until when the line is promised: the date of the order, or else its lead time.

        :return: in UTC; nothing without a date and a lead time
        :rtype: datetime | bool
        """
        self.ensure_one()
        if self.order_id.commitment_date or self.customer_lead <= 0:
            return self.order_id.commitment_date
        return self._expected_date().replace(microsecond=0)

    @api.model
    def _promise_sql(self, order, line):
        """Return `_promise` of a confirmed line as SQL.

        :param SQL order: the alias of its order
        :param SQL line: its alias
        :rtype: SQL
        """
        return SQL(
            """COALESCE(%(order)s.commitment_date, CASE WHEN %(line)s.customer_lead > 0 THEN
                date_trunc('second', %(order)s.date_order
                    + %(line)s.customer_lead * interval '1 day') END)""", order=order, line=line)

    def _short_name(self):
        return self.name.split('\n')[0]

    def _plain_quantity(self, quantity):
        """Return a quantity in words, without decimals that say nothing.

        :param float quantity: in the unit of the line
        :rtype: str
        """
        digits = 0 if quantity == int(quantity) else 2
        return formatLang(self.env, quantity, digits=digits)
