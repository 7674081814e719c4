from odoo.tests import freeze_time, tagged

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestSatisfaction(RequestCommon):
    """Requests that went through two versions of the norms, and how they were rated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['crm.request.routing'].search([]).active = False
        cls.process = cls.types['information'].process_id
        cls.types['information'].write({'ask_rating': False, 'solution_required': False})

    def _live(self, version, ratings):
        """Have as many requests as ratings go through the norms in force."""
        requests = self.env['crm.request'].create([{
            'name': "Question", 'type_id': self.types['information'].id,
            'partner_id': self.acorn.id} for _rating in ratings])
        self.env.cr.flush()
        requests.state = 'closed'
        self.env.cr.flush()
        runs = self.env['crm.process.run'].search([
            ('res_model', '=', 'crm.request'), ('res_id', 'in', requests.ids)])
        self.assertEqual(runs.process_id, version)
        for request, rating in zip(requests, ratings, strict=True):
            request.rating_apply(rating, token=request._rating_get_access_token())
        return requests

    def _change(self, version):
        version._learn()
        return version.change_ids.filtered(lambda change: change.measure == 'rating')

    def _next_version(self):
        with freeze_time('2026-06-01 09:00:00'):
            version = self.process._next_version()
            version.action_activate()
        return version

    def test_better_is_told_in_points_with_its_confidence(self):
        self._live(self.process, [1, 3] * 20)
        version = self._next_version()
        self._live(version, [3, 5] * 20)
        change = self._change(version)
        self.assertRecordValues(change, [{
            'previous_id': self.process.id, 'cases_before': 40, 'cases': 40,
            'rating_before': 2.0, 'rating': 4.0, 'rating_difference': 2.0, 'verdict': 'better',
            'subject': "Satisfaction"}])
        self.assertTrue(0 < change.rating_low < 2 < change.rating_high)
        self.assertIn("4.0 points of 5 instead of 2.0", change.summary)

    def test_worse_chance_and_too_few(self):
        for then, now, verdict, said in (
                ([5] * 30, [1, 3] * 15, 'worse', "Worse"),
                ([1, 5] * 15, [1, 5] * 15, 'same', "may be chance"),
                ([1] * 30, [5] * 29, 'few', "Only 29 cases")):
            with self.subTest(verdict=verdict):
                self._live(self.process, then)
                version = self._next_version()
                self._live(version, now)
                change = self._change(version)
                self.assertEqual(change.verdict, verdict)
                self.assertIn(said, change.summary)
                self.process = version

    def test_rating_counts_for_the_version_in_which_it_ended_and_may_change(self):
        requests = self._live(self.process, [1] * 31)
        version = self._next_version()
        self._live(version, [5] * 30)
        requests[0].state = 'open'
        self.env.cr.flush()
        requests[0].state = 'closed'
        self.env.cr.flush()
        change = self._change(version)
        self.assertRecordValues(change, [{'cases_before': 30, 'cases': 31}])
        requests[1].rating_apply(5, rating=requests[1].rating_ids)
        before = change.rating_before
        self._change(version)
        self.assertGreater(change.rating_before, before)

    def test_unrated_and_other_documents_do_not_count(self):
        self._live(self.process, [3] * 30)
        version = self._next_version()
        self.assertFalse(self._change(version))
