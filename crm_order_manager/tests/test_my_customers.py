from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import warmup

from .test_personal_manager import PersonalManagerCommon

FEW, MANY = 5, 50


@tagged('post_install', '-at_install')
class TestMyCustomers(PersonalManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.circle.personal_manager_id = cls.seller
        cls.now = fields.Datetime.now().replace(microsecond=0)

    def _last_contact(self):
        self.env.invalidate_all()
        return self.customer.with_user(self.seller).last_contact_at

    def _ago(self, days):
        return self.now - timedelta(days)

    def _search(self, *condition, order=None):
        return self.env['res.partner'].with_user(self.seller).search(
            [('id', 'in', (self.customer + self.stranger + self.private).ids), condition],
            order=order)

    def test_last_order_is_the_newest_confirmed_of_all_contacts(self):
        self._create_order(partner_id=self.buyer.id).date_order = self._ago(40)
        self._create_order(partner_id=self.bookkeeper.id).date_order = self._ago(100)
        self._create_order(confirm=False, date_order=self._ago(2))
        customer = self.customer.with_user(self.seller)
        self.assertEqual(customer.last_order_at, self._ago(40))
        self.assertEqual(customer.days_since_order, 40)
        self.assertFalse(self.stranger.with_user(self.seller).last_order_at)

    def test_last_contact_is_a_call(self):
        self.env['crm.call'].create([
            {'partner_id': self.buyer.id, 'date_start': self._ago(days)} for days in (3, 9)])
        self.assertEqual(self.customer.with_user(self.seller).last_contact_at, self._ago(3))

    def test_last_contact_is_a_message_but_no_note(self):
        order = self._create_order(partner_id=self.buyer.id)
        self.assertFalse(self._last_contact())
        order.message_post(body="Between us", subtype_xmlid='mail.mt_note')
        self.bookkeeper.message_post(body="Only for us", subtype_xmlid='mail.mt_note')
        self.assertFalse(self._last_contact())
        message = order.message_post(
            body="Dear Nora", message_type='comment', subtype_xmlid='mail.mt_comment')
        message.date = self._ago(5)
        self.assertEqual(self._last_contact(), self._ago(5))
        message = self.bookkeeper.message_post(
            body="Hello", message_type='email', subtype_xmlid='mail.mt_comment')
        message.date = self._ago(1)
        self.assertEqual(self._last_contact(), self._ago(1))

    def test_dates_are_searched(self):
        self._create_order(partner_id=self.buyer.id).date_order = self._ago(100)
        self._create_order(partner_id=self.private.id).date_order = self._ago(10)
        self.assertEqual(self._search('last_order_at', '<', 'today -90d'), self.customer)
        self.assertEqual(self._search('last_order_at', '>=', 'today -90d'), self.private)
        self.assertEqual(self._search('last_order_at', '=', False), self.stranger)
        self.assertEqual(
            self._search('last_order_at', '!=', False), self.customer + self.private)
        self.assertEqual(
            self.customer.filtered_domain([('last_order_at', '<', 'today -90d')]), self.customer)

    def test_list_is_sorted_by_them(self):
        self._create_order(partner_id=self.buyer.id).date_order = self._ago(100)
        self._create_order(partner_id=self.private.id).date_order = self._ago(10)
        self.env['crm.call'].create({
            'partner_id': self.private.id, 'date_start': self._ago(3)})
        newest_first = self.private + self.customer + self.stranger
        everybody = ('id', '!=', False)
        for order in ('last_order_at DESC', 'days_since_order'):
            with self.subTest(order=order):
                self.assertEqual(list(self._search(*everybody, order=order)), list(newest_first))
        for order in ('last_order_at', 'days_since_order DESC'):
            with self.subTest(order=order):
                self.assertEqual(
                    list(self._search(*everybody, order=order)), list(newest_first)[::-1])
        self.assertEqual(self._search(*everybody, order='last_contact_at')[-1], self.private)
        for name in ('last_contact_at', 'last_order_at', 'days_since_order'):
            self.assertTrue(self.env['res.partner'].fields_get([name])[name]['sortable'])

    def test_orders_out_of_sight_do_not_count(self):
        self._create_order(partner_id=self.stranger.id, user_id=self.rival.id)
        self.assertTrue(self.stranger.last_order_at)
        self.assertFalse(self.stranger.with_user(self.seller).last_order_at)

    def test_employees_without_a_role_see_none_of_it(self):
        clerk = self._create_user('order_manager', 'clerk')
        clerk.group_ids = self.env.ref('base.group_user')
        with self.assertRaises(AccessError):
            self.env['res.partner'].with_user(clerk).search([], order='last_order_at', limit=1)
        with self.assertRaises(AccessError):
            self.env['res.partner'].with_user(clerk).search(
                [('last_order_at', '=', False)], limit=1)

    def test_call_with_the_customer(self):
        action = self.customer.with_user(self.seller).action_log_call()
        call = self.env[action['res_model']].with_user(self.seller).with_context(
            **action['context']).create({'outcome_id': self.promised.id})
        self.assertEqual(call.partner_id, self.customer)

    def test_offer_makes_a_quotation_for_each(self):
        template = self.env['sale.order.template'].create({
            'name': "Starter", 'sale_order_template_line_ids': [
                Command.create({'product_id': self.drill.id, 'product_uom_qty': 3}),
                Command.create({'display_type': 'line_note', 'name': "Delivered free"})]})
        customers = (self.customer + self.private).with_user(self.seller)
        action = customers.action_offer()
        wizard = self.env[action['res_model']].with_user(self.seller).with_context(
            **action['context']).create({'template_id': template.id})
        orders = self.env['sale.order'].search(wizard.action_offer()['domain'])
        self.assertEqual(orders.partner_id, self.customer + self.private)
        for order in orders:
            self.assertRecordValues(order, [{
                'state': 'draft', 'user_id': self.seller.id,
                'sale_order_template_id': template.id}])
            self.assertRecordValues(order.order_line, [
                {'product_id': self.drill.id, 'product_uom_qty': 3, 'price_unit': 100},
                {'product_id': False, 'product_uom_qty': 0, 'price_unit': 0}])

    def test_offer_to_nobody_is_refused(self):
        wizard = self.env['crm.customer.offer'].create({
            'template_id': self.env['sale.order.template'].create({'name': "Empty"}).id})
        with self.assertRaises(UserError):
            wizard.action_offer()

    def test_next_step_is_planned_for_all_selected(self):
        customers = (self.customer + self.private).with_user(self.seller)
        action = customers.action_plan()
        wizard = self.env[action['res_model']].with_user(self.seller).with_context(
            **action['context']).create({
                'activity_type_id': self.env.ref('mail.mail_activity_data_call').id,
                'summary': "Ask about the new range"})
        wizard.action_schedule_activities()
        self.assertEqual(
            customers.activity_ids.mapped('summary'), ["Ask about the new range"] * 2)

    @warmup
    def test_list_costs_as_much_for_many(self):
        customers = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'personal_manager_id': self.seller.id}
            for number in range(MANY)])
        self.env['sale.order'].create([
            {'partner_id': partner.id, 'state': 'sale'} for partner in customers])
        view = self.env.ref('crm_order_manager.res_partner_view_list_my_customers')
        names = self.env['res.partner'].with_user(self.seller).get_view(
            view.id, 'list')['models']['res.partner']
        specification = {name: {} for name in names}
        self._assert_flat(
            lambda some: some.with_user(self.seller).web_read(specification), customers, FEW, 2)
