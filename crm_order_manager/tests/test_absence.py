from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .test_assignment import AssignmentCommon


class AbsenceCommon(AssignmentCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._create_user('order_manager', 'third')
        cls.orders = cls._create_orders(3, order_manager_id=cls.manager.id)
        cls.orders.action_confirm()

    def _away(self, first=None, last=None, user=None, deputy=None):
        (user or self.manager).sudo().write({
            'absent_from': first, 'absent_until': last,
            'deputy_id': deputy.id if deputy else False})

    def _lend(self, orders=None, **values):
        """Lend the orders by the wizard, and return what it said about their return."""
        orders = self.orders if orders is None else orders
        wizard = self.env['crm.manager.assign'].with_user(self.lead).with_context(
            active_model='sale.order', active_ids=orders.ids).create(
                {'reason': 'absence', 'user_id': self.colleague.id, **values})
        note = wizard.return_note
        wizard.action_assign()
        return note

    def _follow(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                'crm_order_manager.ir_cron_follow_absences').sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _messages(self, user):
        return self.env['mail.message'].sudo().search(
            [('partner_ids', 'in', user.partner_id.ids)])


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10 09:00:00')
class TestAbsence(AbsenceCommon):

    def test_orders_are_lent_with_the_reason_and_the_day_of_return(self):
        self._away('2026-03-09', '2026-03-20')
        self.assertIn(f"{self.manager.name}: after 03/20/2026", self._lend())
        self.assertRecordValues(self.orders, [{
            'order_manager_id': self.colleague.id, 'lender_id': self.manager.id,
            'lent_from': date(2026, 3, 9), 'lent_until': date(2026, 3, 20)}] * 3)
        self.assertEqual(
            self._ledger(self.orders[0])[-1], (self.manager, self.colleague, 'absence'))
        self.assertEqual(self.manager.lent_order_count, 3)

    def test_nothing_comes_back_while_the_absence_lasts(self):
        self._away('2026-03-09', '2026-03-20')
        self._lend()
        with freeze_time('2026-03-20 20:00:00'):
            self._follow()
            self.assertEqual(self.orders.order_manager_id, self.colleague)

    def test_orders_come_back_with_one_message_when_the_absence_is_over(self):
        self._away('2026-03-09', '2026-03-20')
        self._lend()
        with freeze_time('2026-03-21 01:00:00'):
            self._follow()
            self._follow()
        self.assertRecordValues(self.orders, [{
            'order_manager_id': self.manager.id, 'lender_id': False, 'lent_from': False}] * 3)
        self.assertEqual(
            self._ledger(self.orders[0])[-1], (self.colleague, self.manager, 'absence'))
        self.assertEqual(len(self._messages(self.manager)), 1)
        self.assertIn("3 orders", self._messages(self.manager).subject)

    def test_orders_lent_beforehand_wait_for_the_absence(self):
        self._away('2026-03-16', '2026-03-20')
        self._lend()
        for moment in ('2026-03-10 12:00:00', '2026-03-16 01:00:00', '2026-03-20 12:00:00'):
            with freeze_time(moment):
                self._follow()
                self.assertEqual(self.orders.order_manager_id, self.colleague, moment)
        with freeze_time('2026-03-21 01:00:00'):
            self._follow()
        self.assertEqual(self.orders.order_manager_id, self.manager)

    def test_absence_that_ends_early_or_is_called_off_brings_the_orders_back(self):
        for first, last in (('2026-03-01', '2026-03-20'), ('2026-03-16', None)):
            with self.subTest(first=first):
                self._away(first, last)
                self._lend()
                self.assertEqual(self.orders.order_manager_id, self.colleague)
                self._away()
                self._follow()
                self.assertEqual(self.orders.order_manager_id, self.manager)

    def test_end_of_an_absence_starts_the_action(self):
        action = self.env.ref('crm_order_manager.ir_cron_follow_absences')
        triggers = self.env['ir.cron.trigger'].sudo()
        before = triggers.search_count([('cron_id', '=', action.id)])
        self._away('2026-03-01', '2026-03-20')
        self.assertEqual(triggers.search_count([('cron_id', '=', action.id)]), before + 1)

    def test_next_absence_keeps_nothing_lent_for_the_last_one(self):
        self._away('2026-03-02', '2026-03-12')
        self._lend()
        self._away('2026-08-03', '2026-08-14')
        self._follow()
        self.assertEqual(self.orders.order_manager_id, self.manager)

    def test_what_was_handed_on_by_hand_stays(self):
        self._away('2026-03-09', '2026-03-20')
        self._lend()
        by_form, by_wizard, lent = self.orders
        by_form.with_user(self.lead).order_manager_id = self.third
        self.env['crm.manager.assign'].with_user(self.lead).with_context(
            active_model='sale.order', active_ids=by_wizard.ids).create(
                {'user_id': self.third.id}).action_assign()
        self.assertFalse((by_form + by_wizard).lender_id)
        self._away()
        self._follow()
        self.assertEqual((by_form + by_wizard).order_manager_id, self.third)
        self.assertEqual(lent.order_manager_id, self.manager)

    def test_writing_the_same_manager_again_hands_nothing_on(self):
        self._away('2026-03-09', '2026-03-20')
        self._lend()
        self.orders.order_manager_id = self.colleague
        self.assertEqual(self.orders.lender_id, self.manager)

    def test_what_is_paid_or_cancelled_stays_with_the_substitute(self):
        self._away('2026-03-09', '2026-03-20')
        self._lend()
        paid, cancelled, lent = self.orders
        self._pay(self._create_bill(paid))
        cancelled._action_cancel()
        self._away()
        self._follow()
        self.assertEqual((paid + cancelled).order_manager_id, self.colleague)
        self.assertFalse(self.orders.lender_id)
        self.assertEqual(lent.order_manager_id, self.manager)

    def test_substitute_who_is_away_lends_on_and_the_owner_gets_them_back(self):
        self._away('2026-03-09', '2026-03-20')
        self._lend()
        self._away('2026-03-10', '2026-03-12', user=self.colleague)
        self._lend(user_id=self.third.id)
        self.assertEqual(self.orders.order_manager_id, self.third)
        self.assertEqual(self.orders.lender_id, self.manager)
        with freeze_time('2026-03-14 09:00:00'):
            self._follow()
            self.assertEqual(self.orders.order_manager_id, self.third)
        with freeze_time('2026-03-21 09:00:00'):
            self._follow()
            self.assertEqual(self.orders.order_manager_id, self.manager)

    def test_who_has_left_meanwhile_gets_nothing_back(self):
        self._away('2026-03-09', '2026-03-20')
        self._lend()
        self.manager.sudo().active = False
        self._follow()
        self.assertEqual(self.orders.order_manager_id, self.colleague)
        self.assertFalse(self.orders.lender_id)

    def test_only_orders_of_who_is_away_are_lent(self):
        other = self._create_orders(1, order_manager_id=self.third.id)
        other.action_confirm()
        self._away('2026-03-09', '2026-03-20')
        self.assertIn("1 orders are paid", self._lend(self.orders + other))
        self.assertEqual(other.order_manager_id, self.third)

    def test_nobody_away_means_nothing_to_lend(self):
        with self.assertRaisesRegex(UserError, "Choose who"):
            self._lend(method='load', user_ids=[Command.set(self.colleague.ids)])
        self.assertEqual(self.orders.order_manager_id, self.manager)

    def test_orders_go_to_the_deputies_or_spread_but_never_to_who_is_away(self):
        self._away('2026-03-16', '2026-03-20', deputy=self.third)
        self._lend(method='deputy')
        self.assertEqual(self.orders.order_manager_id, self.third)
        self._away()
        self._follow()
        self._away('2026-03-16', '2026-03-20')
        self._lend(method='turn', user_ids=[
            Command.set((self.manager + self.colleague + self.third).ids)])
        self.assertEqual(self.orders.order_manager_id, self.colleague + self.third)

    def test_orders_are_lent_by_the_policy_of_the_team(self):
        self.team.write({
            'order_manager_policy': 'load',
            'order_manager_ids': [Command.set((self.colleague + self.third).ids)]})
        self._away('2026-03-09', '2026-03-20')
        self._lend(method='policy')
        self.assertEqual(self.orders.order_manager_id, self.colleague + self.third)

    def test_many_orders_are_lent_and_come_back_with_as_few_queries_as_two(self):
        orders = self._create_orders(50, order_manager_id=self.manager.id)
        orders.action_confirm()
        self._away('2026-03-09', '2026-03-20')
        counts = []
        for part in (orders[:5], orders[5:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            part._lend({self.colleague: part})
            part._give_back(self.manager)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(orders.order_manager_id, self.manager)
        self.assertLessEqual(counts[1], counts[0] + 3)

    # lent without being asked for

    def test_orders_are_lent_when_the_absence_begins_if_the_company_says_so(self):
        self._away('2026-03-11', '2026-03-12', deputy=self.colleague)
        with freeze_time('2026-03-11 06:00:00'):
            self._follow()
            self.assertEqual(self.orders.order_manager_id, self.manager)
        self.env.company.lend_when_absent = True
        self._follow()
        self.assertEqual(self.orders.order_manager_id, self.manager)
        with freeze_time('2026-03-11 06:00:00'):
            self._follow()
            self._follow()
        self.assertEqual(self.orders.order_manager_id, self.colleague)
        self.assertEqual(len(self._messages(self.colleague)), 1)
        self.assertIn(self.manager.name, self._messages(self.colleague).body)
        with freeze_time('2026-03-13 06:00:00'):
            self._follow()
        self.assertEqual(self.orders.order_manager_id, self.manager)

    def test_without_a_deputy_who_is_there_the_least_busy_get_them(self):
        self.env.company.lend_when_absent = True
        self.team.order_manager_ids = self.colleague + self.third + self.lead
        self._away('2026-03-01', None, user=self.lead)
        self._away('2026-03-11', '2026-03-12', deputy=self.lead)
        with freeze_time('2026-03-11 06:00:00'):
            self._follow()
        self.assertEqual(self.orders.order_manager_id, self.colleague + self.third)

    def test_what_somebody_takes_during_his_absence_stays_with_him(self):
        self.env.company.lend_when_absent = True
        self._away('2026-03-10', '2026-03-12', deputy=self.colleague)
        given = self._create_orders(1, order_manager_id=self.manager.id)
        given.action_confirm()
        self.env['crm.manager.change'].flush_model()
        self.env.cr.execute(
            "UPDATE crm_manager_change SET date = '2026-03-01' WHERE order_id = ANY(%s)",
            [self.orders.ids])
        self.env.invalidate_all()
        self._follow()
        self.assertEqual(given.order_manager_id, self.manager)
        self.assertEqual(self.orders.order_manager_id, self.colleague)

    # who says when somebody is away

    def test_everybody_says_himself_when_he_is_away(self):
        self.manager.with_user(self.manager).write(
            {'absent_from': '2026-03-12', 'deputy_id': self.colleague.id})
        self.assertEqual(self.manager.absent_from, date(2026, 3, 12))
        with self.assertRaises(AccessError):
            self.manager.with_user(self.colleague).absent_from = '2026-03-12'

    def test_lead_sets_the_absence_and_lends_the_orders(self):
        wizards = self.env['crm.manager.absence'].with_user(self.lead)
        with Form(wizards.with_context(default_user_id=self.manager.id)) as form:
            form.absent_from = '2026-03-12'
            form.absent_until = '2026-03-13'
            form.deputy_id = self.colleague
        action = form.record.action_save_and_lend()
        self.assertEqual(self.manager.absent_until, date(2026, 3, 13))
        assign = self.env[action['res_model']].with_user(self.lead).with_context(
            **action['context'])
        with Form(assign) as form:
            self.assertEqual(form.order_count, 3)
        form.record.action_assign()
        self.assertEqual(self.orders.order_manager_id, self.colleague)

    def test_lead_sets_the_absence_of_order_managers_only(self):
        wizards = self.env['crm.manager.absence'].with_user(self.lead)
        seller = self._create_user('account_representative')
        with self.assertRaisesRegex(UserError, "no order manager"):
            wizards.create({'user_id': seller.id, 'absent_from': '2026-03-12'}).action_save()
        with self.assertRaisesRegex(UserError, "Say when"):
            wizards.create({'user_id': self.manager.id}).action_save_and_lend()
        with self.assertRaises(AccessError):
            wizards.with_user(self.colleague).create({'user_id': self.manager.id})

    def test_nobody_says_whose_loan_an_order_is(self):
        for user in (self.manager, self.colleague):
            with self.assertRaises(AccessError):
                self.orders.with_user(user).lender_id = self.third

    def test_absence_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            self._away('2026-03-12', '2026-03-11')
        with self.assertRaisesRegex(ValidationError, "stand in for himself"):
            self._away('2026-03-12', deputy=self.manager)

    def test_list_of_absences_opens_for_the_lead(self):
        self._away('2026-03-09', '2026-03-20')
        found = self.env['res.users'].with_user(self.lead).search_read(
            [('id', '=', self.manager.id)],
            ['name', 'is_absent', 'absent_from', 'open_order_count', 'lent_order_count'])
        self.assertEqual(
            (found[0]['is_absent'], found[0]['open_order_count']), (True, 3))
        self.assertEqual(fields.Date.to_string(found[0]['absent_from']), '2026-03-09')
