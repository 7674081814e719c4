from odoo.tests import freeze_time, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestReport(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = 'UTC'

    def _report(self, requests, role='service_representative'):
        self.env.cr.flush()
        return self.env['crm.request.report'].with_user(self.roles[role]).search(
            [('request_id', 'in', requests.ids)])

    def _answered_and_solved(self):
        """Return a request of Monday afternoon: answered after an hour, solved on Tuesday."""
        with freeze_time('2026-03-02 15:00:00'):
            request = self._create_request(user_id=self.colleague.id)
            self.env.cr.flush()
        with freeze_time('2026-03-02 16:00:00'):
            request._mark_answered()
            self.env.cr.flush()
        with freeze_time('2026-03-03 10:00:00'):
            self._solve(request)
            self.env.cr.flush()
        return request

    def test_hours_are_told_by_the_clock_and_by_the_norms(self):
        report = self._report(self._answered_and_solved())
        self.assertEqual(report.requests, 1)
        self.assertEqual(report.pending, 0)
        self.assertEqual(report.elapsed_answer_hours, 1.0)
        self.assertEqual(report.elapsed_solution_hours, 19.0)
        self.assertEqual(report.answer_hours, 1.0)
        self.assertEqual(report.solution_hours, 4.0)
        self.assertEqual(report.late_share, 0.0)

    def test_what_is_pending_has_no_solution_yet(self):
        request = self._create_request(user_id=self.colleague.id)
        request._mark_answered()
        report = self._report(request)
        self.assertEqual(report.pending, 1)
        [[hours, count]] = report._read_group(
            [('request_id', '=', request.id)], [], ['solution_hours:avg', 'requests:sum'])
        self.assertFalse(hours)
        self.assertEqual(count, 1)

    def test_averages_leave_out_what_did_not_happen(self):
        requests = self._answered_and_solved() | self._create_request()
        report = self._report(requests)
        [[answer, reopened, count]] = report._read_group(
            [('request_id', 'in', requests.ids)], [],
            ['elapsed_answer_hours:avg', 'reopened:sum', 'requests:sum'])
        self.assertEqual((answer, reopened, count), (1.0, 0, 2))

    def test_cancelled_requests_do_not_count(self):
        request = self._create_request()
        request.action_cancel()
        self.assertFalse(self._report(request))

    def test_who_sees_all_requests_sees_how_they_went(self):
        request = self._create_request()
        for role in ('service_representative', 'service_supervisor', 'sales_manager'):
            with self.subTest(role=role):
                self.assertTrue(self._report(request, role))
        for role in ('account_representative', 'order_manager', 'marketing_manager'):
            with self.subTest(role=role):
                self._assert_refused(
                    self.env['crm.request.report'].with_user(self.roles[role]).search, [])

    def test_canned_answers_are_those_of_the_service(self):
        answers = self.env['mail.canned.response']
        ready = self.env.ref('crm_service_requests.mail_canned_response_received')
        for role, sees in (('service_representative', True), ('account_representative', True),
                           ('marketing_manager', False)):
            with self.subTest(role=role):
                found = answers.with_user(self.roles[role]).search([('id', '=', ready.id)])
                self.assertEqual(bool(found), sees)
        self._assert_refused(
            ready.with_user(self.roles['service_representative']).write, {'source': "hello"})
        ready.with_user(self.roles['service_supervisor']).source = "got-it"
