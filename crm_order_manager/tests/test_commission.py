import random

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tests.common import warmup

from ..models.commission import increments, split
from .common import OrderManagerCommon

FEW, MANY = 4, 14


class CommissionCommon(OrderManagerCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.commission.plan'].search([]).unlink()
        cls.seller = cls._create_user('account_representative')
        cls.sales_manager = cls._create_user('sales_manager')
        cls.Entry = cls.env['crm.commission.entry']

    @classmethod
    def _create_plan(cls, rate=10.0, **values):
        return cls.env['crm.commission.plan'].create({
            'name': "Ten Percent", 'rate': rate, 'company_id': cls.env.company.id, **values})

    @classmethod
    def _create_order(cls, amount=100.0, confirm=True, **values):
        """Return an order that the order manager manages, unless told otherwise."""
        return super()._create_order(
            amount, confirm, **{'order_manager_id': cls.manager.id, **values})

    def _update(self):
        self.env['sale.order']._update_all_due_commissions()

    def _amounts(self, **domain):
        """Return what there is of each state, as a dictionary without zeros."""
        self._update()
        sums = self.Entry._read_group(
            [(name, '=', value) for name, value in domain.items()], ['state'], ['amount:sum'])
        return {state: round(amount, 2) for state, amount in sums if round(amount, 2)}

    def _settle(self, user, date_to='2099-12-31', confirm=True):
        settlement = self.env['crm.commission.settlement'].create({
            'user_id': user.id, 'company_id': self.env.company.id,
            'date_from': '2000-01-01', 'date_to': date_to})
        if confirm:
            settlement.action_confirm()
        return settlement


@tagged('post_install', '-at_install')
class TestCommission(CommissionCommon):
    """What is expected, earned and taken back; every figure is worked out by hand."""

    # From the order to the money

    def test_quotation_pays_nothing(self):
        self._create_plan()
        self._create_order(250.0, confirm=False)
        self.assertEqual(self._amounts(), {})

    def test_confirmed_order_is_expected_to_pay(self):
        self._create_plan()
        self._create_order(250.0)
        self.assertEqual(self._amounts(), {'expected': 25.0})

    def test_each_payment_earns_its_part(self):
        self._create_plan()
        bill = self._create_bill(self._create_order(250.0))
        self._pay(bill, 100.0, payment_date='2026-03-05')
        self.assertEqual(self._amounts(), {'expected': 15.0, 'earned': 10.0})
        self._pay(bill, 150.0, payment_date='2026-04-07')
        self.assertEqual(self._amounts(), {'earned': 25.0})
        self.assertRecordValues(self.Entry.search([], order='date'), [
            {'amount': 10.0, 'basis': 100.0, 'date': self._day('2026-03-05'),
             'user_id': self.manager.id, 'role': 'order_manager'},
            {'amount': 15.0, 'basis': 150.0, 'date': self._day('2026-04-07'),
             'user_id': self.manager.id, 'role': 'order_manager'},
        ])

    def test_doing_it_again_changes_nothing(self):
        self._create_plan()
        order = self._create_order(250.0)
        self._pay(self._create_bill(order), 100.0)
        self._update()
        before = self.Entry.search([]).read(['state', 'amount', 'user_id', 'date'])
        order._mark_commissions_due()
        self._update()
        self.assertEqual(
            self.Entry.search([]).read(['state', 'amount', 'user_id', 'date']), before)

    def test_tax_pays_nothing(self):
        self._create_plan()
        tax = self.env['account.tax'].create({
            'name': "VAT", 'amount': 25.0,
            'country_id': self.env.company.account_fiscal_country_id.id})
        order = self._create_order(200.0, confirm=False)
        order.order_line.tax_ids = tax
        order.action_confirm()
        self.assertEqual(order.amount_total, 250.0)
        self._pay(self._create_bill(order), 125.0)
        # half of 250 came in, half of it is 100 without tax
        self.assertEqual(self._amounts(), {'expected': 10.0, 'earned': 10.0})

    def test_down_payment_earns_its_part_and_not_twice(self):
        self._create_plan()
        order = self._create_order(250.0)
        self._pay(self._create_down_payment(order, 60.0))
        self.assertEqual(self._amounts(), {'expected': 19.0, 'earned': 6.0})
        rest = order._create_invoices(final=True)
        rest.action_post()
        self.assertEqual(self._amounts(), {'expected': 19.0, 'earned': 6.0})
        self._pay(rest)
        self.assertEqual(self._amounts(), {'earned': 25.0})

    def test_bill_over_two_orders_pays_the_manager_of_each(self):
        self._create_plan()
        orders = self._create_order(100.0) + self._create_order(
            300.0, order_manager_id=self.colleague.id)
        self._pay(self._create_bill(orders), 200.0)
        # a quarter of the bill is the first order's
        self.assertEqual(self._amounts(user_id=self.manager.id), {'expected': 5.0, 'earned': 5.0})
        self.assertEqual(
            self._amounts(user_id=self.colleague.id), {'expected': 15.0, 'earned': 15.0})

    def test_online_payment_earns_before_the_bill(self):
        self._create_plan()
        order = self._create_order(250.0)
        self._pay_online(order, 250.0)
        self.assertEqual(self._amounts(), {'earned': 25.0})
        self._create_bill(order)
        self.assertEqual(self._amounts(), {'earned': 25.0})
        self.assertEqual(len(self.Entry.search([])), 1)

    def test_overpaid_order_pays_for_what_it_costs(self):
        self._create_plan()
        self._pay(self._create_bill(self._create_order(250.0)), 300.0)
        self.assertEqual(self._amounts(), {'earned': 25.0})

    def test_payment_in_another_currency(self):
        self._create_plan()
        foreign = self.setup_other_currency('GBP', rates=[('2016-01-01', 2.0)])
        self._pay(self._create_bill(self._create_order(100.0)), 120.0, currency_id=foreign.id)
        # 120 of the foreign currency are 60 of ours
        self.assertEqual(self._amounts(), {'expected': 4.0, 'earned': 6.0})

    def test_order_in_another_currency_pays_in_that_of_the_company(self):
        self._create_plan()
        foreign = self.setup_other_currency('GBP', rates=[('2016-01-01', 2.0)])
        pricelist = self.env['product.pricelist'].create(
            {'name': "Abroad", 'currency_id': foreign.id})
        order = self._create_order(100.0, pricelist_id=pricelist.id)
        self._pay(self._create_bill(order), 30.0, currency_id=foreign.id)
        # 100 abroad are 50 at home: 5 in all, 30 of 100 came in
        self.assertEqual(self._amounts(), {'expected': 3.5, 'earned': 1.5})

    # Taken back

    def test_undone_payment_takes_back_what_it_earned(self):
        self._create_plan()
        payment = self._pay(self._create_bill(self._create_order(250.0)))
        self.assertEqual(self._amounts(), {'earned': 25.0})
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(
            self._amounts(), {'expected': 25.0, 'earned': 25.0, 'reversed': -25.0})

    def test_payment_undone_and_made_again_earns_once(self):
        self._create_plan()
        bill = self._create_bill(self._create_order(250.0))
        payment = self._pay(bill)
        self._update()
        payment.action_draft()
        payment.action_cancel()
        self._update()
        self._pay(bill)
        self.assertEqual(self._amounts(), {'earned': 50.0, 'reversed': -25.0})

    def test_credit_note_of_a_paid_bill_takes_back_its_part(self):
        self._create_plan()
        bill = self._create_bill(self._create_order(250.0))
        self._pay(bill)
        self._update()
        note = self._credit(bill, 40.0)
        self.assertEqual(self._amounts(), {'earned': 25.0, 'reversed': -4.0})
        self._pay_back(note)
        self.assertEqual(self._amounts(), {'earned': 25.0, 'reversed': -4.0})

    def test_credit_note_of_an_unpaid_bill_lowers_what_is_expected(self):
        self._create_plan()
        self._credit(self._create_bill(self._create_order(250.0)), 50.0)
        self.assertEqual(self._amounts(), {'expected': 20.0})

    def test_fully_refunded_order_comes_to_nothing(self):
        self._create_plan()
        bill = self._create_bill(self._create_order(250.0))
        self._pay(bill)
        self._update()
        self._pay_back(self._credit(bill))
        self.assertEqual(self._amounts(), {'earned': 25.0, 'reversed': -25.0})

    def test_cancelled_order_comes_to_nothing(self):
        self._create_plan()
        order = self._create_order(250.0)
        self._update()
        order._action_cancel()
        self.assertEqual(self._amounts(), {})

    def test_settled_commission_is_taken_back_by_an_entry_of_its_own(self):
        self._create_plan()
        bill = self._create_bill(self._create_order(250.0))
        self._pay(bill)
        settled = self._settle(self.manager).entry_ids
        self._credit(bill, 40.0)
        self.assertEqual(self._amounts(), {'settled': 25.0, 'reversed': -4.0})
        self.assertEqual(settled.amount, 25.0)
        self.assertEqual(self._settle(self.manager).amount, -4.0)

    # Who has it

    def test_commission_goes_to_the_new_manager(self):
        self._create_plan()
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        self._pay(bill, 100.0)
        self._update()
        order.order_manager_id = self.colleague
        self.assertEqual(self._amounts(user_id=self.manager.id), {})
        self.assertEqual(
            self._amounts(user_id=self.colleague.id), {'expected': 15.0, 'earned': 10.0})

    def test_settled_commission_stays_with_the_former_manager(self):
        self._create_plan()
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        self._pay(bill, 100.0)
        self._settle(self.manager)
        order.order_manager_id = self.colleague
        self._pay(bill, 50.0)
        self.assertEqual(self._amounts(user_id=self.manager.id), {'settled': 10.0})
        self.assertEqual(
            self._amounts(user_id=self.colleague.id), {'expected': 10.0, 'earned': 5.0})

    def test_refund_is_taken_from_the_unsettled_first_and_then_from_who_was_paid(self):
        self._create_plan()
        order = self._create_order(250.0)
        bill = self._create_bill(order)
        self._pay(bill, 200.0)
        self._settle(self.manager)
        order.order_manager_id = self.colleague
        self._pay(bill, 50.0)
        self._update()
        self._credit(bill, 80.0)
        # 8 are taken back: 5 that the colleague has not been paid, 3 from who was paid 20
        self.assertEqual(
            self._amounts(user_id=self.colleague.id), {'earned': 5.0, 'reversed': -5.0})
        self.assertEqual(
            self._amounts(user_id=self.manager.id), {'settled': 20.0, 'reversed': -3.0})
        order.order_manager_id = self.lead
        self.assertEqual(
            self._amounts(user_id=self.manager.id), {'settled': 20.0, 'reversed': -3.0})
        self.assertEqual(self._amounts(user_id=self.colleague.id), {})

    def test_order_without_manager_pays_nobody_until_it_has_one(self):
        self._create_plan()
        order = self._create_order(250.0)
        self._pay(self._create_bill(order), 100.0, payment_date='2026-03-05')
        self._update()
        order.order_manager_id = False
        self.assertEqual(self._amounts(), {})
        order.order_manager_id = self.colleague
        self.assertEqual(self._amounts(), {'expected': 15.0, 'earned': 10.0})
        earned = self.Entry.search([('state', '=', 'earned')])
        self.assertEqual(earned.date, self._day('2026-03-05'))

    def test_bulk_change_of_managers_moves_commissions_too(self):
        self._create_plan()
        order = self._create_order(250.0)
        self._update()
        self.env['sale.order']._change_order_manager({self.colleague: order}, 'transfer')
        self.assertEqual(self._amounts(user_id=self.colleague.id), {'expected': 25.0})

    def test_personal_manager_earns(self):
        self._create_plan(earner='personal_manager')
        self._create_order(250.0)
        self.assertEqual(self._amounts(), {})
        self.customer.personal_manager_id = self.seller
        self.assertEqual(self._amounts(user_id=self.seller.id), {'expected': 25.0})

    def test_personal_manager_earns_where_there_is_no_order_manager(self):
        self._create_plan(earner='order_or_personal')
        self.customer.personal_manager_id = self.seller
        order = self._create_order(250.0, order_manager_id=False)
        self.assertEqual(self._amounts(user_id=self.seller.id), {'expected': 25.0})
        order.order_manager_id = self.manager
        self.assertEqual(self._amounts(user_id=self.seller.id), {})
        self.assertEqual(self._amounts(user_id=self.manager.id), {'expected': 25.0})

    def test_personal_manager_earns_on_the_first_order_only(self):
        self._create_plan(earner='first_order')
        self.customer.personal_manager_id = self.seller
        first = self._create_order(100.0, date_order='2026-01-05')
        second = self._create_order(300.0, date_order='2026-02-05')
        first.date_order, second.date_order = '2026-01-05', '2026-02-05'
        self.assertEqual(self._amounts(), {'expected': 10.0})
        first._action_cancel()
        self.assertEqual(self._amounts(), {'expected': 30.0})
        first.action_draft()
        first.action_confirm()
        first.date_order = '2026-01-05'
        self.assertEqual(self._amounts(), {'expected': 10.0})

    def test_two_share_a_commission_without_losing_a_cent(self):
        self._create_plan(earner='split', manager_share=66.67)
        self.customer.personal_manager_id = self.seller
        self._pay(self._create_bill(self._create_order(100.1)))
        # 10.01 in all: 66.67 % are 6.6737, 33.33 % are 3.3363
        self.assertEqual(self._amounts(user_id=self.manager.id), {'earned': 6.67})
        self.assertEqual(self._amounts(user_id=self.seller.id), {'earned': 3.34})

    def test_share_that_has_nobody_is_not_paid(self):
        self._create_plan(earner='split', manager_share=60.0)
        self._create_order(100.0)
        self.assertEqual(self._amounts(), {'expected': 6.0})

    # Plans

    def test_margin_pays_what_is_left_after_the_cost(self):
        self.drill.standard_price = 70.0
        self._create_plan(base='margin')
        bill = self._create_bill(self._create_order(100.0))
        self._pay(bill, 50.0)
        # 30 are earned on the goods, half of them are in
        self.assertEqual(self._amounts(), {'expected': 1.5, 'earned': 1.5})
        self.assertEqual(sum(self.Entry.search([]).mapped('basis')), 30.0)

    def test_order_sold_below_cost_pays_nothing(self):
        self.drill.standard_price = 170.0
        self._create_plan(base='margin')
        self._pay(self._create_bill(self._create_order(100.0)))
        self.assertEqual(self._amounts(), {})

    def test_nearest_product_category_says_the_rate(self):
        tools, saws, blades, books = self.env['product.category'].create([
            {'name': name} for name in ("Tools", "Saws", "Blades", "Books")])
        saws.parent_id = tools
        blades.parent_id = saws
        plan = self._create_plan(10.0, rate_ids=[
            Command.create({'category_id': tools.id, 'rate': 5.0}),
            Command.create({'category_id': saws.id, 'rate': 0.0}),
        ])
        products = self.env['product.product'].create([
            {'name': category.name, 'categ_id': category.id, 'taxes_id': [Command.clear()]}
            for category in (tools, blades, books)])
        order = self._create_order(100.0, confirm=False)
        order.order_line = [Command.clear()] + [
            Command.create({'product_id': product.id, 'price_unit': 100.0,
                            'tax_ids': [Command.clear()]})
            for product in products]
        order.action_confirm()
        # 5 % of the tool, nothing of the blade (a saw's), 10 % of the book
        self.assertEqual(self._amounts(), {'expected': 15.0})
        plan.rate_ids.filtered(lambda rate: rate.category_id == saws).rate = 20.0
        self.assertEqual(self._amounts(), {'expected': 35.0})

    def test_plan_pays_for_the_orders_of_its_days(self):
        self._create_plan(date_from='2026-03-01', date_to='2026-03-31')
        for day, pays in (('2026-02-28 12:00:00', False), ('2026-03-01 12:00:00', True),
                          ('2026-03-31 12:00:00', True), ('2026-04-01 12:00:00', False)):
            order = self._create_order(100.0)
            order.date_order = day
            with self.subTest(day=day):
                self.assertEqual(
                    self._amounts(order_id=order.id), {'expected': 10.0} if pays else {})

    def test_plan_pays_its_people_and_teams(self):
        team = self.env['crm.team'].create({'name': "Trade"})
        self._create_plan(
            user_ids=[Command.set(self.manager.ids)], team_ids=[Command.set(team.ids)])
        theirs = self._create_order(100.0, team_id=team.id)
        self._create_order(100.0, team_id=team.id, order_manager_id=self.colleague.id)
        self._create_order(100.0, team_id=False)
        self._update()
        self.assertEqual(self.Entry.search([]).order_id, theirs)

    def test_all_plans_that_fit_pay(self):
        self._create_plan(10.0)
        self._create_plan(1.0)
        self._create_order(100.0)
        self.assertEqual(self._amounts(), {'expected': 11.0})

    def test_new_rate_is_worked_out_again(self):
        plan = self._create_plan(10.0)
        self._pay(self._create_bill(self._create_order(250.0)), 100.0)
        self._update()
        plan.rate = 20.0
        self.assertEqual(self._amounts(), {'expected': 30.0, 'earned': 20.0})

    def test_new_plan_pays_for_what_is_there_already(self):
        self._pay(self._create_bill(self._create_order(250.0)), 100.0, payment_date='2026-03-05')
        self._update()
        self._create_plan()
        self.assertEqual(self._amounts(), {'expected': 15.0, 'earned': 10.0})

    def test_terms_stay_once_something_is_settled(self):
        plan = self._create_plan()
        category = self.env['product.category'].create({'name': "Saws"})
        rate = self.env['crm.commission.rate'].create(
            {'plan_id': plan.id, 'category_id': category.id, 'rate': 3.0})
        self._pay(self._create_bill(self._create_order(250.0)))
        self._settle(self.manager)
        for values in ({'rate': 5.0}, {'base': 'margin'}, {'earner': 'split'},
                       {'rate_ids': [Command.clear()]}):
            with self.subTest(values=values), self.assertRaises(UserError):
                plan.write(values)
        with self.assertRaises(UserError):
            rate.rate = 4.0
        plan.date_to = '2026-01-01'
        self.assertEqual(self._amounts(), {'settled': 25.0})

    def test_archived_plan_expects_nothing_more_and_takes_nothing_settled(self):
        plan = self._create_plan()
        bill = self._create_bill(self._create_order(250.0))
        self._pay(bill, 100.0)
        self._settle(self.manager)
        plan.active = False
        self.assertEqual(self._amounts(), {'settled': 10.0})

    def test_plan_with_commissions_is_not_deleted(self):
        plan = self._create_plan()
        self._create_order(250.0)
        self._update()
        with self.assertRaises(UserError):
            plan.unlink()

    def test_plan_that_pays_nothing_is_refused(self):
        with self.assertRaises(ValidationError):
            self._create_plan(0.0)

    def _day(self, text):
        return self.Entry._fields['date'].to_date(text)


@tagged('post_install', '-at_install')
class TestCommissionAccess(CommissionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(earner='split', manager_share=50.0)
        cls.customer.personal_manager_id = cls.seller
        cls.order = cls._create_order(100.0)
        cls.other = cls._create_order(300.0, order_manager_id=cls.colleague.id)
        cls.env['sale.order']._update_all_due_commissions()

    def _seen(self, user):
        return self.Entry.with_user(user).search([])

    def test_person_sees_his_own(self):
        self.assertEqual(self._seen(self.manager).mapped('amount'), [5.0])
        self.assertEqual(self._seen(self.colleague).mapped('amount'), [15.0])
        self.assertEqual(sorted(self._seen(self.seller).mapped('amount')), [5.0, 15.0])
        self.assertEqual(self.order.with_user(self.manager).commission_amount, 5.0)

    def test_lead_and_sales_manager_see_all(self):
        for user in (self.lead, self.sales_manager):
            with self.subTest(user=user.login):
                self.assertEqual(len(self._seen(user)), 4)

    def test_others_see_none(self):
        for role in ('service_representative', 'service_supervisor', 'marketing_manager'):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._seen(user)

    def test_nobody_writes_commissions(self):
        entry = self.Entry.search([('user_id', '=', self.manager.id)])
        for user in (self.manager, self.seller, self.lead, self.sales_manager):
            mine = entry.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    mine.write({'amount': 500.0})
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.copy()

    def test_only_sales_managers_keep_plans(self):
        for user in (self.manager, self.seller, self.lead):
            with self.subTest(user=user.login):
                self.assertEqual(self.plan.with_user(user).rate, 10.0)
                with self.assertRaises(AccessError):
                    self.plan.with_user(user).rate = 50.0
        self.plan.with_user(self.sales_manager).rate = 20.0
        self.assertEqual(
            self._amounts(user_id=self.manager.id), {'expected': 10.0})

    def test_entries_of_another_company_are_not_seen(self):
        elsewhere = self.env['res.company'].create({'name': "Elsewhere"})
        self.lead.write({'company_ids': [Command.set(elsewhere.ids)], 'company_id': elsewhere.id})
        self.assertFalse(self._seen(self.lead))


@tagged('post_install', '-at_install')
class TestCommissionUpdate(CommissionCommon):
    """The scheduled action: in batches, again after a crash, at the same cost for many."""

    def _create_orders(self, count):
        orders = self.env['sale.order'].create([{
            'partner_id': self.customer.id,
            'order_manager_id': self.manager.id,
            'order_line': [Command.create({
                'product_id': self.drill.id, 'price_unit': 100.0 + number,
                'tax_ids': [Command.clear()]})],
        } for number in range(count)])
        orders.action_confirm()
        return orders

    def test_interrupted_update_is_finished_by_the_next_and_nothing_is_done_twice(self):
        self._update()
        self._create_plan()
        orders = self._create_orders(6)
        self.env.flush_all()
        done = self.env['sale.order'].with_user(self.lead)._update_due_commissions(limit=2)
        self.assertEqual(len(done), 2)
        with self.assertRaises(KeyboardInterrupt), self.cr.savepoint():
            self.env['sale.order']._update_due_commissions(limit=2)
            self.assertEqual(len(self.Entry.search([])), 4)
            raise KeyboardInterrupt  # before the commit: everything of this batch is undone
        self.assertEqual(len(self.Entry.search([])), 2)
        self.assertEqual(len(orders.filtered('commission_due')), 4)
        with self.enter_registry_test_mode():
            self.env.ref('crm_order_manager.ir_cron_update_commissions').method_direct_trigger()
        self.assertEqual(self.Entry.search([]).order_id, orders)
        self.assertEqual(len(self.Entry.search([])), 6)
        self.assertFalse(orders.filtered('commission_due'))

    @warmup
    def test_update_costs_as_much_for_many(self):
        self._create_plan(earner='split')
        self._create_plan(earner='first_order', base='margin')
        self.customer.personal_manager_id = self.seller
        orders = self._create_orders(MANY)
        for order in orders[::2]:
            self._pay(self._create_bill(order), 50.0)
        self._update()
        few, many = (self._queries(orders[:count]) for count in (FEW, MANY))
        self.assertLessEqual(many, few + 2, f"{FEW} orders: {few} queries, {MANY} orders: {many}")
        orders.order_manager_id = self.colleague
        self._update()
        self.Entry.sudo().search([]).unlink()
        few, many = (self._queries(orders[:count]) for count in (FEW, MANY))
        self.assertLessEqual(many, few + 4, f"{FEW} orders: {few} queries, {MANY} orders: {many}")

    def _queries(self, orders):
        orders._mark_commissions_due()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env['sale.order']._update_due_commissions()
        self.env.flush_all()
        return self.cr.sql_log_count - before


@tagged('post_install', '-at_install')
class TestCommissionArithmetic(BaseCase):
    """However an order is paid, taken back and shared, all cents are there."""

    def test_no_cent_is_lost(self):
        rng = random.Random(19)
        for _round in range(2000):
            shares = [rng.choice([0, rng.uniform(0, 100)]) for _ in range(rng.randint(1, 5))] + [1]
            total = rng.randint(-100000, 100000)
            parts = split(total, shares)
            self.assertEqual(sum(parts), total)
            for part, share in zip(parts, shares, strict=True):
                self.assertLess(abs(part - total * share / sum(shares)), 1)

    def test_instalments_add_up_to_what_the_whole_earns(self):
        rng = random.Random(2026)
        for _round in range(500):
            share = rng.uniform(0, 100)
            rate = rng.uniform(0.01, 99.0)
            paid = [
                (day, rng.choice([1, 1, 1, -1]) * rng.randint(1, 100000) / 100)
                for day in range(rng.randint(1, 12))]
            steps = increments(paid, rate, [share, 100 - share])
            at_once = increments([(0, sum(amount for _day, amount in paid))], rate, [100])
            self.assertEqual(
                sum(coins for part in steps for _day, coins in part),
                sum(coins for part in at_once for _day, coins in part))
