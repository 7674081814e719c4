from datetime import datetime
from statistics import median

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.crm_process.models import durations

from .history import HistoryCommon

LEADERS = ['service_supervisor', 'sales_manager', 'call_center_lead', 'marketing_manager']
OTHERS = ['service_representative', 'account_representative', 'order_manager']


class TestReport(HistoryCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls._create_process()
        cls.quote, cls.win = cls.process.step_ids

    def test_analysis_counts_each_step_of_each_document(self):
        tasks = self._create_history(
            self.process, [{"Quote": 4, "Win": 10}, {"Quote": 9, "Win": 50}])
        cause = self.env['crm.process.cause'].create({'name': "Strike"})
        tasks.filtered('is_late').cause_id = cause
        groups = self.env['crm.process.report']._read_group(
            [('process_id', '=', self.process.id)], ['step_id', 'cause_id', 'customer_class'],
            ['cases:sum', 'duration_hours:avg', 'late_share:avg'])
        none = self.env['crm.process.cause']
        self.assertEqual(sorted(groups, key=lambda group: (group[0].id, -len(group[1]))), [
            (self.quote, cause, 'company', 1, 9, 100), (self.quote, none, 'company', 1, 4, 0),
            (self.win, cause, 'company', 1, 50, 100), (self.win, none, 'company', 1, 10, 0)])

    def test_trend_tells_percentiles_by_month_and_version(self):
        hours = self._spread(6, 60)
        self._create_history(
            self.process, [{"Quote": hour} for hour in hours], start=datetime(2026, 1, 5, 8),
            every=1)
        version = self.process._next_version()
        version.action_activate()
        self._create_history(
            version, [{"Quote": (2, 0, 0, 3)}] * 4, start=datetime(2026, 2, 2, 8))
        lines = self.env['crm.process.trend'].search([
            ('process_id', '=', self.process.id), ('step_id', '=', self.quote.id)])
        new, old = lines
        self.assertEqual((new.version, old.version), (2, 1))
        self.assertEqual((str(new.month), str(old.month)), ('2026-02-01', '2026-01-01'))
        self.assertEqual((new.cases, old.cases), (4, 60))
        self.assertAlmostEqual(old.median_hours, median(hours), places=3)
        self.assertAlmostEqual(
            old.slow_hours, durations.quantile(sorted(hours), 0.95), places=3)
        self.assertAlmostEqual(
            old.late_share, 100 * sum(hour > 8 for hour in hours) / 60, places=3)
        self.assertEqual((new.median_hours, new.waiting_median), (2, 3))

    def _changes(self, version, moment=(2026, 6, 1, 8)):
        with self._at(*moment):
            version._learn()
        return {change.subject: change for change in version.change_ids}

    def test_change_is_told_with_its_confidence(self):
        self._create_history(self.process, [
            {"Quote": quote, "Win": win}
            for quote, win in zip(self._spread(6, 80), self._spread(20, 80), strict=True)])
        version = self.process._next_version()
        version.action_activate()
        self.assertFalse(self._changes(version))
        self._create_history(version, [
            {"Quote": quote, "Win": win}
            for quote, win in zip(self._spread(3, 80), self._spread(20, 80), strict=True)],
            start=datetime(2026, 1, 5, 8))
        changes = self._changes(version)
        self.assertEqual(list(changes), ["Whole Process", "Quote", "Win"])
        quote = changes["Quote"]
        self.assertEqual(quote.verdict, 'faster')
        self.assertLess(quote.low_hours, quote.difference_hours)
        self.assertLess(quote.difference_hours, quote.high_hours)
        self.assertLess(quote.high_hours, 0)
        self.assertAlmostEqual(quote.difference_hours, -3, delta=1)
        self.assertIn("Faster by 0", quote.summary)
        self.assertIn("with 90 % confidence", quote.summary)
        self.assertEqual(changes["Win"].verdict, 'same')
        self.assertIn("may be chance", changes["Win"].summary)
        self.assertEqual(changes["Whole Process"].cases, 80)
        self.assertEqual(changes["Whole Process"].late_share, 100 * len(
            version.run_ids.filtered(lambda run: any(run.task_ids.mapped('is_late')))) / 80)
        self.assertFalse(self.process.change_ids)

    def test_few_cases_are_not_judged(self):
        self._create_history(self.process, [{"Quote": 6}] * 40)
        version = self.process._next_version()
        version.action_activate()
        self._create_history(version, [{"Quote": 1}] * 29)
        changes = self._changes(version)
        self.assertEqual(changes["Quote"].verdict, 'few')
        self.assertIn("Only 29 cases", changes["Quote"].summary)
        self._create_history(version, [{"Quote": 1}])
        self.assertEqual(self._changes(version)["Quote"].verdict, 'faster')
        self.assertEqual(len(version.change_ids), 2)

    def test_version_without_cases_is_passed_over(self):
        self._create_history(self.process, [{"Quote": 6}] * 30)
        second = self.process._next_version()
        second.action_activate()
        third = second._next_version()
        third.action_activate()
        self._create_history(third, [{"Quote": 9}] * 30)
        quote = self._changes(third)["Quote"]
        self.assertEqual((quote.previous_id, quote.verdict), (self.process, 'slower'))

    def test_reports_are_for_those_who_lead_in_their_company(self):
        self._create_history(self.process, [{"Quote": 6}] * 30)
        version = self.process._next_version()
        version.action_activate()
        self._create_history(version, [{"Quote": 5}] * 30)
        self._changes(version)
        models = ['crm.process.report', 'crm.process.trend', 'crm.process.change']
        other = self.env['res.company'].create({'name': "Elsewhere"})
        for role in LEADERS:
            user = new_test_user(self.env, role, f'crm_roles.group_{role}')
            stranger = new_test_user(
                self.env, f'{role} elsewhere', f'crm_roles.group_{role}',
                company_id=other.id, company_ids=[other.id])
            for model in models:
                self.assertTrue(self.env[model].with_user(user).search_count([]))
                self.assertFalse(self.env[model].with_user(stranger).search_count([]))
            action = version.with_user(user).action_open_report()
            self.assertEqual(action['domain'], [('process_id', 'in', self.process.ids)])
        for role in OTHERS:
            user = new_test_user(self.env, role, f'crm_roles.group_{role}')
            for model in models:
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search_count([])
