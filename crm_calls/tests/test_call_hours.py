from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from .common import CallCommon


@tagged('post_install', '-at_install')
class TestCallHours(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env['resource.calendar'].create({
            'name': "Calls", 'tz': 'Europe/Dublin', 'attendance_ids': [
                Command.create({
                    'name': "Open", 'dayofweek': str(day), 'hour_from': 9.0, 'hour_to': 18.0,
                    'day_period': 'full_day'})
                for day in range(5)],
        })
        cls.company = cls.env.company
        cls.company.partner_id.write({'tz': 'Europe/Dublin', 'country_id': False})
        cls.company.call_calendar_id = cls.calendar

    def _customer(self, tz=False, country=False):
        country = country and self.env.ref(f'base.{country}').id
        return self.env['res.partner'].create({'name': "Far", 'tz': tz, 'country_id': country})

    def test_contacts_there_before_get_the_zone_new_ones_get(self):
        partners = self._customer() | self._customer('America/New_York', 'us') | self._customer(
            'Europe/Dublin', 'jp') | self._customer('Asia/Tokyo') | self._customer(False, 'ie')
        computed = partners.mapped('call_tz')
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE res_partner DROP COLUMN call_tz")
        self.env['res.partner']._fill_call_tz()
        self.env.invalidate_all()
        self.assertEqual(partners.mapped('call_tz'), computed)

    def test_customer_lives_by_the_clock_of_his_contact_his_country_or_the_company(self):
        for tz, country, expected in (
            ('America/New_York', 'us', 'America/New_York'),
            # Who entered the customer sits in Dublin.
            ('Europe/Dublin', 'jp', 'Asia/Tokyo'),
            ('Europe/Dublin', 'us', False),
            (False, 'ie', 'Europe/Dublin'),
            ('Asia/Tokyo', False, 'Asia/Tokyo'),
            (False, False, False),
        ):
            with self.subTest(tz=tz, country=country):
                self.assertEqual(self._customer(tz, country).call_tz, expected)
        self.assertEqual(self._customer()._call_zone(self.company), 'Europe/Dublin')

    def test_wait_of_an_outcome_ends_in_the_hours_of_the_customer(self):
        call = self._create_call(
            partner_id=self._customer('America/New_York', 'us').id, outcome_id=self.no_answer.id,
            date_start='2026-03-02 22:00:00')
        # Four hours later it is nine in the evening in New York; they open at nine, 14:00 UTC.
        self.assertEqual(call.callback_at, datetime(2026, 3, 3, 14))

    def test_holidays_of_the_calendar_are_kept(self):
        self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'calendar_id': self.calendar.id,
            'date_from': '2026-03-03 00:00:00', 'date_to': '2026-03-04 00:00:00'})
        moment = self.customer._next_call_time(datetime(2026, 3, 2, 19), self.company)
        self.assertEqual(moment, datetime(2026, 3, 4, 9))

    def test_weeks_of_a_two_week_calendar_alternate(self):
        self.calendar.attendance_ids.unlink()
        self.calendar.switch_calendar_type()
        self.calendar.attendance_ids.unlink()
        week = self.env['resource.calendar.attendance'].get_week_type(datetime(2026, 3, 2).date())
        self.calendar.attendance_ids = [Command.create({
            'name': "Open", 'dayofweek': '0', 'hour_from': 9.0, 'hour_to': 18.0,
            'week_type': str(1 - week)})]
        moment = self.customer._next_call_time(datetime(2026, 3, 2, 10), self.company)
        self.assertEqual(moment, datetime(2026, 3, 9, 9))

    def test_without_hours_everybody_may_be_called_at_any_time(self):
        self.company.call_calendar_id = False
        moment = datetime(2026, 3, 1, 3)
        self.assertEqual(self.customer._next_call_time(moment, self.company), moment)

    def test_who_wants_no_calls_is_put_on_the_list(self):
        opt_out = self.env.ref('crm_calls.crm_call_outcome_opt_out')
        caller = self._create_user('order_manager')
        self.env['crm.call'].with_user(caller).create({
            'partner_id': self.customer.id, 'outcome_id': opt_out.id})
        self.assertTrue(self.customer.phone_sanitized_blacklisted)
        other = self._create_call(partner_id=self.contact.id, phone="+353 21 555 0177")
        other.outcome_id = opt_out
        self.assertTrue(self.env['phone.blacklist'].search([('number', '=', '+353215550177')]))
