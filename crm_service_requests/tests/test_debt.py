from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_rule import RuleCommon


@tagged('post_install', '-at_install')
class TestDebt(RuleCommon):
    """Overdue bills, the levels of asking for them, and promises that are kept or broken.

    Today is 10 March; the bills of Acorn Joinery are 37 and 9 days overdue.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time('2026-03-10 09:00:00'))
        cls.old = cls._bill(cls.acorn, 100.0, '2026-02-01')
        cls.recent = cls._bill(cls.acorn, 60.0, '2026-03-01')
        cls.not_due = cls._bill(cls.acorn, 30.0, '2026-03-01', '2026-04-01')
        cls.levels = cls.env['crm.debt.level'].search([])
        cls.debt = cls._create_request('debt', user_id=cls.roles['service_representative'].id)

    def _promise(self, amount, date='2026-03-20', **values):
        return self.env['crm.payment.promise'].create({
            'request_id': self.debt.id, 'amount': amount, 'date': date, **values})

    def _follow(self, moment):
        """Let the scheduled action run at some time."""
        cron = self.env.ref('crm_service_requests.ir_cron_follow_debts')
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_overdue_bills_are_proposed(self):
        self.assertEqual(self.debt.debt_invoice_ids, self.old | self.recent)
        self.assertEqual((self.debt.debt_amount, self.debt.debt_days), (160.0, 37))
        self.assertFalse(self._create_request('information').debt_invoice_ids)

    def test_chosen_bills_stay_until_the_customer_changes(self):
        debt = self._create_request('debt', debt_invoice_ids=[Command.set(self.recent.ids)])
        self.assertEqual(debt.debt_invoice_ids, self.recent)
        debt.name = "Another subject"
        self.assertEqual(debt.debt_invoice_ids, self.recent)
        bill = self._bill(self.birch, 70.0, '2026-02-01')
        debt.partner_id = self.birch
        self.assertEqual(debt.debt_invoice_ids, bill)

    def test_all_overdue_bills_by_a_button(self):
        self.debt.debt_invoice_ids = self.recent
        self.debt.action_propose_debt()
        self.assertEqual(self.debt.debt_invoice_ids, self.old | self.recent)
        other = self._create_request('debt', partner_id=self.birch.id)
        with self.assertRaisesRegex(UserError, "no bill of Birch & Sons is overdue"):
            other.action_propose_debt()

    def test_foreign_bills_are_due_in_the_currency_of_the_company(self):
        foreign = self.env['res.currency'].create({
            'name': 'TWO', 'symbol': 'T', 'rounding': 0.01, 'rate_ids': [
                Command.create({'name': '2025-01-01', 'rate': 2.0})]})
        self._bill(self.birch, 100.0, '2026-02-01', currency_id=foreign.id)
        self.assertEqual(
            self._create_request('debt', partner_id=self.birch.id).debt_amount, 50.0)

    def test_level_follows_the_oldest_bill_and_never_falls(self):
        self.assertEqual(self.debt.debt_level_id, self.levels[1], "21 days and more")
        self._follow('2026-03-16 09:00:00')
        self.assertEqual(self.debt.debt_level_id, self.levels[2], "42 days and more")
        self._pay(self.old, 100.0)
        self._follow('2026-03-16 09:00:00')
        self.assertEqual(self.debt.debt_level_id, self.levels[2])

    def test_level_may_bring_the_request_to_another(self):
        self.levels[2].user_id = self.roles['service_supervisor']
        self._follow('2026-03-16 09:00:00')
        self.assertEqual(self.debt.user_id, self.roles['service_supervisor'])

    def test_levels_begin_on_different_days(self):
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), \
                self.env.cr.savepoint():
            self.levels[0].copy()
        self.levels[0].copy({'company_id': self.env.company.id})

    def test_request_closes_itself_when_all_is_paid(self):
        self._pay(self.old, 100.0)
        self.assertEqual(self.debt.state, 'new')
        self.assertEqual(self.debt.debt_amount, 60.0)
        self._pay(self.recent, 60.0)
        self.assertRecordValues(self.debt, [{
            'state': 'closed', 'closed_by': 'rule', 'debt_amount': 0.0}])

    def test_credit_note_pays_as_well(self):
        self.debt.debt_invoice_ids = self.old
        self.old._reverse_moves(cancel=True)
        self.assertEqual(self.debt.state, 'closed')

    def test_promise_lets_the_request_wait(self):
        promise = self._promise(100.0)
        self.assertEqual((promise.state, self.debt.state), ('open', 'waiting'))
        self.assertEqual(promise.invoice_ids, self.old | self.recent)
        self._follow('2026-03-16 09:00:00')
        self.assertEqual(self.debt.debt_level_id, self.levels[1], "he has time until the 20th")

    def test_kept_promise_takes_up_what_is_left(self):
        promise = self._promise(100.0)
        self._pay(self.old, 60.0, '2026-03-15')
        self.assertEqual(promise.state, 'open')
        self._pay(self.recent, 40.0, '2026-03-20')
        self.assertRecordValues(promise, [{'state': 'kept', 'paid': 100.0}])
        self.assertEqual(self.debt.state, 'open')
        self.assertEqual(self.debt.debt_level_id, self.levels[1])

    def test_kept_promise_over_all_closes_the_request(self):
        promise = self._promise(160.0)
        self._pay(self.old, 100.0, '2026-03-15')
        self._pay(self.recent, 60.0, '2026-03-15')
        self.assertEqual(promise.state, 'kept')
        self.assertRecordValues(self.debt, [{'state': 'closed', 'closed_by': 'rule'}])

    def test_what_was_paid_before_does_not_keep_a_promise(self):
        self._pay(self.old, 60.0)
        promise = self._promise(60.0)
        self.assertEqual(promise.paid_before, 60.0)
        self._follow('2026-03-21 09:00:00')
        self.assertRecordValues(promise, [{'state': 'broken', 'paid': 0.0}])

    def test_broken_promise_moves_the_request(self):
        promise = self._promise(100.0)
        self._pay(self.old, 50.0, '2026-03-15')
        self._follow('2026-03-20 23:00:00')
        self.assertEqual(promise.state, 'open', "the day is not over")
        self._follow('2026-03-21 09:00:00')
        self.assertRecordValues(promise, [{'state': 'broken', 'paid': 50.0}])
        self.assertRecordValues(self.debt, [{
            'state': 'open', 'priority': '1', 'debt_level_id': self.levels[2].id}])
        activity = self.debt.activity_ids
        self.assertEqual(activity.user_id, self.roles['service_representative'])
        self.assertIn("100", activity.note)
        self._follow('2026-03-22 09:00:00')
        self.assertEqual(len(self.debt.activity_ids), 1)

    def test_money_that_came_too_late_does_not_keep_a_promise(self):
        promise = self._promise(160.0)
        with freeze_time('2026-03-25 09:00:00'):
            self._pay(self.old, 100.0, '2026-03-24')
        self.assertEqual(promise.state, 'broken')
        self.assertEqual(self.debt.state, 'open')

    def test_closed_request_is_taken_up_after_a_broken_promise(self):
        self._promise(100.0)
        self.debt.write({'state': 'closed', 'closed_by': 'customer'})
        self._follow('2026-03-21 09:00:00')
        self.assertRecordValues(self.debt, [{'state': 'open', 'reopen_count': 1}])

    def test_payment_taken_back_takes_back_the_promise(self):
        promise = self._promise(100.0)
        self._pay(self.old, 100.0, '2026-03-15')
        self.assertEqual(promise.state, 'kept')
        self.old.line_ids.remove_move_reconcile()
        self.assertEqual(promise.state, 'open')
        self._follow('2026-03-21 09:00:00')
        self.assertEqual(promise.state, 'broken')

    def test_new_promise_replaces_the_last(self):
        first = self._promise(100.0)
        second = self._promise(50.0, '2026-03-30')
        self.assertEqual((first.state, second.state), ('replaced', 'open'))
        self._follow('2026-03-21 09:00:00')
        self.assertEqual((first.state, self.debt.state), ('replaced', 'waiting'))

    def test_promise_needs_bills_and_a_day_to_come(self):
        with self.assertRaisesRegex(ValidationError, "in the past"):
            self._promise(10.0, '2026-03-09')
        self.debt.debt_invoice_ids = False
        with self.assertRaisesRegex(UserError, "choose the bills"):
            self._promise(10.0)

    def test_what_became_of_a_promise_is_not_deleted_or_written(self):
        promise = self._promise(100.0)
        supervised = promise.with_user(self.roles['service_supervisor'])
        for name, value in (('state', 'kept'), ('paid', 100.0), ('paid_before', 1.0)):
            with self.subTest(name):
                self._assert_refused(supervised.write, {name: value})
        self._follow('2026-03-21 09:00:00')
        with self.assertRaisesRegex(UserError, "belongs to its history"):
            supervised.unlink()

    def test_promises_are_noted_by_who_works_on_the_request(self):
        for role, may in (
            ('service_representative', True), ('service_supervisor', True),
            ('sales_manager', True), ('account_representative', True),
            ('order_manager', False), ('marketing_manager', False),
        ):
            note = self._as(self.env['crm.payment.promise'], role).create
            values = {'request_id': self.debt.id, 'amount': 10.0, 'date': '2026-03-20'}
            with self.subTest(role):
                if may:
                    self.assertEqual(note(values).state, 'open')
                else:
                    self._assert_refused(note, values)
                    with self.assertRaises(AccessError):
                        self._as(self.debt.promise_ids[0], role).read(['amount'])

    def test_letter_of_a_level_goes_out_once(self):
        debt = self.debt.with_user(self.roles['service_representative'])
        debt.action_send_debt_letter()
        letter = debt.message_ids[0]
        self.assertEqual(letter.message_type, 'comment')
        self.assertEqual(letter.partner_ids, self.acorn)
        self.assertIn(self.old.name, letter.body)
        self.assertIn("160.00", letter.body)
        self.assertNotIn(self.not_due.name, letter.body)
        self.assertIn("nothing yet", letter.body)
        self.assertTrue(debt.date_first_answer)
        with self.assertRaisesRegex(UserError, "was sent"):
            debt.action_send_debt_letter()
        self._follow('2026-03-16 09:00:00')
        debt.action_send_debt_letter()
        self.assertEqual(debt.debt_letter_level_id, self.levels[2])

    def test_letter_needs_a_level_an_amount_and_an_address(self):
        none = self._create_request('debt', partner_id=self.birch.id)
        with self.assertRaisesRegex(UserError, "no level with a letter"):
            none.action_send_debt_letter()
        self.acorn.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.debt.action_send_debt_letter()
        self.debt.debt_invoice_ids = False
        with self.assertRaisesRegex(UserError, "nothing is due"):
            self.debt.action_send_debt_letter()

    def test_automatic_letter_goes_out_in_working_hours_once(self):
        self.levels[1].automatic = True
        for moment, sent in (
            ('2026-03-11 02:00:00', False), ('2026-03-11 10:00:00', True),
            ('2026-03-11 11:00:00', True),
        ):
            self._follow(moment)
            letters = self.debt.message_ids.filtered(
                lambda message: message.partner_ids == self.acorn)
            self.assertEqual(len(letters), int(sent), moment)

    def test_rule_makes_debts_with_their_bills(self):
        rule = self._create_rule('overdue', days=10, type_id=self.types['debt'].id)
        request = rule._run()
        self.assertEqual(request.debt_invoice_ids, self.old)
        self.assertEqual(request.debt_level_id, self.levels[1])
        self._pay(self.old, 100.0)
        self.assertEqual(request.state, 'closed')

    def test_portal_sees_no_bills_by_a_request(self):
        self.assertNotIn('debt_invoice_ids', self.env['crm.request'].with_user(
            self.env.ref('base.public_user')).fields_get())

    def test_statements_do_not_grow_with_the_debts(self):
        def count(number):
            for _debt in range(number):
                customer = self.env['res.partner'].create({
                    'name': "Debtor", 'property_account_receivable_id': self.receivable.id})
                self._bill(customer, 60.0, '2026-03-05')
                self._create_request('debt', partner_id=customer.id)
            self.env.flush_all()
            self.env.invalidate_all()
            debts = self.env['crm.request'].search(self.env['crm.request']._debt_domain())
            before = self.env.cr.sql_log_count
            debts._raise_debt_levels()
            debts._send_automatic_letters()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(5), count(40))
