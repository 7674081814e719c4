from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import warmup

from .common import OrderManagerCommon

FEW, MANY = 5, 50


class PersonalManagerCommon(OrderManagerCommon):
    """A company with two contacts, and a private person who shares the address of one of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user('account_representative')
        cls.rival = cls._create_user('account_representative', 'rival')
        cls.buyer, cls.bookkeeper = cls.env['res.partner'].create([
            {'name': "Nora Quinn", 'parent_id': cls.customer.id, 'email': "Nora@Quinn.example"},
            {'name': "Tom Quinn", 'parent_id': cls.customer.id},
        ])
        cls.private = cls._create_partner("Nora at Home", '"Nora" <nora@quinn.example>')
        cls.stranger = cls._create_partner("Somebody Else", "else@quinn.example")
        cls.circle = cls.customer + cls.buyer + cls.bookkeeper + cls.private

    @classmethod
    def _create_partner(cls, name, email=False, **values):
        return cls.env['res.partner'].create({'name': name, 'email': email, **values})

    def _put(self, partners, manager):
        partners.personal_manager_id = manager
        self.env.flush_all()

    def _assert_managers(self, partners, manager):
        self.assertEqual(partners.mapped('personal_manager_id'), manager)
        self.assertEqual(
            partners.filtered(lambda partner: partner.personal_manager_id != manager),
            partners.browse())

    def _ledger(self, partners=None):
        return self.env['crm.manager.change'].search([
            ('kind', '=', 'personal'), ('partner_id', 'in', (partners or self.circle).ids)])


@tagged('post_install', '-at_install')
class TestCircle(PersonalManagerCommon):

    def test_one_address_and_one_company_share_the_manager(self):
        for partner in self.circle:
            with self.subTest(partner=partner.name):
                self._put(self.circle, False)
                self._put(partner, self.seller)
                self._assert_managers(self.circle, self.seller)
        self.assertFalse(self.stranger.personal_manager_id)

    def test_all_orders_and_bills_past_and_future_show_him(self):
        past = self._create_order()
        bill = self._create_bill(past)
        self._put(self.private, self.seller)
        future = self._create_order(partner_id=self.bookkeeper.id)
        self.assertEqual(past.personal_manager_id, self.seller)
        self.assertEqual(future.personal_manager_id, self.seller)
        self.assertEqual(bill.personal_manager_id, self.seller)

    def test_bill_shows_and_finds_who_manages_its_orders(self):
        one = self._create_order(order_manager_id=self.manager.id)
        bill = self._create_bill(one)
        joint = self._create_bill(
            self._create_order(order_manager_id=self.manager.id)
            + self._create_order(order_manager_id=self.colleague.id))
        alone = self._create_bill(self._create_order())
        bills = bill + joint + alone
        self.assertEqual(bills.mapped('order_manager_id'), self.manager)
        self.assertEqual(bill.order_manager_id, self.manager)
        for manager, found in (
            (self.manager.id, bill + joint), (self.colleague.id, joint), (False, alone),
        ):
            with self.subTest(manager=manager):
                domain = [('order_manager_id', '=', manager), ('id', 'in', bills.ids)]
                self.assertEqual(set(self.env['account.move'].search(domain)), set(found))
        named = [('order_manager_id', 'ilike', self.colleague.name), ('id', 'in', bills.ids)]
        self.assertEqual(self.env['account.move'].search(named), joint)

    def test_nothing_is_written_to_the_orders(self):
        order = self._create_order()
        self.env.flush_all()
        stamp = order.write_date
        self.env.cr.execute("UPDATE sale_order SET write_date = '2020-01-01' WHERE id = %s",
                            [order.id])
        self._put(self.customer, self.seller)
        order.invalidate_recordset()
        self.assertLess(order.write_date, stamp)
        self.assertEqual(order.personal_manager_id, self.seller)

    def test_orders_and_bills_are_found_and_grouped_by_him(self):
        order = self._create_order()
        bill = self._create_bill(order)
        other = self._create_order(partner_id=self.stranger.id)
        self._put(self.customer, self.seller)
        for model, mine in (('sale.order', order), ('account.move', bill)):
            with self.subTest(model=model):
                Model = self.env[model]
                found = Model.search([('personal_manager_id', '=', self.seller.id)])
                self.assertEqual(found, mine)
                groups = dict(Model._read_group(
                    [('id', 'in', (mine | (other if model == 'sale.order' else mine)).ids)],
                    ['personal_manager_id'], ['id:recordset']))
                self.assertEqual(groups[self.seller], mine)
                self.assertTrue(Model.fields_get(['personal_manager_id'])[
                    'personal_manager_id']['groupable'])
        self.assertIn(other, self.env['sale.order'].search([
            ('personal_manager_id', '=', False)]))

    def test_set_on_an_order_reaches_all_orders_of_the_address(self):
        order = self._create_order(partner_id=self.buyer.id)
        same_address = self._create_order(partner_id=self.private.id)
        foreign = self._create_order(partner_id=self.stranger.id)
        order.with_user(self.lead).personal_manager_id = self.seller
        self.assertEqual(same_address.personal_manager_id, self.seller)
        self.assertFalse(foreign.personal_manager_id)

    def test_order_manager_and_personal_manager_are_two_people(self):
        order = self._create_order(order_manager_id=self.manager.id)
        self._put(self.customer, self.seller)
        self.assertEqual(order.order_manager_id, self.manager)
        order.order_manager_id = self.colleague
        self.assertEqual(order.personal_manager_id, self.seller)

    def test_new_contact_inherits_by_address_or_company(self):
        self._put(self.customer, self.seller)
        same_address = self._create_partner("Nora Again", "NORA@quinn.example")
        colleague = self._create_partner("New Colleague", parent_id=self.customer.id)
        self._assert_managers(same_address + colleague, self.seller)

    def test_order_of_a_new_contact_with_a_known_address_shows_him(self):
        self._put(self.customer, self.seller)
        order = self._create_order(
            partner_id=self._create_partner("Web Visitor", "nora@quinn.example").id)
        self.assertEqual(order.personal_manager_id, self.seller)

    def test_known_address_brings_its_manager_along(self):
        self._put(self.customer, self.seller)
        self.stranger.email = "nora@quinn.example"
        self._assert_managers(self.stranger, self.seller)

    def test_manager_of_the_address_wins_over_that_of_the_newcomer(self):
        self._put(self.customer, self.seller)
        self._put(self.stranger, self.rival)
        self.stranger.email = "nora@quinn.example"
        self._assert_managers(self.circle + self.stranger, self.seller)

    def test_newcomer_brings_his_manager_where_there_is_none(self):
        self._put(self.stranger, self.rival)
        self.stranger.email = "nora@quinn.example"
        self._assert_managers(self.circle + self.stranger, self.rival)

    def test_new_contact_with_another_manager_gets_the_one_of_the_address(self):
        self._put(self.customer, self.seller)
        partner = self._create_partner(
            "Imported", "nora@quinn.example", personal_manager_id=self.rival.id)
        self._assert_managers(self.circle + partner, self.seller)

    def test_manager_of_a_new_contact_reaches_his_company(self):
        partner = self._create_partner(
            "New Boss", parent_id=self.customer.id, personal_manager_id=self.seller.id)
        self._assert_managers(self.circle + partner, self.seller)

    def test_contact_who_changes_company_gets_the_manager_there(self):
        self._put(self.customer, self.seller)
        other = self._create_partner("Other Company", is_company=True)
        self._put(other, self.rival)
        self.bookkeeper.parent_id = other
        self._assert_managers(self.bookkeeper + other, self.rival)
        self._assert_managers(self.customer + self.buyer, self.seller)

    def test_address_and_manager_in_one_write(self):
        self._put(self.customer, self.seller)
        self.stranger.write({
            'email': "nora@quinn.example", 'personal_manager_id': self.rival.id})
        self._assert_managers(self.circle + self.stranger, self.rival)

    def test_archived_contacts_follow(self):
        self.bookkeeper.active = False
        self._put(self.private, self.seller)
        self._assert_managers(self.bookkeeper, self.seller)

    def test_contacts_of_another_company_are_left_alone(self):
        ours, theirs = self.env['res.company'].create([{'name': "Ours"}, {'name': "Theirs"}])
        mine, foreign = self.env['res.partner'].create([
            {'name': "One", 'email': "same@quinn.example", 'company_id': company.id}
            for company in (ours, theirs)])
        self._put(mine, self.seller)
        self.assertFalse(foreign.personal_manager_id)

    def test_many_contacts_in_one_create(self):
        self._put(self.customer, self.seller)
        partners = self.env['res.partner'].create([
            {'name': "One", 'email': "nora@quinn.example"},
            {'name': "Two", 'email': "twins@quinn.example"},
            {'name': "Three", 'email': "twins@quinn.example",
             'personal_manager_id': self.rival.id},
            {'name': "Four"},
        ])
        self.assertEqual(
            [partner.personal_manager_id for partner in partners],
            [self.seller, self.rival, self.rival, self.env['res.users']])

    def test_merged_contacts_keep_the_manager_one_of_them_had(self):
        known, twin = self._create_partner("Known"), self._create_partner("Twin")
        self._put(known, self.seller)
        merger = new_test_user(
            self.env, 'merger', 'base.group_user,base.group_partner_manager')
        self.env['base.partner.merge.automatic.wizard'].with_user(merger)._merge(
            (known + twin).ids, twin.with_user(merger))
        self.assertFalse(known.exists())
        self._assert_managers(twin, self.seller)


@tagged('post_install', '-at_install')
class TestPreview(PersonalManagerCommon):

    def test_form_names_who_changes_together(self):
        self._create_order(partner_id=self.private.id)
        with Form(self.customer) as form, self.assertLogs('odoo.tests.form.onchange') as logs:
            form.personal_manager_id = self.seller
        text = logs.output[0]
        self.assertIn("4 contacts change together", text)
        for partner in self.circle:
            self.assertIn(partner.display_name, text)
        self.assertNotIn(self.stranger.name, text)
        self.assertIn("1 now", text)

    def test_nobody_is_warned_of_one_contact(self):
        self.assertFalse(self.stranger._warn_of_circle(self.seller))
        self.assertFalse(self.env['res.partner']._warn_of_circle(self.seller))

    def test_preview_is_what_happens(self):
        self._put(self.customer, self.seller)
        changing = self.private._set_personal_manager(self.rival, 'transfer')
        self.assertEqual(changing, self.circle.sorted('id'))
        self._assert_managers(self.circle, self.rival)


@tagged('post_install', '-at_install')
class TestLedger(PersonalManagerCommon):

    def test_every_change_is_in_the_ledger(self):
        self.private.with_user(self.lead).personal_manager_id = self.seller
        self.assertRecordValues(self._ledger(), [{
            'from_user_id': False, 'to_user_id': self.seller.id, 'user_id': self.lead.id,
            'reason': 'other', 'order_id': False}] * 4)
        self.assertEqual(self._ledger().partner_id, self.circle)

    def test_joining_is_in_the_ledger(self):
        self._put(self.customer, self.seller)
        self._put(self.stranger, self.rival)
        self.stranger.with_user(self.manager).email = "nora@quinn.example"
        self.assertRecordValues(self._ledger(self.stranger)[0], [{
            'from_user_id': self.rival.id, 'to_user_id': self.seller.id,
            'user_id': self.manager.id}])

    def test_same_manager_again_is_no_change(self):
        self._put(self.customer, self.seller)
        self._put(self.customer, self.seller)
        self.assertEqual(len(self._ledger()), 4)

    def test_undo_gives_all_of_them_back(self):
        self._put(self.customer, self.seller)
        self._put(self.private, self.rival)
        self._ledger(self.bookkeeper)[0].with_user(self.lead).action_undo()
        self._assert_managers(self.circle, self.seller)
        self.assertEqual(self._ledger(self.customer)[0].reason, 'wrong')

    def test_undo_of_the_first_leaves_nobody(self):
        self._put(self.customer, self.seller)
        self._ledger().with_user(self.lead).action_undo()
        self.assertFalse(self.circle.personal_manager_id)

    def test_old_line_is_not_undone(self):
        self._put(self.customer, self.seller)
        old = self._ledger(self.customer)
        self._put(self.customer, self.rival)
        with self.assertRaises(UserError):
            old.action_undo()

    def test_line_about_an_order_is_not_undone_here(self):
        order = self._create_order(order_manager_id=self.manager.id)
        with self.assertRaises(UserError):
            self.env['crm.manager.change'].search([('order_id', '=', order.id)]).action_undo()

    def test_who_may_not_give_it_may_not_undo(self):
        self._put(self.customer, self.seller)
        with self.assertRaises(AccessError):
            self._ledger(self.customer).with_user(self.manager).action_undo()


@tagged('post_install', '-at_install')
class TestAssign(PersonalManagerCommon):

    def _wizard(self, partners, user=None, **values):
        return self.env['crm.personal.manager.assign'].with_user(user or self.lead).with_context(
            active_model='res.partner', active_ids=partners.ids).create(values)

    def test_preview_is_what_is_done(self):
        self._create_order(partner_id=self.private.id)
        self._put(self.stranger, self.rival)
        wizard = self._wizard(
            self.customer + self.stranger, user_id=self.seller.id, reason='left', note="Retired")
        self.assertRecordValues(wizard, [{'contact_count': 5, 'order_count': 1}])
        self.assertEqual(
            {line.from_user_id: line.contact_count for line in wizard.line_ids},
            {self.env['res.users']: 4, self.rival: 1})
        self.assertEqual(wizard.line_ids.to_user_id, self.seller)
        wizard.action_assign()
        self._assert_managers(self.circle + self.stranger, self.seller)
        self.assertRecordValues(self._ledger(self.stranger)[0], [{
            'from_user_id': self.rival.id, 'to_user_id': self.seller.id,
            'user_id': self.lead.id, 'reason': 'left', 'note': "Retired"}])

    def test_who_belongs_together_stays_together(self):
        others = self.env['res.partner'].create([{'name': "One"}, {'name': "Two"}])
        people = self.seller + self.rival
        self._wizard(
            self.circle + self.stranger + others, method='turn',
            user_ids=[Command.set(people.ids)]).action_assign()
        self.assertEqual(len(self.circle.personal_manager_id), 1)
        customers = self.customer + self.stranger + others
        counts = [len(customers.filtered(lambda p, u=user: p.personal_manager_id == u))
                  for user in people]
        self.assertEqual(counts, [2, 2])

    def test_to_nobody(self):
        self._put(self.customer, self.seller)
        self._wizard(self.buyer, method='none').action_assign()
        self.assertFalse(self.circle.personal_manager_id)

    def test_somebody_must_be_chosen(self):
        with self.assertRaises(UserError):
            self._wizard(self.customer).action_assign()

    def test_lead_assigns_what_his_rules_leave_him_only(self):
        wizard = self._wizard(self.customer, user=self.lead, user_id=self.seller.id)
        self._forbid_writing(self.customer)
        with self.assertRaises(AccessError):
            wizard.action_assign()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.lead).personal_manager_id = self.seller
        with self.assertRaises(AccessError):
            self.customer.with_user(self.seller).action_take()

    def test_who_may_only_open_the_dialog_assigns_nobody_else(self):
        self._open_dialog('crm.personal.manager.assign', 'crm_roles.group_account_representative')
        self.customer.user_id = self.seller
        with self.assertRaises(AccessError):
            self._wizard(self.customer, user=self.seller, user_id=self.rival.id).action_assign()

    def test_what_is_given_back_has_no_more_rights(self):
        customer = self.customer.with_user(self.lead)
        self.assertFalse(customer._set_personal_manager(self.seller, 'other').env.su)
        changes = self.env['crm.manager.change'].with_user(self.lead)
        self.assertFalse(changes._log(customer, {}, 'other').env.su)

    def test_only_leads_and_sales_managers_assign(self):
        with self.assertRaises(AccessError):
            self._wizard(self.customer, user=self.seller, user_id=self.seller.id)


@tagged('post_install', '-at_install')
class TestRights(PersonalManagerCommon):

    def test_only_somebody_with_the_role_can_be_chosen(self):
        clerk = self._create_user('service_representative')
        with self.assertRaises(ValidationError):
            self.customer.personal_manager_id = clerk
        with self.assertRaises(ValidationError):
            self._create_partner("New", personal_manager_id=clerk.id)
        for user in (self.seller, self.manager, self.lead, self._create_user('sales_manager')):
            with self.subTest(user=user.login):
                self.customer.personal_manager_id = user
                domain = self.env['res.partner']._personal_manager_domain()
                self.assertIn(user, self.env['res.users'].search(domain))
        self.assertNotIn(clerk, self.env['res.users'].search(domain))

    def test_leads_and_sales_managers_give_anybody_to_anybody(self):
        for user in (self.lead, self._create_user('sales_manager')):
            with self.subTest(user=user.login):
                for manager in (self.seller, self.rival, self.env['res.users']):
                    self.customer.with_user(user).personal_manager_id = manager
                    self._assert_managers(self.circle, manager)

    def test_a_free_customer_is_taken(self):
        self.env.company.customer_cooling_days = 0
        for user in (self.seller, self.manager):
            with self.subTest(user=user.login):
                self._put(self.customer, False)
                self.customer.with_user(user).personal_manager_id = user
                self._assert_managers(self.circle, user)
                self.assertEqual(self._ledger(self.customer)[0].reason, 'taken')

    def test_ones_own_customer_is_given_back(self):
        self._put(self.customer, self.seller)
        self.customer.with_user(self.seller).personal_manager_id = False
        self.assertFalse(self.circle.personal_manager_id)

    def test_somebody_elses_customer_is_not_taken(self):
        self._put(self.private, self.rival)
        for user in (self.seller, self.manager):
            for manager in (user, self.env['res.users']):
                with self.subTest(user=user.login, manager=manager), \
                        self.assertRaises(AccessError), self.env.cr.savepoint():
                    self.customer.with_user(user).personal_manager_id = manager
        self._assert_managers(self.circle, self.rival)

    def test_nobody_gives_a_customer_to_somebody_else(self):
        for user in (self.seller, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.customer.with_user(user).personal_manager_id = self.rival
        with self.assertRaises(AccessError):
            self.env['res.partner'].with_user(self.seller).create({
                'name': "New", 'personal_manager_id': self.rival.id})

    def test_others_do_not_choose(self):
        for role in ('service_representative', 'service_supervisor', 'marketing_manager'):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.customer.with_user(user).personal_manager_id = user
        salesman = new_test_user(self.env, 'stock', 'sales_team.group_sale_salesman_all_leads')
        with self.assertRaises(AccessError):
            self.customer.with_user(salesman).personal_manager_id = self.seller

    def test_seller_sees_and_works_all_documents_of_his_customers(self):
        order = self._create_order(
            partner_id=self.buyer.id, user_id=self.rival.id, order_manager_id=self.manager.id)
        quotation = self._create_order(confirm=False, user_id=self.rival.id)
        bill = self._create_bill(order)
        call = self.env['crm.call'].create({
            'partner_id': self.bookkeeper.id, 'user_id': self.manager.id})
        documents = [order, order.order_line, bill, bill.invoice_line_ids, call]
        for record in documents:
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(self.seller).has_access('read'))
        self._put(self.private, self.seller)
        for record in documents:
            with self.subTest(model=record._name):
                self.assertTrue(record.with_user(self.seller).has_access('read'))
        quotation.with_user(self.seller).client_order_ref = "As agreed"
        quotation.with_user(self.seller).order_line.product_uom_qty = 2
        self.assertFalse(call.with_user(self.seller).has_access('write'))
        self._put(self.private, self.rival)
        self.env.invalidate_all()
        for record in documents:
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(self.seller).has_access('read'))

    def test_customer_information_is_kept_right_on_the_order(self):
        order = self._create_order(partner_id=self.buyer.id)
        order.with_user(self.manager).write({
            'customer_phone': "+353 21 555 0199", 'customer_function': "Purchasing",
            'customer_comment': "<p>Calls back after two.</p>"})
        self.assertRecordValues(self.buyer, [{
            'phone': "+353 21 555 0199", 'function': "Purchasing"}])
        with self.assertRaises(AccessError):
            order.with_user(self._create_user('marketing_manager')).customer_phone = "1"

    def test_form_lets_choose_him_only_who_may(self):
        order = self._create_order(partner_id=self.buyer.id)
        self._put(self.buyer, self.seller)
        service = self._create_user('service_representative')
        for user, before, after in (
            (self.lead, True, True), (self.seller, True, True), (self.manager, False, True),
            (service, False, False),
        ):
            for manager, may in ((self.seller, before), (self.env['res.users'], after)):
                self._put(self.buyer, manager)
                self.env.invalidate_all()
                # The seller sees the orders of his own customers only.
                records = [self.buyer, order] if manager or user != self.seller else [self.buyer]
                for record in records:
                    with self.subTest(user=user.login, manager=manager.login, on=record._name):
                        self.assertEqual(record.with_user(user).may_choose_manager, may)
        self._put(self.buyer, self.seller)
        form = Form(order.with_user(self.manager))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.personal_manager_id = self.manager

    def test_who_may_only_take_is_offered_himself(self):
        choices = {
            user: self.env['res.users'].search(
                self.env['sale.order'].with_user(user).fields_get(['personal_manager_id'])[
                    'personal_manager_id']['domain'])
            for user in (self.manager, self.lead)}
        self.assertEqual(choices[self.manager], self.manager)
        self.assertLessEqual(self.manager + self.seller + self.lead, choices[self.lead])

    def test_properties_of_the_customer_are_kept_on_the_order(self):
        self.env['properties.base.definition']._get_definition_for_property_field(
            'res.partner', 'properties').properties_definition = [
                {'name': 'machines', 'type': 'char', 'string': "Machines"}]
        order = self._create_order(partner_id=self.buyer.id)
        form = Form(order.with_user(self.manager))
        form.customer_properties = [
            {'name': 'machines', 'type': 'char', 'string': "Machines", 'value': "Band saw"}]
        form.save()
        self.assertEqual(self.buyer.properties['machines'], "Band saw")
        self.assertEqual(
            self.env['sale.order'].search([('customer_properties.machines', '=', "Band saw")]),
            order)
        self._create_order(partner_id=self.buyer.id)
        order.copy()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.buyer.properties['machines'], "Band saw")

    def test_order_manager_takes_the_customer_on_the_order(self):
        order = self._create_order(partner_id=self.buyer.id)
        order.with_user(self.manager).personal_manager_id = self.manager
        self._assert_managers(self.circle, self.manager)
        with self.assertRaises(AccessError):
            order.with_user(self.colleague).personal_manager_id = self.colleague


@tagged('post_install', '-at_install')
class TestPersonalManagerPerformance(PersonalManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.few, cls.many = (
            cls.env['res.partner'].create({
                'name': f"Company of {size}", 'is_company': True,
                'child_ids': [
                    Command.create({'name': f"{size}/{number}",
                                    'email': f"{number}@{size}.example"})
                    for number in range(size)
                ],
            }) for size in (FEW, MANY))
        # As a list hands them over, and not through their company.
        cls.few_contacts = cls.few.browse(cls.few.child_ids.ids)
        cls.many_contacts = cls.many.browse(cls.many.child_ids.ids)

    @warmup
    def test_many_contacts_of_a_company_cost_as_much_as_few(self):
        few = self._count_statements_once(self._put, self.few, self.seller)
        many = self._count_statements_once(self._put, self.many, self.seller)
        self.assertLessEqual(many, few + 2)

    @warmup
    def test_many_selected_contacts_cost_as_much_as_few(self):
        few = self._count_statements_once(self._put, self.few_contacts, self.seller)
        many = self._count_statements_once(self._put, self.many_contacts, self.rival)
        self.assertLessEqual(many, few + 2)

    @warmup
    def test_many_new_contacts_cost_as_much_as_few_to_join(self):
        few, many = (
            self._count_statements_once(contacts._join_circles, contacts, 'created')
            for contacts in (self.few_contacts, self.many_contacts))
        self.assertLessEqual(many, few + 2)
