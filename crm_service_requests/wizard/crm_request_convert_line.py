from odoo import api, fields, models
from odoo.fields import Command

# A price that Odoo did not compute is nobody's to compute anew.
BY_HAND = -1.0


class CrmRequestConvertLine(models.TransientModel):
    """A line of a document that a request becomes: of a product, or of a bill that is credited."""

    _name = 'crm.request.convert.line'
    _description = "Line of a Preview"
    _order = 'id'
    _check_company_auto = True

    conversion_id = fields.Many2one(
        'crm.request.convert', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='conversion_id.company_id')
    currency_id = fields.Many2one(related='conversion_id.currency_id')
    product_id = fields.Many2one(
        'product.product', compute='_compute_product_id', store=True, readonly=False,
        check_company=True, domain=[('sale_ok', '=', True)])
    move_line_id = fields.Many2one('account.move.line', "Line of the Bill")
    bill_id = fields.Many2one(
        'account.move', compute='_compute_bill_id', store=True, readonly=False)
    account_id = fields.Many2one('account.account')
    name = fields.Text("Description", compute='_compute_name', store=True, readonly=False)
    quantity = fields.Float(digits='Product Unit', default=1.0)
    product_uom_id = fields.Many2one(
        'uom.uom', "Unit", compute='_compute_product_uom_id', store=True, readonly=False)
    price_unit = fields.Float(
        "Unit Price", compute='_compute_price', store=True, readonly=False,
        digits='Product Price')
    technical_price_unit = fields.Float(
        "Computed Price", digits='Product Price', help="The unit price as Odoo computed it.")
    discount = fields.Float(
        "Disc.%", compute='_compute_price', store=True, readonly=False, digits='Discount')
    tax_ids = fields.Many2many(
        'account.tax', string="Taxes", compute='_compute_tax_ids', store=True, readonly=False,
        check_company=True, domain=[('type_tax_use', '=', 'sale')])
    extra_tax_data = fields.Json(help="Taxes to the cent, where a given total is shared out.")
    price_subtotal = fields.Monetary("Amount", compute='_compute_price_subtotal')

    _quantity = models.Constraint(
        'CHECK (quantity > 0)', "The quantity of a line must be above zero.")

    @api.depends('move_line_id')
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.move_line_id.product_id or line.product_id

    @api.depends('move_line_id')
    def _compute_bill_id(self):
        for line in self:
            line.bill_id = line.move_line_id.move_id or line.bill_id

    @api.depends('product_id', 'move_line_id')
    def _compute_name(self):
        for line, source in self._sources():
            line.name = source.name or line.name

    @api.depends('product_id', 'move_line_id')
    def _compute_product_uom_id(self):
        for line, source in self._sources():
            line.product_uom_id = source.product_uom_id or line.product_uom_id

    @api.depends('product_id', 'move_line_id', 'conversion_id.fiscal_position_id')
    def _compute_tax_ids(self):
        for line, source in self._sources():
            line.tax_ids = source.tax_ids._origin if source else line.tax_ids

    @api.depends(
        'product_id', 'move_line_id', 'quantity', 'product_uom_id', 'conversion_id.pricelist_id')
    def _compute_price(self):
        for line, source in self._sources():
            line.discount = line.discount if line._is_priced_by_hand() else source.discount
            if not line._is_priced_by_hand():
                line.price_unit = line.technical_price_unit = source.price_unit

    @api.depends('quantity', 'price_unit', 'discount', 'tax_ids')
    def _compute_price_subtotal(self):
        for line in self:
            base_line, = line._base_lines()
            self.env['account.tax']._add_tax_details_in_base_line(base_line, line.company_id)
            line.price_subtotal = base_line['tax_details']['raw_total_excluded_currency']

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([
            {'technical_price_unit': BY_HAND, **vals} if 'price_unit' in vals else vals
            for vals in vals_list])

    def _is_priced_by_hand(self):
        self.ensure_one()
        return bool(self.currency_id.compare_amounts(self.price_unit, self.technical_price_unit))

    def _sources(self):
        """Return from where each line takes what it does not say itself.

        :return: pairs of a line and the line of a bill, of an order that is never saved, or none
        :rtype: list[tuple]
        """
        sources = []
        for conversion, lines in self.grouped('conversion_id').items():
            of_products = lines.filtered(lambda line: line.product_id and not line.move_line_id)
            samples = conversion._sample_order_sudo(
                [line._sample_values() for line in of_products]).order_line
            by_line = dict(zip(of_products, samples, strict=True))
            sources += [(line, by_line.get(line, line.move_line_id)) for line in lines]
        return sources

    def _sample_values(self):
        values = {'product_id': self.product_id.id, 'product_uom_qty': self.quantity}
        return values | ({'product_uom_id': self.product_uom_id.id} if self.product_uom_id else {})

    def _base_lines(self):
        """Return the lines as Odoo's computation of taxes takes them.

        :rtype: list[dict]
        """
        return [
            self.env['account.tax']._prepare_base_line_for_taxes_computation(
                line, partner_id=line.conversion_id.partner_id, currency_id=line.currency_id)
            for line in self]

    # What becomes of it

    def _values(self):
        return {
            'product_id': self.product_id.id,
            'name': self.name,
            'product_uom_id': self.product_uom_id.id,
            'price_unit': self.price_unit,
            'discount': self.discount,
            'tax_ids': [Command.set(self.tax_ids.ids)],
        }

    def _order_values(self):
        """Return the line of an order.

        :rtype: dict
        """
        self.ensure_one()
        return {
            **self._values(),
            'product_uom_qty': self.quantity,
            'technical_price_unit': self.technical_price_unit,
        }

    def _bill_values(self):
        """Return a new line of a bill.

        :rtype: dict
        """
        self.ensure_one()
        account = {'account_id': self.account_id.id} if self.account_id else {}
        return {
            **self._values(), **account, 'quantity': self.quantity,
            'extra_tax_data': self.extra_tax_data,
        }

    def _credit_values(self):
        """Return what changes on the line of a credit note that Odoo made of a whole bill.

        :rtype: dict
        """
        self.ensure_one()
        return {
            'name': self.name,
            'quantity': self.quantity,
            'price_unit': self.price_unit,
            'discount': self.discount,
            'tax_ids': [Command.set(self.tax_ids.ids)],
        }
