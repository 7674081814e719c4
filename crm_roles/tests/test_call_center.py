from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import RolesCommon


class TestCallCenter(RolesCommon):

    def test_order_manager_and_lead_open_all_orders_and_bills(self):
        for role in ('order_manager', 'call_center_lead'):
            for document in (self.order_acorn, self.order_birch, self.bill_acorn, self.bill_birch):
                with self.subTest(role=role, document=document):
                    self.assertEqual(Form(self._as(document, role)).record, document)

    def test_order_manager_and_lead_change_nothing_that_moves_money(self):
        for role in ('order_manager', 'call_center_lead'):
            order = self._as(self.order_acorn, role)
            self._assert_cannot_write(
                order, note="x", state='sale', partner_id=self.birch.id,
                pricelist_id=self.pricelist.id, user_id=self.colleague.id,
                payment_term_id=self.term.id, locked=True, require_payment=False,
                order_line=[Command.create({'product_id': self.product.id})])
            self._assert_cannot_write(order.order_line, price_unit=1.0, product_uom_qty=9.0)
            for method in (order.action_confirm, order.action_cancel, order.action_lock,
                           order.unlink, order.copy):
                with self.subTest(role=role, method=method.__name__):
                    self._assert_refused(method)
            self.assertEqual(self.order_acorn.state, 'draft')

    def test_order_manager_writes_about_an_order(self):
        tag = self.env['crm.tag'].create({'name': "Call in the Morning"})
        order = self._as(self.order_birch, 'order_manager')
        order.tag_ids = tag
        order.message_post(body="He pays on Friday.")
        order.activity_schedule('mail.mail_activity_data_todo', summary="Ask again")
        self.assertEqual(self.order_birch.tag_ids, tag)
        self.assertNotIn("on behalf", "".join(order.message_ids.mapped('body')))

    def test_order_manager_corrects_contact_data(self):
        acorn = self._as(self.acorn, 'order_manager')
        acorn.phone = "+353 21 555 0104"
        self._assert_cannot_write(
            acorn, property_payment_term_id=self.term.id, user_id=self.colleague.id,
            parent_id=self.birch.id)
        self._assert_refused(acorn.create, {'name': "New Customer"})
        self._assert_refused(acorn.unlink)

    def test_order_manager_sends_a_link_to_pay(self):
        wizard = self._as(self.env['payment.link.wizard'], 'order_manager').with_context(
            active_model='sale.order', active_id=self.order_acorn.id).create({
                'amount': 10.0, 'res_model': 'sale.order', 'res_id': self.order_acorn.id})
        self.assertIn('access_token=', wizard.link)

    def test_order_manager_reads_no_lead(self):
        lead = self.env['crm.lead'].create({'name': "x"})
        self.assertFalse(self._as(lead, 'order_manager').has_access('read'))

    def test_order_manager_makes_no_credit_note(self):
        wizard = self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=self.bill_acorn.ids).create(
                {'journal_id': self.journal.id})
        self._assert_refused(self._as(wizard, 'order_manager').reverse_moves)


class TestCombinations(RolesCommon):
    """Rights of several roles add up, each to what it is for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for roles in (('account_representative', 'order_manager'),
                      ('order_manager', 'service_supervisor'),
                      ('marketing_manager', 'service_representative')):
            cls.roles['+'.join(roles)] = cls._create_user('+'.join(roles))

    def test_order_manager_who_sells_changes_the_orders_of_his_accounts_only(self):
        self.acorn.user_id = self.roles['account_representative+order_manager']
        own = self._as(self.order_acorn, 'account_representative+order_manager')
        own.action_confirm()
        self.assertEqual(self.order_acorn.state, 'sale')
        foreign = self._as(self.order_birch, 'account_representative+order_manager')
        self._assert_cannot_write(foreign, note="x", partner_id=self.acorn.id)
        self._assert_refused(foreign.action_confirm)
        self._assert_cannot_write(foreign.order_line, price_unit=1.0)

    def test_order_manager_who_sells_still_works_all_orders(self):
        tag = self.env['crm.tag'].create({'name': "Call in the Morning"})
        self._as(self.order_birch, 'account_representative+order_manager').tag_ids = tag
        self.assertEqual(self.order_birch.tag_ids, tag)

    def test_order_manager_who_supervises_may_both(self):
        order = self._as(self.order_birch, 'order_manager+service_supervisor')
        order.action_confirm()
        self.assertEqual(self.order_birch.state, 'sale')

    def test_account_representative_who_supervises_sells_in_his_own_name(self):
        role = 'account_representative+service_supervisor'
        self.roles[role] = self._create_user(role)
        order = self._as(self.env['sale.order'], role).create({'partner_id': self.acorn.id})
        self.assertFalse(order.placed_by_id)
        self.assertNotIn("on behalf", "".join(order.message_ids.mapped('body')))

    def test_who_only_sells_is_not_told_of_what_order_managers_may_not(self):
        role = 'account_representative+service_representative'
        self.roles[role] = self._create_user(role)
        order = self._as(self.order_birch, role)
        with self.assertRaises(AccessError) as refused:
            order.note = "x"
        self.assertNotIn("order manager", str(refused.exception))

    def test_representative_in_marketing_gains_nothing_on_orders(self):
        role = 'marketing_manager+service_representative'
        self._assert_cannot_write(self._as(self.order_birch, role), note="x")
        self._assert_cannot_write(self._as(self.acorn, role), user_id=self.colleague.id)
        self.assertTrue(self._as(self.env['utm.campaign'], role).has_access('unlink'))

    def test_accountant_who_supervises_remains_an_accountant(self):
        accountant = self._create_user('service_supervisor', login='accountant')
        accountant.group_ids += self.env.ref('account.group_account_invoice')
        self.roles['accountant'] = accountant
        draft = self._as(self._create_bill(self.acorn, post=False), 'accountant')
        draft.action_post()
        self.assertEqual(draft.state, 'posted')
        reversal = self._as(self.env['account.move.reversal'], 'accountant').with_context(
            active_model='account.move', active_ids=draft.ids).create(
                {'journal_id': self.journal.id})
        reversal.modify_moves()
        self.assertEqual(draft.payment_state, 'reversed')


class TestMarketing(RolesCommon):

    def test_marketing_manager_runs_campaigns(self):
        campaigns = self._as(self.env['utm.campaign'], 'marketing_manager')
        campaign = campaigns.create({'title': "Spring"})
        campaign.title = "Early Spring"
        campaign.unlink()
        self.assertFalse(campaign.exists())

    def test_only_marketing_manager_deletes_campaigns(self):
        campaign = self.env['utm.campaign'].create({'title': "Spring"})
        for role in set(self.roles) - {'marketing_manager'}:
            with self.subTest(role=role):
                self._assert_refused(self._as(campaign, role).unlink)

    def test_marketing_manager_sees_what_campaigns_brought(self):
        for document in (self.order_birch, self.bill_birch):
            self.assertTrue(self._as(document, 'marketing_manager').has_access('read'))

    def test_marketing_manager_changes_no_customer_and_no_order(self):
        self._assert_cannot_write(self._as(self.acorn, 'marketing_manager'), phone="1")
        self._assert_cannot_write(self._as(self.order_acorn, 'marketing_manager'), note="x")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._as(self.order_acorn, 'marketing_manager').action_confirm()

    def test_menus_are_those_of_the_role(self):
        menus = {
            'crm_roles.service_menu_orders': {'service_representative', 'service_supervisor'},
            'crm_roles.marketing_menu_root': {'marketing_manager'},
            'crm_roles.crm_role_matrix_menu_sale': {'sales_manager'},
            'crm_roles.crm_role_matrix_menu': set(),
        }
        for xmlid, roles in menus.items():
            menu = self.env.ref(xmlid)
            with self.subTest(menu=xmlid):
                self.assertEqual(
                    {role for role in self.roles
                     if menu.id in self._as(menu, role)._visible_menu_ids()}, roles)
