from odoo.fields import Command
from odoo.tests import freeze_time

from .common import RequestCommon

TODAY = '2026-03-20 09:00:00'


class PurchaseCommon(RequestCommon):
    """Ways to let a customer buy benches, and to send them back."""

    @classmethod
    def _buy(cls, partner, day, *quantities, product=None):
        """Return the lines of a confirmed order of so many benches each."""
        order = cls._create_order(partner, order_line=[
            Command.create({
                'product_id': (product or cls.product).id, 'product_uom_qty': quantity,
                'tax_ids': [Command.clear()]})
            for quantity in quantities])
        cls._confirm(order)
        order.date_order = f'{day} 10:00:00'
        return order.order_line

    @classmethod
    def _confirm(cls, order):
        """Confirm an order whose goods are handed over without a transfer."""
        order.with_context(skip_procurement=True).action_confirm()

    @classmethod
    def _create_return(cls, *lines, **values):
        """Return a request that sends back lines, each of a purchase, a quantity, a condition."""
        return cls._create_request('return', return_line_ids=[
            Command.create({
                'sale_line_id': line.id, 'quantity': quantity, 'condition': condition})
            for line, quantity, condition in lines], **values)

    def _bill(self, order_lines):
        """Return the posted bill of what was ordered."""
        order_lines.product_id.invoice_policy = 'order'
        order_lines.order_id.order_line.invalidate_recordset()
        return self._create_bill(order_lines.order_id.partner_id, invoice_line_ids=[
            Command.create({
                'product_id': line.product_id.id, 'quantity': line.product_uom_qty,
                'price_unit': line.price_unit, 'tax_ids': [Command.clear()],
                'sale_line_ids': [Command.set(line.ids)]})
            for line in order_lines], invoice_date='2026-03-05')


class ReturnCommon(PurchaseCommon):
    """Acorn Joinery bought ten benches on the first of March, ordered and not yet billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.policy = cls.env.ref('crm_service_requests.crm_return_policy_standard')
        cls.purchase = cls._buy(cls.acorn, '2026-03-01', 10)
