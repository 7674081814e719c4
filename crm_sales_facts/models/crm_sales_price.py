from odoo import fields, models
from odoo.tools import SQL

PURCHASE_TYPES = ('in_invoice', 'in_refund', 'in_receipt')


class CrmSalesPrice(models.Model):
    """What a customer has paid for a product, or a supplier was paid, bill by bill."""

    _name = 'crm.sales.price'
    _description = "Price on a Bill"
    _auto = False
    _order = 'date desc, id desc'
    _rec_name = 'move_id'
    _depends = {
        'account.move': ['state', 'move_type', 'partner_id', 'invoice_date', 'date'],
        'account.move.line': [
            'move_id', 'company_id', 'display_type', 'product_id', 'product_uom_id', 'quantity',
            'balance', 'discount'],
        'product.template': ['uom_id'],
        'res.partner': ['commercial_partner_id'],
        'uom.uom': ['factor'],
    }

    kind = fields.Selection([('sale', "Sale"), ('purchase', "Purchase")], readonly=True)
    move_id = fields.Many2one('account.move', "Bill", readonly=True)
    partner_id = fields.Many2one('res.partner', "Customer or Supplier", readonly=True)
    product_id = fields.Many2one('product.product', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    date = fields.Date(readonly=True)
    quantity = fields.Float(
        readonly=True, digits='Product Unit', help="In the unit of the product.")
    price = fields.Float(
        readonly=True, digits='Product Price', aggregator='avg',
        help="For one unit of the product, after the discount and without tax, in the currency of "
             "the company at the rate of the bill.")
    discount = fields.Float("Discount (%)", readonly=True, digits='Discount', aggregator='avg')
    amount = fields.Monetary("Untaxed Amount", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, line.move_id, partner.commercial_partner_id AS partner_id,
                   line.product_id, line.company_id, COALESCE(move.invoice_date, move.date) AS date,
                   kind.kind, kind.side * line.quantity * factor.factor AS quantity,
                   kind.sign * line.balance AS amount, line.discount,
                   kind.side * kind.sign * line.balance
                       / NULLIF(line.quantity * factor.factor, 0) AS price
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN res_partner partner ON partner.id = move.partner_id
            JOIN product_product product ON product.id = line.product_id
            JOIN product_template template ON template.id = product.product_tmpl_id
            JOIN uom_uom unit ON unit.id = template.uom_id
            LEFT JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
            CROSS JOIN LATERAL (
                SELECT COALESCE(line_unit.factor, unit.factor) / unit.factor AS factor) AS factor
            CROSS JOIN LATERAL (
                SELECT CASE WHEN bought THEN 'purchase' ELSE 'sale' END AS kind,
                       CASE WHEN move.move_type IN ('out_refund', 'in_refund') THEN -1 ELSE 1 END
                           AS side,
                       CASE WHEN bought THEN 1 ELSE -1 END AS sign
                FROM (SELECT move.move_type IN %(purchases)s AS bought) AS type) AS kind
            WHERE line.display_type = 'product' AND move.state = 'posted'
              AND move.move_type != 'entry'
            """, purchases=PURCHASE_TYPES)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == 'price:avg':
            return SQL(
                "SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, 'amount', query),
                self._field_to_sql(self._table, 'quantity', query))
        return super()._read_group_select(aggregate_spec, query)
