from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.crm_process.models import durations

from .history import HistoryCommon

# As many documents took 0 to 0.1 hours as took 19.9 to 20.
EVENLY = [{"Quote": max(0.01, hour / 10)} for hour in range(201)]


class TestPrediction(HistoryCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls._create_process()
        cls.quote = cls.process.step_ids[0]
        cls.colleague = new_test_user(
            cls.env, 'colleague', 'crm_roles.group_account_representative')

    def _learn(self, *time):
        with self._at(*(time or (2026, 3, 2, 8))):
            self.process._learn()
        self.env.invalidate_all()

    def _statistics(self, **key):
        key = {'user_id': False, 'customer_class': False, **key}
        return self.env['crm.process.statistic'].search([
            ('step_id', '=', self.quote.id), *((name, '=', key[name]) for name in key)])

    def test_statistics_are_learnt_for_whom_there_are_thirty_cases(self):
        hours = [float(hour) for hour in range(1, 31)]
        self._create_history(self.process, [{"Quote": hour} for hour in hours])
        self._create_history(
            self.process, [{"Quote": 2}] * 29, user_id=self.colleague.id, customer_class='person')
        self._learn()
        everybody, mine = self._statistics(), self._statistics(user_id=self.worker.id)
        self.assertEqual(everybody.cases, 59)
        self.assertEqual(mine.cases, 30)
        self.assertEqual(self._statistics(customer_class='company').cases, 30)
        self.assertEqual(
            self._statistics(user_id=self.worker.id, customer_class='company').cases, 30)
        self.assertFalse(self._statistics(user_id=self.colleague.id))
        self.assertFalse(self._statistics(customer_class='person'))
        for line, sample in ((mine, hours), (everybody, sorted([2.0] * 29 + hours))):
            for share, quantile in enumerate(line.quantiles):
                self.assertAlmostEqual(quantile, durations.quantile(sample, share / 100), places=6)
        self.assertAlmostEqual(mine.median_hours, 15.5)
        self.assertAlmostEqual(mine.safe_hours, 24.2)

    def test_what_is_too_old_or_never_ran_teaches_nothing(self):
        self._create_history(
            self.process, [{"Quote": 2}] * 40, start=datetime(2024, 9, 2, 7), every=1)
        self._create_history(self.process, [{"Quote": 0}] * 40)
        self._learn()
        self.assertFalse(self._statistics())
        self._create_history(self.process, [{"Quote": 2}] * 40)
        self._learn()
        self.assertEqual(self._statistics().cases, 40)
        self._learn(2027, 6, 1, 8)
        self.assertFalse(self._statistics())

    def test_learning_again_changes_nothing(self):
        self._create_history(self.process, [{"Quote": hour} for hour in range(1, 41)])
        self._learn()
        line = self._statistics()
        place = "SELECT ctid FROM crm_process_statistic WHERE id IN %s ORDER BY id"
        before = self.env.execute_query(SQL(place, line._ids))
        self._learn()
        self.assertEqual(self.env.execute_query(SQL(place, line._ids)), before)

    def test_new_version_goes_on_learning(self):
        self._create_history(self.process, [{"Quote": hour} for hour in range(1, 41)])
        version = self.process._next_version()
        version.action_activate()
        self._create_history(version, [{"Quote": 5}] * 10)
        with self._at():
            version._learn()
        self.assertFalse(self._statistics())
        self.quote = version.step_ids[0]
        self.assertEqual(self._statistics().cases, 50)

    def test_fallback_from_the_finest_statistic_to_the_norm(self):
        with self._at():
            task = self._task(self._create_lead())
        self.assertFalse(task.statistic_id)
        self.assertEqual(task.date_risk, datetime(2026, 3, 2, 15, 24))  # 80 % of 8 hours
        self.assertFalse(task.prediction)
        self.assertEqual(task.late_probability, 0)
        expected = []
        for values, key in (
                ({'user_id': self.colleague.id, 'customer_class': 'person'},
                 {'user_id': False, 'customer_class': False}),
                ({'user_id': self.colleague.id}, {'user_id': False, 'customer_class': 'company'}),
                ({'customer_class': 'person'},
                 {'user_id': self.worker.id, 'customer_class': False}),
                ({}, {'user_id': self.worker.id, 'customer_class': 'company'})):
            self._create_history(self.process, [{"Quote": 4}] * 30, **values)
            self._learn()
            expected.append(self._statistics(**key))
            self.assertEqual(task.statistic_id, expected[-1])
        self.assertEqual(len(set(expected)), 4)

    def test_dates_follow_from_the_hours_used(self):
        self._create_history(self.process, EVENLY)
        self._learn()
        with self._at():
            lead = self._create_lead()
            task = self._task(lead)
            # Half within 10 hours, 80 % within 16: Tuesday 11:00 and 18:00 in Brussels.
            self.assertEqual(task.date_likely, datetime(2026, 3, 3, 10))
            self.assertEqual(task.date_safe, datetime(2026, 3, 3, 17))
            self.assertAlmostEqual(task.late_probability, 60, places=1)
            # Late from 8 of at most 20 hours on: it is at risk at once.
            self.assertEqual(task.date_risk, self.MONDAY)
            self.worker.tz = 'Europe/Brussels'
            mine = task.with_user(self.worker)
            self.assertIn("Likely done by Tuesday 11:00, 80 % by Tuesday 18:00 (from ",
                          mine.prediction)
            self.assertEqual(lead.with_user(self.worker).process_prediction, mine.prediction)
        with self._at(2026, 3, 2, 13):  # four hours used
            self.env.invalidate_all()
            self.assertEqual(task.date_likely, datetime(2026, 3, 3, 13))  # 12 hours
        with self._at(2026, 3, 31, 13):
            self.env.invalidate_all()
            self.assertFalse(task.date_likely)
            self.assertIn("longer already than", task.prediction)

    def test_probability_grows_until_it_is_late(self):
        self._create_history(self.process, EVENLY)
        self.process.risk_threshold = 70
        self._learn()
        with self._at():
            task = self._task(self._create_lead())
            self.assertAlmostEqual(task.late_probability, 60, places=0)
            # 60 % of all are late; of those that take more than 2.86 hours 70 % are.
            self.assertEqual(
                task.date_risk.replace(second=0), datetime(2026, 3, 2, 10, 51))
        seen = []
        for moment in ((2026, 3, 2, 11), (2026, 3, 2, 14), (2026, 3, 3, 9)):
            with self._at(*moment), self.enter_registry_test_mode():
                self.env.ref('crm_process.ir_cron_predict').method_direct_trigger()
                self.env.invalidate_all()
                seen.append(round(task.late_probability))
        self.assertEqual(seen, [71, 80, 100])
        self.assertFalse(task.date_prediction)

    def test_what_was_granted_counts(self):
        self._create_history(self.process, EVENLY)
        self.process.risk_threshold = 70
        self._learn()
        with self._at():
            task = self._task(self._create_lead())
            self.env['crm.process.extension'].create({
                'task_id': task.id, 'kind': 'postponement', 'hours': 4, 'reason': "Fair",
                'date_start': self.MONDAY})
            task._count_extensions()
            task._schedule()
        # Late from 12 hours on: 40 % of all, 70 % of those over 8.6 hours.
        self.assertAlmostEqual(task.late_probability, 40, places=0)
        self.assertEqual(task.date_risk.replace(second=0), datetime(2026, 3, 3, 8, 34))

    def test_learning_plans_open_steps_again(self):
        self.quote.level_ids = [(0, 0, {'trigger': 'probability', 'value': 70})]
        with self._at():
            leads = self._create_leads(3)
        tasks = self.env['crm.process.task'].search([('res_id', 'in', leads.ids)])
        self._create_history(self.process, EVENLY)
        self._learn()
        self.assertEqual(tasks.mapped('stale'), [False] * 3)
        self.assertEqual(
            {task.date_warning.replace(second=0) for task in tasks},
            {datetime(2026, 3, 2, 10, 51)})
        self.assertEqual(set(tasks.mapped('date_risk')), {self.MONDAY})

    def test_a_trifle_plans_nothing_again(self):
        with self._at():
            task = self._task(self._create_lead())
        self._create_history(self.process, EVENLY)
        self._learn()
        untouched = datetime(2026, 3, 20, 8)
        task.date_risk = untouched
        self._create_history(self.process, [{"Quote": 10}])
        self._learn()
        self.assertEqual(self._statistics().cases, 202)
        self.assertEqual(task.date_risk, untouched)
        self._create_history(self.process, [{"Quote": 10}] * 100)
        self._learn()
        self.assertEqual(task.date_risk, self.MONDAY)

    def test_another_responsible_is_judged_by_his_own_cases(self):
        self._create_history(self.process, [{"Quote": 4}] * 30)
        self._create_history(self.process, [{"Quote": 12}] * 30, user_id=self.colleague.id)
        self._learn()
        with self._at():
            lead = self._create_lead()
            self.assertEqual(self._task(lead).late_probability, 0)
            lead.user_id = self.colleague
            self.env.cr.flush()
            self.assertEqual(self._task(lead).late_probability, 100)
            self.assertEqual(self._task(lead).date_risk, self.MONDAY)

    def test_queries_do_not_grow_with_the_list(self):
        self._create_history(self.process, EVENLY)
        self._learn()
        counts = []
        for count in (8, 80):
            with self._at():
                leads = self._create_leads(count)
            tasks = self.env['crm.process.task'].search([('res_id', 'in', leads.ids)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._at(2026, 3, 2, 9):
                tasks.mapped('prediction')
                tasks._predict()
                self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertGreaterEqual(*counts)

    def test_statistics_are_for_those_who_lead(self):
        self._create_history(self.process, [{"Quote": 4}] * 30)
        self._learn()
        line = self._statistics()
        for role in ('service_supervisor', 'sales_manager', 'call_center_lead',
                     'marketing_manager'):
            user = new_test_user(self.env, role, f'crm_roles.group_{role}')
            self.assertEqual(line.with_user(user).cases, 30)
            with self.assertRaises(AccessError):
                line.with_user(user).cases = 31
        for role in ('service_representative', 'account_representative', 'order_manager'):
            user = new_test_user(self.env, role, f'crm_roles.group_{role}')
            with self.assertRaises(AccessError):
                line.with_user(user).read(['cases'])
            with self.assertRaises(AccessError):
                self.process.with_user(user).action_learn()

    def test_statistics_stay_in_their_company(self):
        self._create_history(self.process, [{"Quote": 4}] * 30)
        self._learn()
        other = self.env['res.company'].create({'name': "Elsewhere"})
        manager = new_test_user(
            self.env, 'elsewhere', 'crm_roles.group_sales_manager',
            company_id=other.id, company_ids=[other.id])
        self.assertFalse(self.env['crm.process.statistic'].with_user(manager).search_count([]))
