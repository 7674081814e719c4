from datetime import date

from odoo.tests import freeze_time, tagged

from odoo.addons.crm_order_manager.tests.test_absence import AbsenceCommon


@tagged('post_install', '-at_install')
@freeze_time('2026-03-10 09:00:00')
class TestTimeOff(AbsenceCommon):
    """The 10th of March 2026 is a Tuesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._create_employee(cls.manager)
        cls.kind = cls.env['hr.leave.type'].sudo().create({
            'name': "Holiday", 'requires_allocation': False,
            'leave_validation_type': 'hr', 'request_unit': 'day'})

    @classmethod
    def _create_employee(cls, user):
        return cls.env['hr.employee'].sudo().create({
            'name': user.name, 'user_id': user.id, 'company_id': cls.env.company.id})

    def _off(self, first, last, approve=True, **values):
        """Return time off of the order manager."""
        leave = self.env['hr.leave'].sudo().create({
            'employee_id': self.employee.id, 'holiday_status_id': self.kind.id,
            'request_date_from': first, 'request_date_to': last, **values})
        if approve:
            leave._action_validate(check_state=False)
        return leave

    def _absences(self):
        self.env.invalidate_all()
        return self.manager._absences()[self.manager]

    def test_who_has_time_off_is_given_no_orders(self):
        self.team.order_manager_policy = 'turn'
        self.assertEqual(
            self._create_orders(2).order_manager_id, self.manager + self.colleague)
        self._off('2026-03-10', '2026-03-11')
        self.assertTrue(self.manager.is_absent)
        self.assertEqual(self._create_orders(2).order_manager_id, self.colleague)

    def test_deputy_gets_the_orders_of_who_has_time_off(self):
        self._off('2026-03-10', '2026-03-11')
        self.manager.sudo().deputy_id = self.third
        self.team.write({'order_manager_policy': 'turn', 'order_manager_ids': self.manager.ids})
        self.assertEqual(self._create_orders(1).order_manager_id, self.third)

    def test_only_approved_whole_days_away_from_work_count(self):
        self._off('2026-03-10', '2026-03-10', approve=False)
        self.assertFalse(self._absences())
        training = self.kind.copy({
            'name': "Training", 'time_type': 'other', 'elligible_for_accrual_rate': True})
        self._off('2026-03-12', '2026-03-12', holiday_status_id=training.id)
        half = self.kind.copy({'name': "Half a Day", 'request_unit': 'half_day'})
        self._off(
            '2026-03-13', '2026-03-13', holiday_status_id=half.id,
            request_date_from_period='am', request_date_to_period='am')
        self.assertFalse(self._absences())
        self._off('2026-03-16', '2026-03-17')
        self.assertEqual(self._absences(), [(date(2026, 3, 16), date(2026, 3, 17))])

    def test_free_days_that_follow_and_the_next_time_off_belong_to_it(self):
        self._off('2026-03-12', '2026-03-13')
        self.assertEqual(self._absences(), [(date(2026, 3, 12), date(2026, 3, 15))])
        self._off('2026-03-16', '2026-03-17')
        self.assertEqual(self._absences(), [(date(2026, 3, 12), date(2026, 3, 17))])
        self._away('2026-03-18', '2026-03-19')
        self.assertEqual(self._absences(), [(date(2026, 3, 12), date(2026, 3, 19))])

    def test_orders_lent_for_time_off_come_back_on_the_next_working_day(self):
        self._off('2026-03-10', '2026-03-13')
        self.assertIn("03/15/2026", self._lend())
        self.assertEqual(self.orders.order_manager_id, self.colleague)
        for moment, holder in (
            ('2026-03-13 12:00:00', self.colleague), ('2026-03-15 12:00:00', self.colleague),
            ('2026-03-16 01:00:00', self.manager),
        ):
            with freeze_time(moment):
                self._follow()
                self.assertEqual(self.orders.order_manager_id, holder, moment)

    def test_orders_come_back_when_the_time_off_is_refused_after_all(self):
        leave = self._off('2026-03-10', '2026-03-13')
        self._lend()
        action = self.env.ref('crm_order_manager.ir_cron_follow_absences')
        triggers = self.env['ir.cron.trigger'].sudo()
        before = triggers.search_count([('cron_id', '=', action.id)])
        leave.action_refuse()
        self.assertGreater(triggers.search_count([('cron_id', '=', action.id)]), before)
        self._follow()
        self.assertEqual(self.orders.order_manager_id, self.manager)

    def test_orders_are_lent_on_the_first_day_of_the_time_off(self):
        self.env.company.lend_when_absent = True
        self.manager.sudo().deputy_id = self.third
        self._off('2026-03-12', '2026-03-13')
        self._follow()
        self.assertEqual(self.orders.order_manager_id, self.manager)
        with freeze_time('2026-03-12 06:00:00'):
            self._follow()
        self.assertEqual(self.orders.order_manager_id, self.third)

    def test_order_managers_see_that_somebody_is_away_and_not_why(self):
        self._off('2026-03-10', '2026-03-11')
        self.env.invalidate_all()
        self.assertTrue(self.manager.with_user(self.colleague).is_absent)

    def test_absences_of_many_cost_as_many_queries_as_of_one(self):
        self._create_employee(self.colleague)
        self._create_employee(self.third)
        people = self.manager + self.colleague + self.third
        for employee in people.sudo().employee_id:
            self._off('2026-03-10', '2026-03-13', employee_id=employee.id)
        counts = []
        # The first time fills the caches of the registry.
        for users in (people, self.manager, people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(users._absent()), len(users))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
