from contextlib import contextmanager

from odoo import fields, models
from odoo.tools import format_date

from ..correction import MAX_DAYS, Effect


class SaleOrder(models.Model):
    """What a wish of the customer would do to his order, and what stands against it.

    The effect is computed by Odoo on a record that is never stored.
    """

    _inherit = 'sale.order'

    def _complete_wish(self, wish):
        """Return the wish without what changes nothing; without lines, the order is cancelled.

        :param Wish wish: what the customer wants
        :rtype: Wish
        """
        self.ensure_one()
        quantities = {
            line: quantity for line, quantity in wish.quantities.items()
            if line.product_uom_id.compare(quantity, line.product_uom_qty)}
        left = self.order_line._correctable().filtered(lambda line: quantities.get(line, 1))
        address = wish.address if wish.address != self.partner_shipping_id else None
        date = wish.date if wish.date != self.commitment_date else None
        if wish.cancel or not left:
            return wish._replace(quantities={}, address=None, date=None, cancel=True)
        return wish._replace(quantities=quantities, address=address, date=date)

    # What the company lets customers do

    def _correction_unoffered(self, wish):
        """Return what of a wish the company leaves no customer to do, in sentences for him.

        :param Wish wish: as of `_complete_wish`
        :rtype: list[str]
        """
        self.ensure_one()
        company = self.company_id
        complaints = []
        if not wish:
            complaints.append(self.env._("Nothing is changed yet."))
        if wish.cancel and not company.correction_cancel:
            complaints.append(self.env._("%(order)s cannot be cancelled online.", order=self.name))
        complaints += [self._complain_of_line(*change) for change in wish.quantities.items()]
        if wish.address:
            complaints.append(self._complain_of_choice(wish.address))
        if wish.date:
            complaints.append(self._complain_of_day(wish.date))
        return [complaint for complaint in complaints if complaint]

    def _complain_of_line(self, line, quantity):
        product, company = line._correction_name(), self.company_id
        if not quantity and not company.correction_removal:
            return self.env._("%(product)s cannot be removed online.", product=product)
        if quantity and not company.correction_quantity:
            return self.env._(
                "The quantity of %(product)s cannot be changed online.", product=product)
        return ''

    def _complain_of_choice(self, address):
        if not self.company_id.correction_address:
            return self.env._("The delivery address cannot be changed online.")
        if address not in self._correction_addresses():
            return self.env._("Please choose one of your addresses.")
        return ''

    def _complain_of_day(self, date):
        if not self.company_id.correction_date:
            return self.env._("The delivery date cannot be changed online.")
        first, last = self._correction_days()
        return '' if first <= self._local_day(date) <= last else self._complain_of_days()

    def _complain_of_days(self):
        first, last = self._correction_days()
        return self.env._(
            "Please choose a day of delivery from %(first)s to %(last)s.",
            first=format_date(self.env, first), last=format_date(self.env, last))

    def _correction_days(self):
        """Return the first and the last day for which a delivery may be asked.

        The first is one before which the order could still be corrected, and on which its
        products can be there.

        :rtype: tuple[date, date]
        """
        now = fields.Datetime.now()
        open_until = fields.Datetime.add(now, hours=self.company_id.correction_hours)
        first = fields.Date.add(self._local_day(open_until), days=1)
        return (
            max(first, self._local_day(self.expected_date or now)),
            fields.Date.add(self._local_day(now), days=MAX_DAYS))

    # What stands against it, whoever does it

    def _correction_obstacles(self, wish):
        """Return what of a wish nobody can do any more, in sentences for the customer.

        :param Wish wish: as of `_complete_wish`
        :rtype: list[str]
        """
        self.ensure_one()
        obstacles = [self._line_obstacle(*change) for change in wish.quantities.items()]
        if wish.cancel:
            obstacles.append(self._cancel_obstacle())
        if wish.address:
            obstacles.append(self._address_obstacle(wish.address))
        return [obstacle for obstacle in obstacles if obstacle]

    def _cancel_obstacle(self):
        if any(line.qty_delivered > 0 or line.qty_invoiced_posted > 0 for line in self.order_line):
            return self.env._(
                "%(order)s cannot be cancelled: part of it was delivered or billed.",
                order=self.name)
        return ''

    def _line_obstacle(self, line, quantity):
        product, floor = line._correction_name(), line._correction_floor()
        if line.product_uom_id.compare(quantity, floor) < 0:
            return self.env._(
                "%(product)s: %(floor)s %(unit)s were delivered or billed already. Less than that "
                "is not possible.", product=product, floor=f'{floor:g}',
                unit=line.product_uom_id.name)
        if quantity > line.product_uom_qty and not (
                line.product_id.active and line.product_id.sale_ok):
            return self.env._("%(product)s is no longer sold.", product=product)
        return ''

    def _address_obstacle(self, address):
        position = self.env['account.fiscal.position'].with_company(
            self.company_id)._get_fiscal_position(self.partner_id, address)
        if position != self.fiscal_position_id and any(self.order_line.mapped('qty_invoiced')):
            return self.env._(
                "Other taxes are due at %(address)s, and part of %(order)s was billed already.",
                address=address.display_name, order=self.name)
        return ''

    # What it does to the price

    def _correction_effect(self, wish):
        """Return what a wish does to the amounts of the order; nothing is stored.

        :param Wish wish: as of `_complete_wish`
        :rtype: Effect
        """
        self.ensure_one()
        before = (self.amount_untaxed, self.amount_tax, self.amount_total)
        if wish.cancel:
            after, lines, mapped = (0.0, 0.0, 0.0), (), False
        else:
            agreed = self._agreed_lines()
            with self._trial() as order:
                self._apply_quantities(order, wish, agreed)
                mapped = self._apply_address(order, wish.address)
                after = (order.amount_untaxed, order.amount_tax, order.amount_total)
                lines = tuple(
                    line._correction_effect(quantity, line in agreed, order.order_line)
                    for line, quantity in wish.quantities.items())
        return Effect(lines, *zip(before, after, strict=True), mapped)

    def _agreed_lines(self):
        """Return the lines whose price or discount is not what Odoo computes today.

        :rtype: sale.order.line
        """
        with self._trial() as order:
            order._recompute_prices()
            return self.order_line.filtered(lambda line: line._differs_in_price(
                order.order_line.filtered(lambda after: after._origin == line)))

    @contextmanager
    def _trial(self):
        """Yield a record like the order that is never stored.

        Another one of the same order is the same to Odoo, so what was tried is forgotten after.
        """
        order = self.new(origin=self)
        for line in order.order_line:
            # Without these, lines would look at the stored order and the stored lines.
            line._fields['order_id']._update_cache(line, order.id)
            if line.linked_line_id:
                linked = line.new(origin=line.linked_line_id._origin)
                line._fields['linked_line_id']._update_cache(line, linked.id)
        try:
            yield order
        finally:
            for records in (order.order_line, order):
                for field in records._fields.values():
                    self.env.remove_to_compute(field, records)
                records.invalidate_recordset(flush=False)

    def _apply_quantities(self, order, wish, agreed):
        """Set the wanted quantities on the lines of a record like this order."""
        quantities = self._wanted_quantities(wish)
        for line in order.order_line.filtered(lambda line: line._origin in quantities):
            line._set_quantity(quantities[line._origin], line._origin in agreed)

    def _apply_address(self, order, address):
        """Set the address, and tax by where it lies.

        :return: whether other taxes are due there
        :rtype: bool
        """
        if not address:
            return False
        position = order.fiscal_position_id
        order.partner_shipping_id = address
        if order.fiscal_position_id == position:
            return False
        order._recompute_taxes()
        return True

    def _apply_date(self, date):
        """Promise the delivery for another moment.

        :param date: in UTC, or nothing
        """
        if date:
            self.commitment_date = date

    def _wanted_quantities(self, wish):
        """Return the wanted quantities by line, those of the items of combos among them.

        :rtype: dict[sale.order.line, float]
        """
        wanted = {}
        for line, quantity in wish.quantities.items():
            for member in line._correction_family():
                wanted[member] = quantity * member.product_uom_qty / line.product_uom_qty
        return wanted
