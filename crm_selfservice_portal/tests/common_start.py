import re
from html import unescape

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase

from .common import SelfServiceCommon

PDF = b'%PDF-1.4\n%%EOF\n'


class StartCase(SelfServiceCommon, HttpCase):
    """Customers who bought something before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env['ir.config_parameter'].sudo()
        parameters.set_param('crm_service_requests.web_fill_seconds', '0')
        parameters.set_param('crm_service_requests.web_limit_user', '0')
        cls.bench, cls.saw, cls.glue = (
            cls.env['product.product'].create({
                'name': name, 'type': 'service', 'list_price': price,
                'taxes_id': [Command.clear()]})
            for name, price in (("Planing Bench", 100), ("Band Saw", 200), ("Wood Glue", 5)))
        cls.right = cls.env['crm.representative.right'].search(
            [('partner_id', '=', cls.ann.partner_id.id)])
        cls.dozen = cls.env.ref('uom.product_uom_dozen')

    def _order(self, *products, partner=None, day='2026-01-05', confirm=True, **values):
        order = self.env['sale.order'].create({
            'partner_id': (partner or self.acorn).id, 'date_order': f'{day} 10:00:00',
            'order_line': [Command.create({
                'product_id': product.id, 'product_uom_qty': 3, **values})
                for product in products]})
        if confirm:
            order.action_confirm()
            order.date_order = fields.Datetime.to_datetime(f'{day} 10:00:00')
        return order

    def _only(self, *names):
        self.right.write({
            field: field.removeprefix('can_') in names
            for field in self.right._fields if field.startswith('can_')})

    def _open(self, path, user=None):
        user = user or self.ann
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def _hidden(self, page, name):
        return unescape(re.search(rf'name="{name}"\s+value="([^"]*)"', page.text).group(1))

    def _send(self, path, values, user=None, page=None, files=None, **kwargs):
        """Send a form as its page does."""
        page = page or self._open(path, user)
        return self.url_open(path, data={
            'csrf_token': self._hidden(page, 'csrf_token'),
            'stamp': self._hidden(page, 'stamp'), **values}, files=files, **kwargs)
