from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_roles.tests.mixins import RulesMixin
from odoo.addons.crm_selfservice_portal.correction import Wish

from .common_correction import NOW, CorrectionCommon

PIXEL = (
    b'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg'
    b'==')


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestOrderCorrection(CorrectionCommon):

    # What it does

    def test_quantities_are_changed_at_once_and_told(self):
        correction = self._ask(quantities={self.benches: 8, self.vices: 0})
        self.assertEqual(self.order.order_line.mapped('product_uom_qty'), [8, 0])
        self.assertEqual(self.order.amount_total, 960)
        self.assertRecordValues(correction, [{
            'state': 'applied', 'partner_id': self.ann.partner_id.id, 'amount_from': 1440,
            'amount_to': 960, 'amount_change': -480, 'decided_by_id': False}])
        self.assertRecordValues(correction.line_ids, [
            {'name': "Oak Bench", 'quantity_from': 10, 'quantity_to': 8, 'amount_to': 800},
            {'name': "Bench Vice", 'quantity_from': 4, 'quantity_to': 0, 'amount_to': 0}])
        told = self.order.message_ids.filtered(lambda message: "has corrected" in message.body)
        self.assertIn("Oak Bench: 10 → 8 Units", told.body)
        self.assertEqual(told.author_id, self.ann.partner_id)
        self.assertIn(self.manager.partner_id, told.notified_partner_ids)
        act = self.env['crm.representative.act'].search([], limit=1)
        self.assertEqual((act.act, act.user_id, act.document), (
            'correct', self.ann, self.order.name))

    def test_preview_stores_nothing_and_is_what_comes(self):
        order = self._as(self.ann)
        wish = self._wish(quantities={self.benches: 3})
        before = order.read()
        effect = order._correction_effect(wish)
        self.assertEqual(effect.total, (1440, 600))
        self.assertEqual(effect.tax, (240, 100))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.read(), before)
        self._ask(quantities={self.benches: 3})
        self.assertEqual(self.order.amount_total, effect.total[1])

    def test_price_follows_the_rules_of_the_pricelist(self):
        pricelist = self.env['product.pricelist'].create({
            'name': "More Is Cheaper", 'item_ids': [Command.create({
                'applied_on': '3_global', 'compute_price': 'fixed', 'fixed_price': 80,
                'min_quantity': 10})]})
        order = self._create_order(self._line(self.bench, 10), pricelist_id=pricelist.id)
        self.assertEqual(order.order_line.price_unit, 80)
        correction = self._ask(order, quantities={order.order_line: 9})
        self.assertEqual(correction.state, 'applied')
        self.assertEqual(order.amount_untaxed, 900)

    def test_agreed_price_and_discount_stay_and_need_approval(self):
        for values in ({'price_unit': 60}, {'discount': 40}):
            with self.subTest(values=values):
                order = self._create_order(self._line(self.bench, 10, **values))
                self.assertEqual(order.amount_untaxed, 600)
                correction = self._ask(order, quantities={order.order_line: 5})
                self.assertEqual((correction.state, correction.amount_to), ('waiting', 360))
                correction.with_user(self.supervisor).action_apply()
                self.assertEqual(order.amount_untaxed, 300)

    def test_price_of_today_does_not_replace_the_one_of_the_order(self):
        self.bench.list_price = 120
        correction = self._ask(quantities={self.benches: 5})
        self.assertEqual((correction.state, correction.amount_to), ('waiting', 840))

    def test_address_of_other_taxes_shows_and_sets_them(self):
        country = self.env['res.country'].create({'name': "Faraway", 'code': 'F9'})
        self.env['account.fiscal.position'].create({
            'name': "Abroad", 'auto_apply': True, 'country_id': country.id})
        self.ann.partner_id.country_id = self.company.country_id
        self.yard.country_id = country
        order, wish = self._as(self.ann), self._wish(address=self.yard)
        effect = order._correction_effect(wish)
        self.assertEqual((effect.total, effect.taxes_mapped), ((1440, 1200), True))
        self._ask(address=self.yard)
        self.assertFalse(self.order.order_line.tax_ids)
        self.assertEqual(self.order.amount_total, 1200)
        self.assertEqual(self.order.partner_shipping_id, self.yard)

    def test_date_and_address_are_changed(self):
        correction = self._ask(
            address=self.yard, date=fields.Datetime.to_datetime('2026-05-20 10:00:00'))
        self.assertEqual(correction.state, 'applied')
        self.assertEqual(
            fields.Datetime.to_string(self.order.commitment_date), '2026-05-20 10:00:00')
        self.assertEqual(self.order.partner_shipping_id, self.yard)
        self.assertIn("The Yard", correction.summary)

    def test_order_is_cancelled_and_so_is_one_without_lines(self):
        self.assertEqual(self._ask(cancel=True).summary, "Cancel the whole order")
        self.assertEqual(self.order.state, 'cancel')
        order = self._create_order()
        correction = self._ask(order, quantities=dict.fromkeys(order.order_line, 0))
        self.assertTrue(correction.cancels)
        self.assertEqual((order.state, correction.amount_to), ('cancel', 0))
        self.assertEqual(
            self.env['crm.representative.act'].search([], limit=1).act, 'cancel')

    def test_combo_changes_with_its_items(self):
        combo = self.env['product.combo'].create({
            'name': "Bench", 'combo_item_ids': [Command.create({'product_id': self.bench.id})]})
        product = self._create_good(
            "Workshop", 90, type='combo', combo_ids=[Command.set(combo.ids)])
        order = self._create_order(self._line(product, 4), confirm=False)
        order.order_line = [self._line(
            self.bench, 4, linked_line_id=order.order_line.id,
            combo_item_id=combo.combo_item_ids.id)]
        order.with_context(skip_procurement=True).action_confirm()
        order.commitment_date = '2026-05-11 10:00:00'
        whole, item = order.order_line.sorted('id')
        self.assertEqual(order.order_line._correctable(), whole)
        total = order.amount_total
        correction = self._ask(order, quantities={whole: 2})
        self.assertEqual((whole | item).mapped('product_uom_qty'), [2, 2])
        self.assertEqual((order.amount_total, correction.amount_to), (total / 2, total / 2))
        self.assertEqual(correction.line_ids.amount_from, 2 * correction.line_ids.amount_to)

    def test_only_what_was_ordered_can_be_changed(self):
        order = self._create_order(
            Command.create({'display_type': 'line_section', 'name': "Bench"}),
            self._line(self.bench, 2),
            Command.create({'display_type': 'line_note', 'name': "Oiled"}),
            self._line(self.vice, 0), self._line(self.vice, 1, price_unit=-5),
            self._line(self.vice, 0, is_downpayment=True))
        self.assertEqual(order.order_line._correctable(), order.order_line[1])

    # What is refused

    def test_billed_and_delivered_quantities_are_floors(self):
        self.benches.qty_delivered = 3
        self.order._create_invoices()
        self.env.flush_all()
        for line, quantity, floor in ((self.benches, 9, 10), (self.vices, 1, 4)):
            with self.subTest(line=line.name):
                [complaint] = self._as(self.ann)._correction_obstacles(
                    self._wish(quantities={line: quantity}))
                self.assertIn(f"{floor} Units were delivered or billed already", complaint)

    def test_delivered_part_stays(self):
        self.vice.invoice_policy = self.bench.invoice_policy = 'delivery'
        order = self._create_order()
        benches = order.order_line[0]
        benches.qty_delivered = 3
        wish = self._wish(order, quantities={benches: 2})
        self.assertTrue(self._as(self.ann, order)._correction_obstacles(wish))
        self._ask(order, quantities={benches: 3})
        self.assertEqual(benches.product_uom_qty, 3)

    def test_what_was_delivered_or_billed_is_not_cancelled(self):
        wish = self._wish(cancel=True)
        self.benches.qty_delivered = 1
        self.assertIn("part of it was delivered", self._as(
            self.ann)._correction_obstacles(wish)[0])
        self.benches.qty_delivered = 0
        bill = self.order._create_invoices()
        self.assertFalse(self._as(self.ann)._correction_obstacles(wish))
        bill.action_post()
        self.assertTrue(self._as(self.ann)._correction_obstacles(wish))

    def test_cancelling_takes_draft_bills_along(self):
        bill = self.order._create_invoices()
        self._ask(cancel=True)
        self.assertEqual((self.order.state, bill.state), ('cancel', 'cancel'))

    def test_too_late_is_refused_with_the_time(self):
        self.assertFalse(self._as(self.ann)._correction_closed())
        with freeze_time('2026-05-10 09:59:59'):
            self.assertFalse(self._as(self.ann)._correction_closed())
        with freeze_time('2026-05-10 10:00:00'):
            self.assertIn("It is too late", self._as(self.ann)._correction_closed())

    def test_lead_time_of_the_products_sets_the_time_else_nothing_does(self):
        self.order.commitment_date = False
        self.assertIsNone(self.order._correction_deadline())
        self.order.order_line.customer_lead = 5
        self.assertEqual(
            self.order._correction_deadline(), self.order.date_order + timedelta(days=4))

    def test_state_of_the_order_decides(self):
        draft = self._create_order(confirm=False)
        self.assertIn("not confirmed", self._as(self.ann, draft)._correction_closed())
        self.order.action_lock()
        self.assertIn("closed for changes", self._as(self.ann)._correction_closed())
        self.order.action_unlock()
        self.order.order_line[0].qty_delivered = 10
        self.assertFalse(self._as(self.ann)._correction_closed())
        self.order.order_line[1].qty_delivered = 4
        self.assertIn("was delivered", self._as(self.ann)._correction_closed())
        self.order.order_line.qty_delivered = 0
        self.order.action_cancel()
        self.assertIn("was cancelled", self._as(self.ann)._correction_closed())

    def test_company_says_what_may_be_corrected(self):
        wishes = {
            'correction_quantity': {'quantities': {self.benches: 3}},
            'correction_removal': {'quantities': {self.benches: 0}},
            'correction_address': {'address': self.yard},
            'correction_date': {'date': fields.Datetime.to_datetime('2026-05-20 10:00:00')},
            'correction_cancel': {'cancel': True},
        }
        for setting, values in wishes.items():
            with self.subTest(setting=setting):
                wish = self._wish(**values)
                self.assertFalse(self._as(self.ann)._correction_unoffered(wish))
                self.company[setting] = False
                self.assertIn("online", self._as(self.ann)._correction_unoffered(wish)[0])
        self.company.correction_mode = 'no'
        self.assertIn("not changed online", self._as(self.ann)._correction_closed())

    def test_no_more_is_sold_of_what_is_no_longer_sold(self):
        self.bench.sale_ok = False
        for quantity, refused in ((12, True), (8, False)):
            wish = self._wish(quantities={self.benches: quantity})
            self.assertEqual(bool(self._as(self.ann)._correction_obstacles(wish)), refused)

    def test_addresses_are_complete_ones_of_the_company(self):
        lane = self.env['res.partner'].create({
            'name': "Lane", 'type': 'delivery', 'parent_id': self.acorn.id})
        theirs = self.env['res.partner'].create({
            'name': "Theirs", 'type': 'delivery', 'parent_id': self.birch.id,
            'street': "2 Quay", 'city': "Cork"})
        offered = self.order._correction_addresses()
        self.assertIn(self.yard, offered)
        self.assertFalse((lane | theirs) & offered)
        self.assertTrue(self._as(self.ann)._correction_unoffered(self._wish(address=theirs)))

    def test_day_must_leave_time(self):
        for day, refused in (
                ('2026-05-05', True), ('2026-05-06', False), ('2027-05-04', False),
                ('2027-05-05', True), ('2026-05-03', True)):
            with self.subTest(day=day):
                wish = self._wish(date=fields.Datetime.to_datetime(f'{day} 10:00:00'))
                self.assertEqual(
                    bool(self._as(self.ann)._correction_unoffered(wish)), refused)

    def test_nothing_changed_is_told(self):
        wish = self._wish(quantities={self.benches: 10})
        self.assertFalse(wish)
        self.assertIn("Nothing is changed", self._as(self.ann)._correction_unoffered(wish)[0])


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCorrectionApproval(RulesMixin, CorrectionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.correction_mode = 'approval'
        cls.lead = cls._create_user('call_center_lead')

    def test_correction_waits_and_reminds_the_manager(self):
        correction = self._ask(quantities={self.benches: 8}, note="Please hurry")
        self.assertEqual(correction.state, 'waiting')
        self.assertEqual(self.benches.product_uom_qty, 10)
        self.assertEqual(self.order.waiting_correction_id, correction)
        [activity] = self.order.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("Please hurry", activity.note)
        self.assertEqual(
            self.env['sale.order'].search([('waiting_correction_id', '!=', False)]), self.order)

    def test_order_manager_applies_and_the_customer_is_told(self):
        correction = self._ask(quantities={self.benches: 8})
        self.order.with_user(self.manager).action_apply_correction()
        self.assertEqual(self.benches.product_uom_qty, 8)
        self.assertRecordValues(correction, [{
            'state': 'applied', 'decided_by_id': self.manager.id}])
        self.assertFalse(self.order.activity_ids)
        told = self.order.message_ids.filtered(lambda message: "was applied" in message.body)
        self.assertIn(self.ann.partner_id, told.notified_partner_ids)

    def test_refusal_needs_a_reason_that_the_customer_reads(self):
        correction = self._ask(quantities={self.benches: 8})
        action = self.order.with_user(self.supervisor).action_refuse_correction()
        form = Form(self.env['crm.order.correction.refuse'].with_user(
            self.supervisor).with_context(**action['context']))
        form.reason = "Made to measure."
        form.save().action_refuse()
        self.assertEqual((correction.state, correction.reason), ('refused', "Made to measure."))
        self.assertEqual(self.benches.product_uom_qty, 10)
        told = self.order.message_ids.filtered(lambda message: "cannot be made" in message.body)
        self.assertIn("Made to measure.", told.body)
        self.assertIn(self.ann.partner_id, told.notified_partner_ids)

    def test_who_decides(self):
        other = self._create_user('order_manager', 'other.manager')
        may = {
            self.manager: True, self.supervisor: True, self.lead: True,
            self.roles['account_representative']: True, other: False,
            self.roles['service_representative']: False, self.roles['marketing_manager']: False,
        }
        correction = self._ask(quantities={self.benches: 8})
        for user, allowed in may.items():
            with self.subTest(user=user.login):
                seen = correction.with_user(user)
                self.assertEqual(seen.may_decide, allowed)
                if allowed:
                    self.assertTrue(seen.action_refuse())
                else:
                    for act in (seen.action_apply, seen.action_refuse):
                        self.assertRaises(AccessError, act)
        self.assertEqual(correction.state, 'waiting')
        correction.with_user(self.lead).action_apply()
        self.assertEqual(correction.state, 'applied')

    def test_who_may_not_write_the_order_does_not_decide(self):
        correction = self._ask(quantities={self.benches: 8})
        self._forbid_writing(self.order)
        for user in (self.supervisor, self.roles['account_representative']):
            with self.subTest(user=user.login):
                seen = correction.with_user(user)
                self.assertFalse(seen.may_decide)
                self.assertRaises(AccessError, seen.action_apply)

    def test_manager_who_lost_his_role_decides_no_more(self):
        correction = self._ask(quantities={self.benches: 8})
        self.manager.group_ids = self.env.ref('base.group_user')
        seen = correction.with_user(self.manager)
        for act in (seen.action_apply, seen.action_refuse):
            with self.assertRaises(AccessError):
                # What was read with more rights before does not help him.
                self.assertEqual(correction.order_id.order_manager_id, self.manager)
                act()
        self.assertEqual(correction.state, 'waiting')

    def test_customers_reach_no_correction_past_the_pages(self):
        correction = self._ask(quantities={self.benches: 8})
        seen = correction.with_user(self.ann)
        for act in (seen.action_apply, seen.action_refuse, lambda: seen.read(['state']),
                    lambda: seen.write({'state': 'applied'}), seen.unlink):
            self.assertRaises(AccessError, act)

    def test_correction_is_decided_once(self):
        correction = self._ask(quantities={self.benches: 8})
        correction.with_user(self.supervisor).action_apply()
        with self.assertRaisesRegex(UserError, "is applied already"):
            correction.with_user(self.supervisor).action_apply()
        with self.assertRaisesRegex(UserError, "is applied already"):
            correction.with_user(self.supervisor)._decide('refused', "Too late.")
        with self.assertRaisesRegex(UserError, "is applied already"):
            correction.sudo()._withdraw()

    def test_one_correction_of_an_order_waits(self):
        self._ask(quantities={self.benches: 8})
        with self.assertRaises(Exception) as refused, mute_logger('odoo.sql_db'), \
                self.env.cr.savepoint():
            self._ask(quantities={self.benches: 7})
        self.assertIn('waiting_uniq', str(refused.exception))

    def test_correction_of_an_order_that_changed_meanwhile_is_refused(self):
        def change_quantity(order):
            order.order_line[0].product_uom_qty = 9

        def deliver(order):
            order.order_line[0].qty_delivered = 9

        def raise_price(order):
            order.order_line[1].price_unit = 55

        for change, reason in (
                (change_quantity, "Oak Bench"), (deliver, "delivered or billed"),
                (raise_price, "no longer"), (lambda order: order.action_lock(), "closed")):
            with self.subTest(change=change):
                order = self._create_order()
                correction = self._ask(order, quantities={order.order_line[0]: 8})
                change(order)
                with self.assertRaisesRegex(UserError, reason):
                    correction.with_user(self.supervisor).action_apply()
                context = correction.with_user(self.supervisor).action_refuse()['context']
                self.assertRegex(context['default_reason'], reason)

    def test_cancelled_order_takes_its_correction_along(self):
        correction = self._ask(quantities={self.benches: 8})
        self.order.action_cancel()
        self.assertEqual(correction.state, 'refused')
        self.assertIn("was cancelled", correction.reason)

    def test_approved_cancellation_cancels(self):
        correction = self._ask(cancel=True)
        self.assertEqual(self.order.state, 'sale')
        correction.with_user(self.supervisor).action_apply()
        self.assertEqual((correction.state, self.order.state), ('applied', 'cancel'))

    def test_late_approval_is_possible(self):
        correction = self._ask(quantities={self.benches: 8})
        with freeze_time('2026-05-12 08:00:00'):
            correction.with_user(self.supervisor).action_apply()
        self.assertEqual(correction.state, 'applied')

    def test_some_corrections_need_approval_whatever_the_company_says(self):
        self.company.correction_mode = 'at_once'
        signed = self._create_order(signature=PIXEL)
        discounted = self._create_order(self._line(self.bench, 10), self._line(
            self.vice, 1, price_unit=-50))
        paid = self._create_order()
        bill = paid._create_invoices()
        bill.action_post()
        self._pay(bill, '2026-05-04')
        for order in (signed, discounted):
            with self.subTest(order=order):
                correction = self._ask(order, quantities={order.order_line[0]: 8})
                self.assertEqual(correction.state, 'waiting')
        effect = self._as(self.ann, paid)._correction_effect(self._wish(paid, cancel=True))
        self.assertTrue(self._as(self.ann, paid)._correction_needs_approval(
            Wish(cancel=True), effect))

    def test_everybody_sees_the_corrections_of_the_orders_he_sees(self):
        correction = self._ask(quantities={self.benches: 8})
        colleague = self._create_order(partner=self.birch, user_id=self.colleague.id)
        theirs = self._ask(colleague, self.bea, quantities={colleague.order_line[0]: 8})
        both = correction | theirs
        search = self.env['crm.order.correction'].with_user
        domain = [('id', 'in', both.ids)]
        self.assertEqual(search(self.manager).search(domain), both)
        self.assertEqual(
            search(self.roles['account_representative']).search(domain), correction)
        self.assertEqual(search(self.colleague).search(domain), theirs)
        outsider = new_test_user(self.env, 'outsider', 'base.group_user')
        self.assertRaises(AccessError, search(outsider).search, domain)

    def test_manager_reads_the_order_and_others_do_without_the_corrections(self):
        self._ask(quantities={self.benches: 8})
        order = self.order.with_user(self.manager)
        self.assertTrue(order.may_decide_correction)
        self.assertEqual(order.correction_count, 1)
        self.assertEqual(order.action_view_corrections()['domain'], [('order_id', '=', order.id)])
        salesman = new_test_user(
            self.env, 'salesman', 'sales_team.group_sale_salesman_all_leads')
        with Form(self.order.with_user(salesman)) as form:
            form.client_order_ref = "PO 4711"
