from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SelfServiceCommon


@tagged('post_install', '-at_install')
class TestPortalLanguage(SelfServiceCommon, HttpCase):
    """Customers who read another language see the same pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('de_DE')
        cls.env['ir.module.module'].search([
            ('name', 'in', ('portal', 'sale', 'account', 'crm_selfservice_portal')),
        ])._update_translations(['de_DE'])
        cls.ann.lang = 'de_DE'
        cls.order = cls.env['sale.order'].create({
            'partner_id': cls.acorn.id, 'order_line': [Command.create({
                'product_id': cls.product_a.id, 'price_unit': 100.0})]})
        cls.order.with_context(skip_procurement=True).action_confirm()

    def test_pages_open_in_german(self):
        self.authenticate(self.ann.login, self.ann.login)
        for path, words in (
            (f'/my/orders/{self.order.id}', "Wo Ihr"), ('/my/account-status', "Offene"),
            ('/my/statement', "Kontoauszug"), ('/my/pay', "zahlen"),
            ('/my/orders', "Auftragsdatum"),
            ('/my/invoices', "Rechnung"), ('/my/help', "Hilfe"),
        ):
            with self.subTest(path=path):
                page = self.url_open(f'/de{path}')
                self.assertEqual(page.status_code, 200)
                self.assertIn('lang="de-DE"', page.text)
                self.assertIn(words, page.text)
