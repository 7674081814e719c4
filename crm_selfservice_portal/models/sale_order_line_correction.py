from odoo import models
from odoo.tools import float_compare

from ..correction import LineEffect


class SaleOrderLine(models.Model):
    """Of which lines a customer may change the quantity, and how far down."""

    _inherit = 'sale.order.line'

    def _correctable(self):
        """Return the lines whose quantity a customer may change.

        What belongs to the whole order, such as advance payments, shipping and discounts, is
        not among them, nor what was never ordered or follows another line.

        :rtype: sale.order.line
        """
        return self.filtered(
            lambda line: line.product_id and line.product_uom_qty > 0 and not (
                line.display_type or line.is_downpayment or line.is_expense
                or line.combo_item_id or line._is_of_whole_order()))

    def _is_of_whole_order(self):
        """Return whether the line is for the order as a whole: shipping or a discount.

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self._is_delivery() or self._is_global_discount() or self._is_discount_line()
            or self.price_unit < 0)

    def _correction_family(self):
        """Return the line with those that always have its quantity: the items of a combo.

        :rtype: sale.order.line
        """
        self.ensure_one()
        if self.product_type != 'combo':
            return self
        return self | self.linked_line_ids.filtered('combo_item_id')

    def _correction_floor(self):
        """Return below which quantity the line cannot go: what was delivered or billed.

        :return: in the unit of the line
        :rtype: float
        """
        self.ensure_one()
        return max(
            0.0, *(max(line.qty_delivered, line.qty_invoiced)
                   for line in self._correction_family()))

    def _is_family_delivered(self):
        self.ensure_one()
        return self.product_uom_id.compare(
            max(self._correction_family().mapped('qty_delivered')), self.product_uom_qty) >= 0

    def _correction_effect(self, quantity, agreed, after):
        """Return how the line changes, with the items of a combo.

        :param float quantity: what the customer wants, in the unit of the line
        :param bool agreed: whether its price is kept
        :param after: all lines as they will be, new records
        :rtype: LineEffect
        """
        self.ensure_one()
        family = self._correction_family()
        return LineEffect(
            self, self.product_uom_qty, quantity, sum(family.mapped('price_subtotal')),
            sum(after.filtered(lambda line: line._origin in family).mapped('price_subtotal')),
            agreed)

    def _set_quantity(self, quantity, agreed=False):
        """Set the quantity; a price that was agreed stays.

        :param float quantity: in the unit of the line
        :param bool agreed: whether the price and the discount stay as they are
        """
        self.ensure_one()
        kept = {'price_unit': self.price_unit, 'discount': self.discount} if agreed else {}
        self.update({'product_uom_qty': quantity, **kept})

    def _differs_in_price(self, other):
        """Return whether another line for the same has another price or discount.

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            float_compare(self.price_unit, other.price_unit, precision_digits=6)
            or float_compare(self.discount, other.discount, precision_digits=6))

    def _correction_name(self):
        """Return what the line is called in one line.

        :rtype: str
        """
        self.ensure_one()
        return (self.name or self.product_id.display_name or '').split('\n')[0]
