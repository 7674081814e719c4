from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import CampaignCommon


@tagged('post_install', '-at_install')
class TestOfferResult(CampaignCommon):
    """Birch and Cedar are offered a vice for 30 days; Birch bought some for 365 in the last year,
    so one for each day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vice, other = cls.env['product.product'].create([
            {'name': name, 'list_price': 50.0, 'standard_price': 20.0, 'type': 'service',
             'taxes_id': [Command.clear()]} for name in ("Vice", "Saw")])
        cls.other = other
        for days, amount in ((100, 365.0), (500, 999.0)):
            cls._bill_of_vices(days, amount)
        cls.rule = cls.env['crm.offer.rule'].create({
            'name': "A Vice", 'product_ids': cls.product.ids, 'discount': 20,
            'approved_discount': 20, 'offered_product_ids': cls.vice.ids})
        today = fields.Date.context_today(cls.rule)
        cls.offers = cls.env['crm.offer'].create([{
            'rule_id': cls.rule.id, 'partner_id': customer.id, 'discount': 20, 'date': today,
            'date_end': today + timedelta(days=30)} for customer in cls.birch | cls.cedar])
        cls.known, cls.new = cls.offers

    @classmethod
    def _bill_of_vices(cls, days, amount):
        cls.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': cls.birch.id, 'journal_id': cls.journal.id,
            'invoice_date': cls._day(days), 'invoice_line_ids': [Command.create({
                'product_id': cls.vice.id, 'price_unit': amount,
                'tax_ids': [Command.clear()]})]}).action_post()

    def _win(self, offer, quantity=1):
        order = self.env['sale.order'].browse(
            offer.with_user(self.roles['sales_manager']).action_accept()['res_id'])
        order.order_line.filtered('product_id').product_uom_qty = quantity
        order.order_line = [Command.create({'product_id': self.other.id})]
        order.with_context(skip_procurement=True).action_confirm()
        return order

    def test_sold_more_is_what_he_would_not_have_bought_anyway(self):
        self._win(self.known, 2)
        self._win(self.new)
        self.assertRecordValues(self.offers, [
            {'amount_sales': 130.0, 'amount_saving': 20.0, 'amount_usual': 30.0,
             'amount_more': 50.0},
            {'amount_sales': 90.0, 'amount_saving': 10.0, 'amount_usual': 0.0,
             'amount_more': 40.0}])

    def test_rule_sums_up_what_its_offers_have_brought(self):
        self._win(self.new)
        self.assertRecordValues(self.rule, [{
            'offer_count': 2, 'won_count': 1, 'won_rate': 50.0, 'amount_more': 40.0,
            'amount_saving': 10.0}])

    def test_cancelled_order_has_brought_nothing(self):
        self._win(self.known, 2)._action_cancel()
        self.assertEqual((self.known.amount_more, self.rule.won_count), (0.0, 0))

    def test_margin_is_for_sales_managers(self):
        self._win(self.new)
        for record in (self.new, self.rule):
            self.assertEqual(self._as(record, 'sales_manager').amount_margin, 50.0)
            self._assert_refused(
                lambda record=record: self._as(record, 'marketing_manager').amount_margin)
        self.assertEqual(self._as(self.rule, 'marketing_manager').amount_more, 40.0)

    def test_offers_are_won_together_in_as_many_statements_as_one(self):
        customers = self.env['res.partner'].create(
            [{'name': f"Customer {number}"} for number in range(50)])
        offers = self.env['crm.offer'].create(
            [{'rule_id': self.rule.id, 'partner_id': customer.id} for customer in customers])
        self._assert_flat(lambda some: some._usual_amounts(), offers)
