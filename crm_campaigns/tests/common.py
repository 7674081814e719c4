from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.crm_roles.tests.common import RolesCommon


class CampaignCommon(RolesCommon):
    """Three customers: Acorn bought 500 long ago, Birch 200 of late, Cedar nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.bill_acorn | cls.bill_birch).button_draft()
        cls.cedar = cls._create_customer("Cedar Boats", cls.colleague)
        cls.customers = cls.acorn | cls.birch | cls.cedar
        cls.old_bill = cls._sell(cls.acorn, 400, 500.0)
        cls.new_bill = cls._sell(cls.birch, 10, 200.0)
        cls.audiences = cls.env['crm.audience'].with_user(cls.roles['marketing_manager'])

    @classmethod
    def _sell(cls, customer, days, amount, move_type='out_invoice', **values):
        """Return a bill over one work bench, posted so many days ago."""
        bill = cls.env['account.move'].create({
            'move_type': move_type, 'partner_id': customer.id, 'journal_id': cls.journal.id,
            'invoice_date': cls._day(days), **values,
            'invoice_line_ids': [Command.create({
                'product_id': cls.product.id, 'quantity': 1, 'price_unit': amount,
                'tax_ids': [Command.clear()]})]})
        bill.action_post()
        return bill

    @classmethod
    def _day(cls, days):
        return fields.Date.context_today(cls.env.user) - timedelta(days=days)

    def _audience(self, *criteria, **values):
        """Return an audience of the marketing manager with these criteria."""
        return self.audiences.create({
            'name': "Autumn", **values,
            'criterion_ids': [
                Command.create({'sequence': place, **criterion})
                for place, criterion in enumerate(criteria)]})

    def _found(self, *criteria, **values):
        """Return which of the customers of the test meet the criteria."""
        return self._audience(*criteria, **values)._customers() & self.customers
