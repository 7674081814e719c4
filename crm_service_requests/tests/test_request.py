from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_service_requests.models.crm_request import STATES, TRANSITIONS

from .common import RequestCommon


@tagged('post_install', '-at_install')
class TestRequest(RequestCommon):

    def test_each_type_numbers_its_requests(self):
        first, second = self._create_request(), self._create_request()
        warranty = self._create_request('warranty')
        start, number = first.number.rsplit('/', 1)
        self.assertRegex(first.number, r'^INF/\d{4}/\d{5}$')
        self.assertEqual(second.number, f'{start}/{int(number) + 1:05}')
        self.assertTrue(warranty.number.startswith('WAR/'))

    def test_companies_never_share_a_number(self):
        other = self.env['res.company'].create({'name': "Other"})
        here = self._create_request()
        there = self._create_request(company_id=other.id, partner_id=False, team_id=False)
        self.assertRegex(there.number, rf'^INF-{other.id}/\d{{4}}/00001$')
        self.assertNotEqual(here.number, there.number)

    def test_state_moves_as_the_table_says(self):
        for state, _label in STATES:
            for following, _label in STATES:
                request = self._create_request()
                request.type_id.solution_required = False
                self.env.cr.execute(
                    "UPDATE crm_request SET state = %s WHERE id = %s", [state, request.id])
                request.invalidate_recordset()
                with self.subTest(state=state, following=following):
                    if following == state or following in TRANSITIONS[state]:
                        request.state = following
                        self.assertEqual(request.state, following)
                    else:
                        with self.assertRaises(UserError):
                            request.state = following

    def test_employee_says_how_it_was_solved(self):
        for values, missing in (
                ({}, "how it was solved"), ({'solution': "<p>On its way.</p>"}, "resolution")):
            with self.subTest(missing=missing), self.assertRaisesRegex(ValidationError, missing):
                self._create_request(**values).action_close()
        request = self._create_request(
            solution="<p>On its way.</p>", resolution_id=self.answered.id)
        request.action_close()
        self.assertRecordValues(request, [{'state': 'closed', 'closed_by': 'employee'}])

    def test_answer_of_staff_is_the_first_answer_once(self):
        request = self._create_request()
        service = self.roles['service_representative']
        with freeze_time('2026-03-02 09:00:00'):
            self._comment(request, service.partner_id)
        with freeze_time('2026-03-02 10:00:00'):
            self._comment(request, service.partner_id)
        self.assertRecordValues(request, [{
            'date_first_answer': datetime(2026, 3, 2, 9),
            'date_last_answer': datetime(2026, 3, 2, 10), 'date_customer': False}])

    def test_note_is_no_answer(self):
        request = self._create_request()
        request.message_post(
            body="Ask the warehouse.", author_id=self.colleague.partner_id.id,
            message_type='comment', subtype_xmlid='mail.mt_note')
        self.assertFalse(request.date_first_answer)

    def test_word_of_the_customer_ends_the_waiting(self):
        request = self._create_request()
        request.action_wait()
        self._comment(request, self.acorn)
        self.assertEqual(request.state, 'open')
        self.assertTrue(request.date_customer)

    def test_customer_reopens_within_the_days_of_the_type(self):
        request = self._create_request()
        with freeze_time('2026-03-02 09:00:00'):
            self._solve(request)
            request.action_close()
        request.type_id.reopen_days = 14
        with freeze_time('2026-03-10 09:00:00'):
            self._comment(request, self.acorn)
        self.assertRecordValues(request, [{
            'state': 'open', 'reopen_count': 1, 'date_closed': False, 'closed_by': False}])
        with freeze_time('2026-03-11 09:00:00'):
            request.action_close()
        with freeze_time('2026-03-30 09:00:00'):
            self._comment(request, self.acorn)
        self.assertEqual(request.state, 'closed')

    def test_outside_party_gets_the_turn_and_gives_it_back(self):
        request = self._create_request()
        self.assertEqual(request.turn, 'us')
        request.assigned_partner_id = self.birch
        self.assertRecordValues(request, [{'state': 'waiting', 'turn': 'partner'}])
        self.assertIn(self.birch, request.message_partner_ids)
        self._comment(request, self.birch)
        self.assertRecordValues(request, [{'state': 'open', 'turn': 'us'}])

    def test_norms_run_and_stand_while_others_have_the_turn(self):
        request = self._create_request()
        self.env.cr.flush()
        self.assertEqual(
            set(request.process_task_ids.step_id.mapped('name')),
            {"Take Up", "First Answer", "Solution"})
        deadline = request.process_deadline
        self.assertTrue(deadline)
        request.action_wait()
        self.env.cr.flush()
        request.invalidate_recordset()
        self.assertFalse(request.process_deadline)

    def test_call_in_which_somebody_was_reached_is_an_answer(self):
        request = self._create_request()
        outcome = self.env['crm.call.outcome'].search([('kind', '=', 'progress')], limit=1)
        self.env['crm.call'].create({
            'partner_id': self.acorn.id, 'outcome_id': outcome.id,
            'res_model': 'crm.request', 'res_id': request.id})
        self.assertTrue(request.date_first_answer)
        self.assertEqual(len(request.call_ids), 1)

    def test_call_is_logged_from_the_request(self):
        request = self._create_request(user_id=self.roles['service_representative'].id)
        mine = request.with_user(self.roles['service_representative'])
        dialog = mine.action_log_call()
        call = self.env['crm.call'].with_user(mine.env.user).with_context(
            **dialog['context']).create({'outcome_id': self.env['crm.call.outcome'].search(
                [('kind', '=', 'progress')], limit=1).id})
        self.assertRecordValues(call, [{
            'partner_id': self.acorn.id, 'res_model': 'crm.request', 'res_id': request.id}])
        self.assertEqual(mine.call_count, 1)
        self.assertEqual(self.env['crm.call'].search(mine.action_view_calls()['domain']), call)
        self.assertTrue(request.date_first_answer)

    def test_customer_shows_the_pending_requests_of_all_his_contacts(self):
        contact = self.env['res.partner'].create({'name': "Ann", 'parent_id': self.acorn.id})
        self._create_request(partner_id=contact.id)
        self._create_request().action_cancel()
        self.assertEqual(self.acorn.crm_request_count, 1)
        self.assertEqual(contact.crm_request_count, 1)

    def test_types_ask_their_own_fields(self):
        complaint = self._create_request('complaint', properties={'subject': 'delivery'})
        self.assertEqual(complaint.properties['subject'], "Delivery")
        self.assertEqual(
            {field['name'] for field in self.types['help'].properties_definition},
            {'place', 'tried'})
        complaint.type_id = self.types['help']
        self.assertNotIn('subject', dict(complaint.properties))

    def test_what_was_worked_on_is_kept(self):
        request = self._create_request()
        request.action_open()
        with self.assertRaisesRegex(UserError, request.number):
            request.unlink()

    def _comment(self, request, author):
        request.message_post(
            body="Hello", author_id=author.id, message_type='comment',
            subtype_xmlid='mail.mt_comment')
