from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_selfservice_portal.correction import Wish

from .common_correction import NOW, CorrectionCommon


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestOrderCorrectionKinds(CorrectionCommon):
    """Orders that are not as simple as most: whatever is corrected, the preview is what comes."""

    def _effect(self, order, **values):
        return self._as(self.ann, order)._correction_effect(self._wish(order, **values))

    def _correct(self, order, state='applied', **values):
        """Correct an order, and demand that it comes out as its customer was shown."""
        effect = self._effect(order, **values)
        correction = self._ask(order, **values)
        self.assertEqual(correction.state, state)
        if state == 'waiting':
            correction.with_user(self.manager).action_apply()
        self.assertEqual(order.amount_total, effect.total[1])
        self.assertEqual(correction.amount_to, effect.total[1])
        return correction

    def _refusals(self, order, **values):
        return self._as(self.ann, order)._correction_obstacles(self._wish(order, **values))

    # Another currency

    def _foreign_order(self):
        currency = self.setup_other_currency('GBP', rates=[('2016-01-01', 2.0)])
        pricelist = self.env['product.pricelist'].create({
            'name': "Pounds", 'currency_id': currency.id, 'item_ids': [Command.create({
                'applied_on': '3_global', 'compute_price': 'percentage', 'percent_price': 10})]})
        return self._create_order(
            self._line(self.bench, 10), self._line(self.vice, 4), pricelist_id=pricelist.id)

    def test_another_currency_is_kept(self):
        order = self._foreign_order()
        self.assertEqual((order.currency_id.name, order.amount_untaxed), ('GBP', 2160))
        correction = self._correct(order, quantities={order.order_line[0]: 5})
        self.assertEqual(order.amount_untaxed, 1260)
        self.assertEqual(correction.currency_id, order.currency_id)
        told = order.message_ids.filtered(lambda message: "has corrected" in message.body)
        self.assertIn("£", told.body)

    def test_rate_of_today_does_not_replace_the_one_of_the_order(self):
        order = self._foreign_order()
        self.env['res.currency.rate'].create({
            'currency_id': order.currency_id.id, 'name': '2026-05-04', 'rate': 4.0,
            'company_id': self.company.id})
        self.env.invalidate_all()
        correction = self._correct(
            order, state='waiting', quantities={order.order_line[0]: 5})
        self.assertEqual(order.order_line[0].price_unit, 180)
        self.assertEqual(correction.line_ids.amount_to, 900)

    def test_what_was_paid_in_another_currency_is_not_undercut(self):
        order = self._foreign_order()
        bill = order._create_invoices()
        bill.action_post()
        self._pay(bill, '2026-05-04', currency_id=self.company.currency_id.id)
        self.assertEqual(order.amount_received, order.amount_total)
        self.assertTrue(self._refusals(order, quantities={order.order_line[0]: 5}))
        wish = self._wish(order, quantities={order.order_line[0]: 11})
        effect = self._as(self.ann, order)._correction_effect(wish)
        self.assertFalse(self._as(self.ann, order)._correction_needs_approval(wish, effect))

    # Down payments

    def _with_down_payment(self, percentage):
        order = self._create_order()
        self.env['sale.advance.payment.inv'].with_context(
            active_model='sale.order', active_ids=order.ids).create({
                'advance_payment_method': 'percentage', 'amount': percentage,
            }).create_invoices()
        order.invoice_ids.action_post()
        return order

    def test_down_payment_is_neither_changed_nor_undercut(self):
        order = self._with_down_payment(50)
        benches, vices = order.order_line.filtered('product_id')[:2]
        self.assertEqual(order.order_line._correctable(), benches + vices)
        self.assertEqual(order.amount_invoiced, 720)
        self._correct(order, quantities={benches: 6})
        self.assertEqual(order.amount_total, 960)
        self._correct(order, state='waiting', quantities={benches: 2})
        self.assertEqual(order.amount_total, 480)
        self.assertEqual(order.amount_invoiced, 720)
        self._correct(order, quantities={benches: 12})
        self.assertEqual(order.amount_total, 1680)

    def test_the_bill_after_a_corrected_down_payment_is_for_the_rest(self):
        order = self._with_down_payment(50)
        benches = order.order_line.filtered(lambda line: line.product_id == self.bench)
        self._correct(order, quantities={benches: 8})
        self.assertEqual(order.amount_total, 1200)
        final = order._create_invoices(final=True)
        self.assertEqual(final.amount_total, 1200 - 720)

    def test_order_with_a_down_payment_is_not_cancelled(self):
        order = self._with_down_payment(10)
        self.assertIn("cannot be cancelled", self._refusals(order, cancel=True)[0])
        self.assertIn("cannot be cancelled", self._refusals(
            order, quantities=dict.fromkeys(order.order_line._correctable(), 0))[0])

    # Money on its way

    def test_a_transfer_on_its_way_is_not_undercut(self):
        provider = self.env.ref('payment.payment_provider_transfer').sudo().copy({
            'company_id': self.company.id, 'state': 'test',
            'journal_id': self.company_data['default_journal_bank'].id})
        transaction = self.env['payment.transaction'].sudo().create({
            'provider_id': provider.id, 'operation': 'online_redirect', 'reference': 'W1',
            'payment_method_id': provider.with_context(
                active_test=False).payment_method_ids[:1].id,
            'amount': 1440, 'currency_id': self.order.currency_id.id,
            'partner_id': self.ann.partner_id.id, 'choice_ids': [Command.create({
                'partner_id': self.acorn.id, 'user_id': self.ann.id, 'amount': 1440,
                'order_id': self.order.id})]})
        transaction._set_pending()
        self.assertEqual(self._as(self.ann)._amount_committed(), 1440)
        self._correct(self.order, quantities={self.benches: 11})
        self._correct(self.order, state='waiting', quantities={self.benches: 9})

    # Discounts

    def test_discount_of_the_pricelist_follows_the_quantity(self):
        self.env.user.group_ids |= self.env.ref('sale.group_discount_per_so_line')
        pricelist = self.env['product.pricelist'].create({
            'name': "Ten Percent for Many", 'item_ids': [Command.create({
                'applied_on': '3_global', 'compute_price': 'percentage', 'percent_price': 10,
                'min_quantity': 10})]})
        order = self._create_order(
            self._line(self.bench, 10), self._line(self.vice, 4), pricelist_id=pricelist.id)
        self.assertEqual(order.amount_untaxed, 900 + 200)
        self._correct(order, quantities={order.order_line[0]: 9, order.order_line[1]: 10})
        self.assertEqual(order.amount_untaxed, 900 + 450)

    def test_discount_on_the_whole_order_stays_and_somebody_decides(self):
        for kind, values in [
                ('sol_discount', {'discount_percentage': 0.1}),
                ('so_discount', {'discount_percentage': 0.1}),
                ('amount', {'discount_amount': 100})]:
            order = self._create_order()
            benches = order.order_line[0]
            self.env['sale.order.discount'].create({
                'sale_order_id': order.id, 'discount_type': kind, **values}).action_apply_discount()
            discounts = order.order_line.filtered(lambda line: line.price_unit < 0)
            before = sum(discounts.mapped('price_subtotal'))
            with self.subTest(kind=kind):
                self.assertFalse(discounts & order.order_line._correctable())
                self._correct(order, state='waiting', quantities={benches: 5})
                self.assertEqual(sum(discounts.mapped('price_subtotal')), before)

    # Optional lines

    def test_what_was_not_chosen_of_optional_lines_is_left_alone(self):
        order = self._create_order(
            self._line(self.bench, 10),
            Command.create({'display_type': 'line_section', 'name': "Extras",
                            'is_optional': True}),
            self._line(self.vice, 0), confirm=False)
        extra = order.order_line[-1]
        self.assertTrue(extra._is_line_optional())
        order.with_context(skip_procurement=True).action_confirm()
        order.commitment_date = '2026-05-11 10:00:00'
        self.assertEqual(order.order_line._correctable(), order.order_line[0])
        self._correct(order, quantities={order.order_line[0]: 4})
        self.assertEqual((extra.product_uom_qty, order.amount_untaxed), (0, 400))
        self.assertTrue(self._wish(order, quantities={order.order_line[0]: 0}).cancel)

    def test_a_chosen_optional_line_is_corrected_like_others(self):
        order = self._create_order(
            self._line(self.bench, 10),
            Command.create({'display_type': 'line_section', 'name': "Extras",
                            'is_optional': True}),
            self._line(self.vice, 2))
        self._correct(order, quantities={order.order_line[-1]: 0})
        self.assertEqual(order.amount_untaxed, 1000)

    # Units

    def _in_dozens(self, quantity):
        dozen = self.env.ref('uom.product_uom_dozen')
        order = self._create_order(self._line(self.bench, quantity, product_uom_id=dozen.id))
        return order, order.order_line

    def test_a_delivered_part_counts_in_the_unit_of_the_line(self):
        order, line = self._in_dozens(10)
        self.assertEqual(line.price_unit, 1200)
        line.qty_delivered = 2.5
        self.assertEqual(line._correction_floor(), 2.5)
        refusal = self._refusals(order, quantities={line: 2})
        self.assertIn("2.5 Dozens were delivered", refusal[0])
        correction = self._correct(order, quantities={line: 2.5})
        self.assertEqual((line.product_uom_qty, order.amount_untaxed), (2.5, 3000))
        self.assertIn("10 → 2.5 Dozens", correction.summary)
        self.assertIn("was delivered", self._as(self.ann, order)._correction_refusal())

    def test_a_billed_part_counts_in_the_unit_of_the_line(self):
        order, line = self._in_dozens(10)
        bill = order._create_invoices()
        units = self.env.ref('uom.product_uom_unit')
        bill.invoice_line_ids.write({'product_uom_id': units.id, 'quantity': 36})
        bill.action_post()
        self.assertEqual(line.qty_invoiced, 3)
        self.assertIn("3 Dozens were", self._refusals(order, quantities={line: 2})[0])
        self._correct(order, quantities={line: 3})

    def test_a_price_per_quantity_counts_in_the_unit_of_the_product(self):
        pricelist = self.env['product.pricelist'].create({
            'name': "More Is Cheaper", 'item_ids': [Command.create({
                'applied_on': '3_global', 'compute_price': 'fixed', 'fixed_price': 80,
                'min_quantity': 24})]})
        dozen = self.env.ref('uom.product_uom_dozen')
        order = self._create_order(
            self._line(self.bench, 2, product_uom_id=dozen.id), pricelist_id=pricelist.id)
        self.assertEqual(order.order_line.price_unit, 960)
        self._correct(order, quantities={order.order_line: 1})
        self.assertEqual(order.amount_untaxed, 1200)

    def test_wish_without_any_change_is_none(self):
        order, line = self._in_dozens(10)
        self.assertFalse(self._as(self.ann, order)._complete_wish(
            Wish({line: 10.0000001}, self.acorn)))
