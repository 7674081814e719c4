from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .common import SelfServiceCommon


class TrackingCommon(SelfServiceCommon):
    """Acorn orders benches; each delivery is told by the quantity on the line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tools = cls.env['product.category'].create({'name': "Tools"})
        cls.bench, cls.saw = cls.env['product.product'].create([
            {'name': name, 'type': 'consu', 'categ_id': cls.tools.id, 'invoice_policy': 'order',
             'taxes_id': [Command.clear()]} for name in ("Planing Bench", "Band Saw")])

    @classmethod
    def _order(cls, partner=None, days_ago=0, lead=0, confirm=True, **values):
        """Return an order of five benches that was confirmed so many days ago."""
        order = cls.env['sale.order'].create({
            'partner_id': (partner or cls.acorn).id,
            'order_line': [Command.create({
                'product_id': cls.bench.id, 'product_uom_qty': 5, 'price_unit': 10,
                'customer_lead': lead})],
            **values})
        if confirm:
            order.with_context(skip_procurement=True).action_confirm()
            order.date_order = fields.Datetime.now() - timedelta(days=days_ago)
        return order

    @classmethod
    def _past(cls, count, days, **values):
        """Return orders each of which was delivered so many days after it was confirmed."""
        orders = cls.env['sale.order'].union(*(
            cls._order(days_ago=days, **values) for _number in range(count)))
        orders.order_line.qty_delivered = 5
        cls.env.flush_all()
        return orders

    def _steps(self, order):
        return [(step.key, step.state) for step in order._portal_steps()]

    def _page(self, user, path):
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def _post(self, user, path, csrf_from='/my/account-status', **values):
        """Post a form with the token of a page."""
        page = self._page(user, csrf_from).text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(path, data={'csrf_token': token, **values})
