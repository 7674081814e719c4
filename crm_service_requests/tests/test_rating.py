from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .common import RequestCommon


class RatingCommon(RequestCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request.routing'].search([]).active = False

    def _close(self, request, **values):
        self._solve(request)
        request.write({'state': 'closed', 'closed_by': 'employee', **values})
        return request

    def _asked(self, request):
        return self.env['mail.message'].search([
            ('model', '=', 'crm.request'), ('res_id', '=', request.id),
            ('body', 'like', '/rate/')])

    def _rate(self, request, points, feedback="Too slow"):
        token = request._rating_get_access_token()
        return request.rating_apply(points, token=token, feedback=feedback)


@tagged('post_install', '-at_install')
class TestRating(RatingCommon):

    def test_customer_is_asked_once(self):
        request = self._close(self._create_request())
        self.assertEqual(len(self._asked(request)), 1)
        self.assertIn(self.acorn, self._asked(request).notified_partner_ids)
        request.action_reopen()
        request.action_close()
        self.assertEqual(len(self._asked(request)), 1)

    def test_who_closed_it_decides_whether_he_is_asked(self):
        for closed_by, asked in (
                ('employee', 1), ('customer', 1), ('silence', 1), ('rule', 0)):
            with self.subTest(closed_by=closed_by):
                request = self._close(self._create_request(), closed_by=closed_by)
                self.assertEqual(len(self._asked(request)), asked)

    def test_nobody_is_asked_where_nothing_was_answered(self):
        unanswered = self.env.ref('crm_service_requests.crm_request_resolution_no_answer')
        self.env['mail.blacklist']._add('birch@example.com')
        quiet = self.types['help']
        quiet.ask_rating = False
        for values in (
                {'channel': 'rule'}, {'type_id': quiet.id}, {'partner_id': self.birch.id},
                {'partner_id': False, 'email_from': 'joe@example.com'},
                {'email_from': 'mailer-daemon@example.com'}):
            with self.subTest(values=values):
                self.assertFalse(self._asked(self._close(self._create_request(**values))))
        request = self._create_request()
        request.write({
            'state': 'closed', 'closed_by': 'silence', 'resolution_id': unanswered.id})
        self.assertFalse(self._asked(request))
        cancelled = self._create_request()
        cancelled.action_cancel()
        self.assertFalse(self._asked(cancelled))

    def test_low_rating_tells_a_supervisor_once(self):
        supervisor = self.roles['service_supervisor']
        team = self.env['crm.team'].create({'name': "Service", 'user_id': supervisor.id})
        request = self._close(self._create_request(team_id=team.id))
        self._rate(request, 5, "Good")
        self.assertFalse(request.activity_ids)
        for _time in range(2):
            self._rate(request, 1)
        activity = request.activity_ids
        self.assertRecordValues(activity, [{'user_id': supervisor.id}])
        self.assertIn("Too slow", activity.note)

    def test_rating_does_not_reopen(self):
        request = self._close(self._create_request())
        self._rate(request, 1)
        self.assertEqual(request.state, 'closed')
        self.assertFalse(request.follow_up_ids)

    def test_types_and_people_have_their_averages(self):
        service = self.roles['service_representative']
        for points in (5, 3, 1):
            self._rate(self._close(self._create_request(user_id=service.id)), points)
        self._close(self._create_request(user_id=service.id))
        kind = self.types['information']
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((kind.rating_avg, kind.rating_count), (3.0, 3))
        report = self.env['crm.request.rating.report'].with_user(service)
        self.assertEqual(
            report._read_group([('user_id', '=', service.id)], ['type_id'],
                               ['rating:avg', 'ratings:sum']), [(kind, 3.0, 3)])

    def test_rating_stands_beside_punctuality(self):
        with freeze_time('2026-03-02 09:00:00'):
            late, quick = self._create_request(), self._create_request()
            self.env.cr.flush()
            self._close(quick)
            self.env.cr.flush()
        with freeze_time('2026-03-20 09:00:00'):
            self._close(late)
            self.env.cr.flush()
        self._rate(late, 1)
        self._rate(quick, 5)
        self.env.flush_all()
        rows = self.env['crm.request.rating.report'].search(
            [('request_id', 'in', (late | quick).ids)])
        self.assertEqual(
            {row.request_id: row.punctuality for row in rows}, {late: 'late', quick: 'on_time'})

    def test_only_service_and_sales_see_the_ratings_of_everybody(self):
        self._rate(self._close(self._create_request()), 5)
        report = self.env['crm.request.rating.report']
        for role in ('service_representative', 'sales_manager'):
            self.assertTrue(report.with_user(self.roles[role]).search([]))
        for role in ('account_representative', 'marketing_manager', 'order_manager'):
            with self.assertRaises(AccessError):
                report.with_user(self.roles[role]).search([])


@tagged('post_install', '-at_install')
class TestRatingPage(HttpCase, RatingCommon):

    def test_customer_rates_by_the_link_of_the_mail(self):
        request = self._close(self._create_request())
        token = request.rating_ids.access_token
        self.assertIn(f'/rate/{token}/1', self._asked(request).body)
        page = self.url_open(f'/rate/{token}/1')
        self.assertEqual(page.status_code, 200)
        self.assertFalse(request.rating_ids.consumed, "a link that is only followed rates nothing")
        csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open(f'/rate/{token}/submit_feedback', data={
            'rate': 1, 'feedback': "Nobody called.", 'csrf_token': csrf})
        self.env.invalidate_all()
        self.assertEqual(request.rating_last_value, 1)
        self.assertEqual(request.rating_last_feedback, "Nobody called.")
        self.assertIn("Nobody called.", request.activity_ids.note)
