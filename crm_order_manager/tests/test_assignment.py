from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderManagerCommon


class AssignmentCommon(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env['crm.team'].create({
            'name': "Shop", 'company_id': cls.env.company.id,
            'order_manager_ids': [Command.set((cls.manager + cls.colleague).ids)]})

    @classmethod
    def _create_orders(cls, count, **values):
        return cls.env['sale.order'].create([{
            'partner_id': cls.customer.id,
            'team_id': cls.team.id,
            'order_line': [Command.create({'product_id': cls.drill.id})],
            **values,
        } for _number in range(count)])

    def _ledger(self, orders):
        return [
            (change.from_user_id, change.to_user_id, change.reason)
            for change in orders.manager_change_ids.sorted('id')
        ]


@tagged('post_install', '-at_install')
class TestAssignment(AssignmentCommon):

    def test_nobody_manages_a_new_order_unless_the_team_says_so(self):
        self.assertFalse(self._create_orders(1).order_manager_id)

    def test_who_enters_the_order_manages_it(self):
        self.team.order_manager_policy = 'creator'
        self.env.user.group_ids += self.env.ref('crm_roles.group_order_manager')
        self.assertEqual(self._create_orders(1).order_manager_id, self.env.user)

    def test_who_enters_an_order_without_the_role_does_not_manage_it(self):
        self.team.order_manager_policy = 'creator'
        self.assertFalse(self._create_orders(1).order_manager_id)

    def test_orders_go_to_who_has_the_fewest(self):
        busy = self._create_orders(2, order_manager_id=self.manager.id)
        busy.action_confirm()
        self.team.order_manager_policy = 'load'
        orders = self._create_orders(4)
        self.assertEqual(len(orders.filtered(lambda o: o.order_manager_id == self.colleague)), 3)
        self.assertEqual(len(orders.filtered(lambda o: o.order_manager_id == self.manager)), 1)

    def test_orders_go_to_one_after_the_other_across_calls(self):
        self.team.order_manager_policy = 'turn'
        managers = [self._create_orders(1).order_manager_id for _number in range(4)]
        self.assertEqual(managers[:2], managers[2:])
        self.assertEqual(set(managers), {self.manager, self.colleague})

    def test_absent_manager_is_replaced_by_his_deputy(self):
        self.team.write(
            {'order_manager_policy': 'turn', 'order_manager_ids': [Command.set(self.manager.ids)]}
        )
        self.manager.sudo().write({
            'absent_from': fields.Date.today(), 'absent_until': fields.Date.today(),
            'deputy_id': self.colleague.id})
        self.assertEqual(self._create_orders(1).order_manager_id, self.colleague)

    def test_absent_manager_without_deputy_gets_nothing(self):
        self.team.order_manager_policy = 'turn'
        self.manager.sudo().absent_from = fields.Date.today()
        self.assertEqual(self._create_orders(2).order_manager_id, self.colleague)

    def test_who_has_left_or_lost_the_role_gets_nothing(self):
        self.team.order_manager_policy = 'turn'
        self.manager.sudo().active = False
        self.assertEqual(self._create_orders(2).order_manager_id, self.colleague)
        self.colleague.sudo().group_ids = self.env.ref('base.group_user')
        self.assertFalse(self._create_orders(1).order_manager_id)

    def test_first_rule_that_fits_decides(self):
        self.team.write({'order_manager_policy': 'rule', 'order_manager_rule_ids': [
            Command.create({
                'name': "Big ones", 'domain': "[('amount_untaxed', '>', 500)]",
                'user_ids': [Command.set(self.manager.ids)]}),
            Command.create({
                'name': "The rest", 'domain': "[]", 'user_ids': [Command.set(self.colleague.ids)]}),
        ]})
        big = self._create_orders(1, order_line=[Command.create({
            'product_id': self.drill.id, 'product_uom_qty': 6})])
        self.assertEqual(big.order_manager_id, self.manager)
        self.assertEqual(self._create_orders(1).order_manager_id, self.colleague)

    def test_rule_that_cannot_be_read_is_refused_by_name(self):
        with self.assertRaisesRegex(ValidationError, "Odd ones"):
            self.team.order_manager_rule_ids = [Command.create({
                'name': "Odd ones", 'domain': "[('no_such_field', '=', 1)]",
                'user_ids': [Command.set(self.manager.ids)]})]

    def test_many_orders_are_assigned_with_as_few_queries_as_one(self):
        self.team.order_manager_policy = 'turn'
        orders = self._create_orders(50, team_id=False)
        orders.team_id = self.team
        self.env.flush_all()
        counts = []
        for part in (orders[:2], orders[2:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            part._assign_by_policy()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertEqual(len(orders.filtered('order_manager_id')), 50)

    # the ledger

    def test_every_way_of_change_is_in_the_ledger(self):
        self.team.order_manager_policy = 'turn'
        order = self._create_orders(1)
        first = order.order_manager_id
        other = (self.manager + self.colleague) - first
        order.with_user(self.lead).order_manager_id = other
        order.order_manager_id = False
        nobody = self.env['res.users']
        self.assertEqual(self._ledger(order), [
            (nobody, first, 'created'), (first, other, 'transfer'), (other, nobody, 'transfer')])
        self.assertEqual(order.manager_change_ids.sorted('id').user_id, self.env.user + self.lead)

    def test_writing_the_same_manager_is_no_change(self):
        order = self._create_orders(1, order_manager_id=self.manager.id)
        order.order_manager_id = self.manager
        self.assertEqual(self._ledger(order), [(self.env['res.users'], self.manager, 'created')])

    def test_nobody_writes_the_ledger(self):
        order = self._create_orders(1, order_manager_id=self.manager.id)
        change = order.manager_change_ids
        for user in (self.manager, self.lead, self.env.ref('base.user_admin')):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    change.with_user(user).note = "It was not me."
                with self.assertRaises(AccessError):
                    change.with_user(user).unlink()
        with self.assertRaises(UserError):
            change.sudo().unlink()


@tagged('post_install', '-at_install')
class TestReassignment(AssignmentCommon):

    def _wizard(self, records, user=None, **values):
        return self.env['crm.manager.assign'].with_user(user or self.lead).with_context(
            active_model=records._name, active_ids=records.ids).create(values)

    def test_only_the_selected_orders_change(self):
        orders = self._create_orders(3, order_manager_id=self.manager.id)
        self._wizard(orders[:2], user_id=self.colleague.id, reason='wrong').action_assign()
        self.assertEqual(orders[:2].order_manager_id, self.colleague)
        self.assertEqual(orders[2].order_manager_id, self.manager)
        self.assertEqual(self._ledger(orders[0])[-1], (self.manager, self.colleague, 'wrong'))

    def test_orders_are_chosen_by_their_bills(self):
        orders = self._create_order(100.0) + self._create_order(300.0)
        bill = self._create_bill(orders)
        other = self._create_order(500.0)
        self._create_bill(other)
        self._wizard(bill, user_id=self.manager.id).action_assign()
        self.assertEqual(orders.order_manager_id, self.manager)
        self.assertFalse(other.order_manager_id)

    def test_preview_says_what_then_happens(self):
        orders = self._create_orders(5)
        wizard = self._wizard(
            orders, method='turn', user_ids=[Command.set((self.manager + self.colleague).ids)])
        preview = {line.user_id: line.new_count for line in wizard.line_ids}
        wizard.action_assign()
        self.assertEqual(sum(preview.values()), 5)
        for user, count in preview.items():
            self.assertEqual(len(orders.filtered(lambda o, u=user: o.order_manager_id == u)), count)

    def test_receiver_gets_one_message_for_all(self):
        orders = self._create_orders(12)
        before = self.env['mail.message'].sudo().search_count([])
        self._wizard(orders, user_id=self.manager.id).action_assign()
        messages = self.env['mail.message'].sudo().search(
            [('partner_ids', 'in', self.manager.partner_id.ids)])
        self.assertEqual(len(messages), 1)
        self.assertIn("12 orders", messages.subject)
        self.assertEqual(self.env['mail.message'].sudo().search_count([]) - before, 12 + 1)

    def test_change_shows_in_the_chatter_of_each_order(self):
        order = self._create_orders(1, order_manager_id=self.colleague.id)
        self._wizard(order, user_id=self.manager.id).action_assign()
        value = order.message_ids.sudo().tracking_value_ids.filtered(
            lambda line: line.field_id.name == 'order_manager_id')
        self.assertRecordValues(value[-1:], [{
            'old_value_char': self.colleague.name, 'new_value_char': self.manager.name}])

    def test_orders_can_be_left_to_nobody(self):
        orders = self._create_orders(2, order_manager_id=self.manager.id)
        self._wizard(orders, method='none', reason='left').action_assign()
        self.assertFalse(orders.order_manager_id)

    def test_nobody_able_is_refused(self):
        orders = self._create_orders(2)
        self.manager.sudo().absent_from = fields.Date.today()
        with self.assertRaisesRegex(UserError, "Choose who"):
            self._wizard(
                orders, method='load', user_ids=[Command.set(self.manager.ids)]
            ).action_assign()

    def test_order_manager_and_seller_reassign_nothing(self):
        orders = self._create_orders(1, order_manager_id=self.manager.id)
        for user in (self.manager, self._create_user('account_representative')):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._wizard(orders, user=user, user_id=self.colleague.id).action_assign()

    def test_lead_reassigns_what_his_rules_leave_him_only(self):
        order = self._create_orders(1, order_manager_id=self.manager.id)
        wizard = self._wizard(order, user_id=self.colleague.id)
        self._forbid_writing(order)
        with self.assertRaises(AccessError):
            wizard.action_assign()

    def test_who_may_only_open_the_dialog_reassigns_nothing(self):
        seller = self._create_user('account_representative')
        order = self._create_orders(1, order_manager_id=self.manager.id)
        self.customer.user_id = seller
        self._open_dialog('crm.manager.assign', 'crm_roles.group_account_representative')
        self.assertTrue(order.with_user(seller).has_access('write'))
        with self.assertRaises(AccessError):
            self._wizard(order, user=seller, user_id=self.colleague.id).action_assign()

    def test_many_orders_change_with_as_few_queries_as_two(self):
        orders = self._create_orders(60)
        self.env.flush_all()
        counts = []
        for part in (orders[:2], orders[2:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            part._change_order_manager({self.manager: part}, 'transfer')
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLessEqual(counts[1], 12)

    def test_filter_finds_who_is_no_order_manager_any_more(self):
        orders = self._create_orders(2, order_manager_id=self.manager.id)
        self.manager.sudo().group_ids = self.env.ref('base.group_user')
        self.assertEqual(
            self.env['sale.order'].search(
                [('is_manager_wrong', '=', True), ('id', 'in', orders.ids)]
            ),
            orders,
        )
