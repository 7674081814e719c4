from datetime import datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import RequestCommon


def at(hour, minute=0, day=2):
    return datetime(2026, 3, day, hour, minute)


@tagged('post_install', '-at_install')
class TestService(RequestCommon):
    """Monday, 2 March 2026, six o'clock in the morning; work is from eight to five with an hour
    for lunch, by the clock of London."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time('2026-03-02 06:00:00'))
        cls.calendar = cls.env['resource.calendar'].create({
            'name': "Workshop", 'tz': 'Europe/London', 'attendance_ids': [
                Command.create({
                    'name': f'{day} {start}', 'dayofweek': str(day), 'day_period': period,
                    'hour_from': start, 'hour_to': stop})
                for day in range(5)
                for start, stop, period in ((8, 12, 'morning'), (13, 17, 'afternoon'))]})
        cls.env.company.resource_calendar_id = cls.calendar
        cls.ben, cls.cora = (
            cls._create_user('service_representative', login=login) for login in ('ben', 'cora'))
        (cls.ben | cls.cora).tz = 'Europe/London'
        cls.types['service'].technician_ids = cls.ben | cls.cora
        cls.acorn.write({'street': "1 Quay Street", 'city': "Cork", 'tz': 'Europe/Dublin'})

    def _visit(self, start=None, technicians=None, **values):
        return self._create_request(
            'service', name="Install the saw", service_start=start,
            technician_ids=[Command.set((technicians or self.env['res.users']).ids)], **values)

    def _meet(self, user, start, stop, **values):
        return self.env['calendar.event'].create({
            'name': "Meeting", 'start': start, 'stop': stop, 'user_id': user.id,
            'partner_ids': [Command.set(user.partner_id.ids)], **values})

    def _times(self, request):
        return [(start, users) for start, _stop, users in request._free_slots()]

    def test_visit_is_where_the_customer_is(self):
        request = self._visit(at(9))
        self.assertRecordValues(request, [{
            'service_partner_id': self.acorn.id, 'service_place': "1 Quay Street, Cork",
            'service_stop': at(10)}])
        self.assertFalse(self._create_request().service_partner_id)
        request.service_hours = 2.5
        self.assertEqual(request.service_stop, at(11, 30))
        request.service_stop = at(9, 45)
        self.assertEqual(request.service_hours, 0.75)

    def test_window_has_its_end_after_its_start(self):
        with self.assertRaisesRegex(ValidationError, "later end"):
            self._visit(service_from=at(10), service_to=at(9))

    # Free times

    def test_times_are_working_hours_that_are_not_busy(self):
        self._meet(self.ben, at(8), at(9, 10))
        request = self._visit(technicians=self.ben, service_hours=2, service_to=at(17, day=3))
        self.assertEqual(self._times(request), [
            (at(9, 30), self.ben), (at(13), self.ben), (at(8, day=3), self.ben),
            (at(10, day=3), self.ben)])

    def test_whoever_is_free_is_proposed_when_nobody_is_chosen(self):
        self._meet(self.ben, at(8), at(12))
        times = self._times(self._visit(service_hours=4, service_to=at(18)))
        self.assertEqual(
            times, [(at(8), self.cora), (at(13), self.ben), (at(13), self.cora)])

    def test_those_who_were_chosen_come_together(self):
        self._meet(self.ben, at(8), at(10))
        self._meet(self.cora, at(13), at(16))
        both = self.ben | self.cora
        times = self._times(self._visit(technicians=both, service_to=at(17)))
        self.assertEqual(times, [(at(10), both), (at(11), both)])

    def test_free_declined_and_own_meetings_keep_nobody(self):
        self._meet(self.ben, at(8), at(12), show_as='free')
        declined = self._meet(self.ben, at(13), at(15))
        declined.attendee_ids.state = 'declined'
        self._meet(self.cora, at(8), at(17))
        request = self._visit(technicians=self.ben, service_to=at(18), service_hours=4)
        self.assertEqual(self._times(request), [(at(8), self.ben), (at(13), self.ben)])

    def test_whole_days_count_by_the_clock_of_the_technician(self):
        self._meet(self.ben, at(8), at(18), allday=True, start_date='2026-03-02',
                   stop_date='2026-03-02')
        request = self._visit(technicians=self.ben, service_hours=4, service_to=at(18, day=3))
        self.assertEqual(self._times(request)[0], (at(8, day=3), self.ben))

    def test_holidays_of_the_company_and_of_the_technician_are_free(self):
        self.env['resource.calendar.leaves'].create({
            'name': "Bank Holiday", 'company_id': self.env.company.id,
            'date_from': at(0), 'date_to': at(23)})
        resource = self.env['resource.resource'].create({
            'name': "Ben", 'user_id': self.ben.id, 'calendar_id': self.calendar.id,
            'tz': 'Europe/London'})
        self.env['resource.calendar.leaves'].create({
            'name': "Away", 'resource_id': resource.id, 'calendar_id': self.calendar.id,
            'date_from': at(0, day=3), 'date_to': at(12, day=3)})
        request = self._visit(technicians=self.ben, service_hours=4, service_to=at(18, day=4))
        self.assertEqual(
            [start for start, _users in self._times(request)],
            [at(13, day=3), at(8, day=4), at(13, day=4)])

    def test_each_works_by_his_own_clock(self):
        self.cora.tz = 'America/New_York'
        times = dict.fromkeys(self._times(self._visit(service_hours=4, service_to=at(18))))
        self.assertEqual(
            list(times), [(at(8), self.ben), (at(13), self.ben), (at(13), self.cora)])

    def test_summer_time_moves_the_hours(self):
        request = self._visit(
            technicians=self.ben, service_from=datetime(2026, 3, 27, 12),
            service_to=datetime(2026, 3, 30, 17), service_hours=4)
        self.assertEqual(
            [start for start, _users in self._times(request)],
            [datetime(2026, 3, 27, 13), datetime(2026, 3, 30, 7), datetime(2026, 3, 30, 12)])

    def test_times_cost_as_many_queries_for_many_meetings(self):
        request = self._visit(technicians=self.ben)
        self._meet(self.ben, at(8), at(9))
        few = self._count_statements(request._free_slots)
        for number in range(30):
            self._meet(self.ben, at(9) + timedelta(minutes=number), at(10))
        self.assertLessEqual(self._count_statements(request._free_slots), few)

    def test_choice_of_a_time_plans_the_visit(self):
        request = self._visit(service_hours=4, service_to=at(18))
        action = request.with_user(self.roles['service_representative']).action_find_time()
        slot = self.env['crm.request.slot'].search(action['domain'], limit=1)
        slot.with_user(slot.create_uid).action_choose()
        self.assertRecordValues(request, [{
            'service_start': at(8), 'service_stop': at(12), 'service_confirmed': False}])
        self.assertIn(request.technician_ids, self.ben | self.cora)

    def test_nobody_with_time_is_said(self):
        request = self._visit(service_from=at(18), service_to=at(20))
        with self.assertRaisesRegex(UserError, request.number):
            request.action_find_time()

    # Appointments

    def test_confirmed_visit_stands_in_the_calendars(self):
        request = self._visit(at(9), self.ben)
        last = self.env['mail.message'].search([], order='id DESC', limit=1)
        request.with_user(self.roles['service_representative']).action_confirm_appointment()
        event = request.service_event_id
        self.assertRecordValues(event, [{
            'start': at(9), 'stop': at(10), 'location': "1 Quay Street, Cork",
            'show_as': 'busy'}])
        self.assertEqual(event.partner_ids, self.ben.partner_id | self.acorn)
        invitations = self.env['mail.message'].search([('id', '>', last.id)])
        self.assertIn(self.acorn, invitations.partner_ids)
        self.assertEqual(request.booking_ids.user_id, self.ben)
        self.assertIn(self.ben.partner_id, request.message_partner_ids)
        self.assertTrue(request.with_user(self.ben).has_access('read'))

    def test_visit_needs_a_time_and_a_technician(self):
        for request in (self._visit(at(9)), self._visit(technicians=self.ben)):
            with self.assertRaisesRegex(UserError, "when the visit is"):
                request.action_confirm_appointment()

    def test_busy_technician_is_noticed_and_refused(self):
        self._meet(self.ben, at(9, 30), at(11))
        request = self._visit(at(9), self.ben | self.cora)
        self.assertIn("ben", request.service_conflict)
        self.assertNotIn("cora", request.service_conflict)
        with self.assertRaisesRegex(UserError, "is busy from"):
            request.action_confirm_appointment()
        request.service_start = at(11)
        self.assertFalse(request.service_conflict)
        request.action_confirm_appointment()
        self.assertFalse(request.service_conflict)

    def test_form_warns_before_it_is_saved(self):
        self._meet(self.ben, at(9, 30), at(11))
        form = Form(self._visit(technicians=self.ben))
        form.service_start = at(10)
        self.assertIn("busy", form.service_conflict)

    def test_conflicts_of_a_list_cost_one_look_at_the_calendars(self):
        requests = self._visit(at(9), self.ben)

        def look():
            requests.mapped('service_conflict')

        few = self._count_statements(look)
        for number in range(20):
            requests |= self._visit(at(9) + timedelta(minutes=number), self.ben)
        self.assertLessEqual(self._count_statements(look), few)

    def test_database_gives_a_time_to_one_visit_only(self):
        first, second = self._visit(at(9), self.ben), self._visit(at(9, 30), self.ben)
        first.action_confirm_appointment()
        # Somebody who does not see the first one's meeting yet.
        first.service_event_id.show_as = 'free'
        with self.assertRaisesRegex(UserError, "just given to another visit"):
            second.action_confirm_appointment()
        second.write({'service_start': at(10)})
        second.action_confirm_appointment()
        self.assertTrue(second.service_confirmed)

    def test_moved_visit_moves_its_meeting(self):
        request = self._visit(at(9), self.ben)
        request.action_confirm_appointment()
        request.write({'service_start': at(14), 'service_hours': 2})
        self.assertRecordValues(request.service_event_id, [{'start': at(14), 'stop': at(16)}])
        self.assertRecordValues(request.booking_ids, [{'start': at(14), 'stop': at(16)}])
        request.technician_ids = self.cora
        self.assertEqual(
            request.service_event_id.partner_ids, self.cora.partner_id | self.acorn)
        self.assertEqual(request.booking_ids.user_id, self.cora)

    def test_moved_meeting_moves_its_visit(self):
        request = self._visit(at(9), self.ben)
        request.action_confirm_appointment()
        request.service_event_id.with_user(self.ben).write({'start': at(14), 'stop': at(15, 30)})
        self.assertRecordValues(request, [{
            'service_start': at(14), 'service_stop': at(15, 30), 'service_hours': 1.5}])
        self.assertRecordValues(request.booking_ids, [{'start': at(14), 'stop': at(15, 30)}])

    def test_deleted_meeting_gives_the_time_back(self):
        request = self._visit(at(9), self.ben)
        request.action_confirm_appointment()
        request.service_event_id.with_user(self.ben).unlink()
        self.assertRecordValues(request, [{
            'service_confirmed': False, 'service_start': at(9)}])
        self.assertFalse(request.booking_ids)

    def test_end_of_a_request_takes_the_visit_that_is_to_come_away(self):
        request = self._visit(at(9), self.ben)
        request.action_confirm_appointment()
        event = request.service_event_id
        request.action_cancel()
        self.assertFalse(event.exists())
        self.assertFalse(request.booking_ids)
        self.assertIn("is cancelled", ''.join(request.message_ids.mapped('body')))
        done = self._visit(at(9), self.ben)
        done.action_confirm_appointment()
        with freeze_time('2026-03-02 11:00:00'):
            self._solve(done)
        self.assertTrue(done.service_event_id)

    def test_hours_of_the_visit_are_the_time_spent(self):
        request = self._visit(at(9), self.ben, service_hours=2.5)
        hour = self.env['product.product'].create({
            'name': "Work", 'type': 'service', 'uom_id': self.env.ref('uom.product_uom_hour').id})
        self.assertEqual(request._quantity_of(hour), 2.5)
        self.assertEqual(request._quantity_of(self.product), 1.0)
        request.action_service_done()
        self.assertEqual(request.duration, 2.5)
        request.duration = 4
        request.action_service_done()
        self.assertEqual(request._quantity_of(hour), 4)

    def test_only_who_works_on_the_request_plans_its_visit(self):
        request = self._visit(at(9), self.ben)
        self._assert_refused(
            self._as(request, 'marketing_manager').action_confirm_appointment)
        self._assert_refused(
            self._as(request, 'service_representative').booking_ids.create,
            {'request_id': request.id, 'user_id': self.ben.id, 'start': at(9), 'stop': at(10)})
