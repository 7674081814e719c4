from odoo.fields import Command

from odoo.addons.crm_selfservice_portal.correction import Wish

from .common import SelfServiceCommon

NOW = '2026-05-04 08:00:00'


class CorrectionCommon(SelfServiceCommon):
    """An order of Acorn Joinery: 10 benches at 100 and 4 vices at 50, to come in a week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({'correction_mode': 'at_once', 'correction_hours': 24})
        cls.tax = cls.env['account.tax'].create({'name': "Tax of a Fifth", 'amount': 20})
        cls.bench, cls.vice = (cls._create_good(*values) for values in (
            ("Oak Bench", 100), ("Bench Vice", 50)))
        cls.manager = cls.roles['order_manager']
        cls.supervisor = cls._create_user('service_supervisor')
        cls.yard = cls.env['res.partner'].create({
            'name': "The Yard", 'type': 'delivery', 'parent_id': cls.acorn.id,
            'street': "1 Quay", 'city': "Cork"})
        cls.order = cls._create_order()
        cls.benches, cls.vices = cls.order.order_line

    @classmethod
    def _create_good(cls, name, price, **values):
        return cls.env['product.product'].create({
            'name': name, 'list_price': price, 'type': 'consu', 'invoice_policy': 'order',
            'taxes_id': [Command.set(cls.tax.ids)], **values})

    @classmethod
    def _line(cls, product, quantity, **values):
        return Command.create({'product_id': product.id, 'product_uom_qty': quantity, **values})

    @classmethod
    def _create_order(cls, *lines, confirm=True, partner=None, **values):
        order = cls.env['sale.order'].create({
            'partner_id': (partner or cls.ann.partner_id).id,
            'partner_shipping_id': (partner or cls.acorn).id,
            'order_manager_id': cls.manager.id,
            'order_line': list(lines) or [cls._line(cls.bench, 10), cls._line(cls.vice, 4)],
            **values})
        if confirm:
            order.with_context(skip_procurement=True).action_confirm()
            order.commitment_date = '2026-05-11 10:00:00'
        return order

    def _as(self, user, order=None):
        """Return the order with all rights, on behalf of a user of the portal."""
        order = order or self.order
        # sudo: sale.order - what the pages do
        return order.with_user(user).sudo().with_context(skip_procurement=True)

    def _wish(self, order=None, **values):
        return self._as(self.ann, order)._complete_wish(Wish(**values))

    def _ask(self, order=None, user=None, **values):
        """Correct an order as its page does, and return the correction."""
        order = self._as(user or self.ann, order)
        wish = order._complete_wish(Wish(**values))
        self.assertFalse(order._correction_unoffered(wish) + order._correction_obstacles(wish))
        correction = order._correct(wish, order._correction_effect(wish))
        self.env.invalidate_all()
        return correction.sudo(False).with_user(self.env.user)
