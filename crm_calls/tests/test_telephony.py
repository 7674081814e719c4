import json
import time
from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.res_config_settings_telephony import SECRET
from ..models.telephony import sign
from .common import CallCommon

PHONE = "+353215550100"


class TelephonyCommon(CallCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.caller = cls._create_user('order_manager', 'caller')
        cls.caller.dialler_extension = '204'
        cls.company = cls.env.ref('base.user_root').company_id
        cls.caller.write({
            'company_id': cls.company.id, 'company_ids': [Command.set(cls.company.ids)]})


@tagged('post_install', '-at_install')
class TestDial(TelephonyCommon):

    def _dial_url(self, phone, user=None):
        return self.env['crm.call'].with_user(user or self.caller).get_dial_url(phone)

    def test_number_is_dialled_by_the_telephone_of_the_computer_unless_told_otherwise(self):
        self.assertEqual(self._dial_url("+353 21 555 0100"), f'tel:{PHONE}')

    def test_own_dialler_gets_number_and_extension(self):
        self.company.dial_template = 'https://dialler.example/call?to={phone}&user={user}'
        self.assertEqual(
            self._dial_url("+353 21 555 0100"),
            'https://dialler.example/call?to=%2B353215550100&user=204')
        other = self._create_user('order_manager', 'no extension')
        self.assertIn('user=no%20extension', self._dial_url(PHONE, other))

    def test_number_without_country_is_of_the_country_of_the_company(self):
        self.company.country_id = self.env.ref('base.ie')
        self.assertEqual(self._dial_url("021 555 0100"), f'tel:{PHONE}')

    def test_blocked_number_is_not_dialled(self):
        self.env['phone.blacklist'].sudo()._add([PHONE])
        self.assertEqual(self._dial_url("+353 21 555 0100"), '')
        self.assertEqual(self.customer.with_user(self.caller).dial_url, '')

    def test_contact_without_number_is_called_at_his_company(self):
        self.assertEqual(self.contact.with_user(self.caller).dial_url, f'tel:{PHONE}')

    def test_no_number_no_link(self):
        self.assertEqual(self._dial_url(False), '')
        self.assertEqual(self._create_call(partner_id=False, phone="by mail").dial_url, '')

    def test_links_of_many_customers_cost_as_much_as_of_one(self):
        partners = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'phone': f"+353 21 555 {number:04}"}
            for number in range(50)])
        self.env.flush_all()
        costs = []
        for some in (partners[:5], partners):
            self.env.invalidate_all()
            some = some.with_user(self.caller).with_prefetch(some.ids)
            start = self.cr.sql_log_count
            some.mapped('dial_url')
            costs.append(self.cr.sql_log_count - start)
        self.assertLessEqual(costs[1], costs[0] + 1)

    def test_template_that_cannot_dial_is_refused(self):
        for template in (
            'https://dialler.example/call', 'tel:{phone}{pin}', 'javascript:call({phone})',
            '{phone}',
        ):
            with self.subTest(template=template):
                with self.assertRaisesRegex(ValidationError, "link to dial"):
                    self.company.dial_template = template

    @mute_logger('odoo.sql_db')
    def test_extension_belongs_to_one_person_of_a_company(self):
        other = self._create_user('order_manager', 'other')
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            other.write({'company_id': self.company.id, 'dialler_extension': '204'})
            other.flush_recordset()


@tagged('post_install', '-at_install')
class TestTelephonySettings(TelephonyCommon):

    def test_administrator_makes_a_secret(self):
        settings = self.env['res.config.settings'].create({})
        settings.action_new_telephony_secret()
        first = self.env['ir.config_parameter'].get_param(SECRET)
        self.assertGreaterEqual(len(first), 32)
        settings.action_new_telephony_secret()
        settings = self.env['res.config.settings'].create({})
        self.assertNotEqual(settings.telephony_secret, first)
        self.assertTrue(settings.telephony_url.endswith('/crm_calls/telephony'))

    def test_saving_the_settings_leaves_the_secret_alone(self):
        settings = self.env['res.config.settings'].create({})
        settings.action_new_telephony_secret()
        secret = self.env['ir.config_parameter'].get_param(SECRET)
        settings.recording_days = 30
        settings.execute()
        self.assertEqual(self.env['ir.config_parameter'].get_param(SECRET), secret)
        self.assertEqual(self.env.company.recording_days, 30)

    def test_only_the_administrator_sees_or_makes_the_secret(self):
        for role in ('call_center_lead', 'sales_manager', 'service_supervisor'):
            env = self.env(user=self._create_user(role))
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    env['res.config.settings'].create({}).action_new_telephony_secret()
                with self.assertRaises(AccessError):
                    env['ir.config_parameter'].get_param(SECRET)


@tagged('post_install', '-at_install')
class TestTelephony(TelephonyCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param(SECRET, 'a secret')
        cls.sent = 0

    def _send(self, *, secret='a secret', timestamp=None, signature=None, body=None,
              content_type='application/json', **event):
        """Send an event as a dialler does and return the answer."""
        if body is None:
            type(self).sent += 1
            body = json.dumps({'event_id': f'e{self.sent}', 'call_id': 'c1', **event}).encode()
        timestamp = str(int(time.time())) if timestamp is None else timestamp
        return self.url_open('/crm_calls/telephony', data=body, headers={
            'Content-Type': content_type,
            'X-Call-Timestamp': timestamp,
            'X-Call-Signature': sign(secret, timestamp, body) if signature is None else signature,
        })

    def _tell(self, event='started', **values):
        """Send an event that must be accepted, and return its call and what became of it."""
        values = {'direction': 'incoming', 'phone': PHONE, 'user': '204', **values}
        answer = self._send(event=event, **values)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.env.invalidate_all()
        return self.env['crm.call'].browse(answer.json()['call']), answer.json()['result']

    def _assert_refused(self, answer, status, reason):
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual(list(answer.json()), ['error'])
        self.assertIn(reason, answer.json()['error'])
        self.assertFalse(self.env['crm.call'].search([('dialler_ref', '!=', False)]))
        self.assertFalse(self.env['crm.call.event'].search([]))

    def _announcements(self, user):
        """Return the cards that were sent to the screen of a user."""
        messages = self.env['bus.bus'].search([]).filtered(
            lambda bus: f'"res.partner",{user.partner_id.id}]' in bus.channel.replace(' ', ''))
        cards = [json.loads(bus.message) for bus in messages]
        return [card['payload'] for card in cards if card['type'] == 'crm_calls.calling']

    # a call from its beginning to its end

    def test_call_that_comes_in_is_kept_with_who_calls_and_whom_he_called(self):
        call, result = self._tell(start='2026-03-02T10:00:00+01:00')
        self.assertEqual(result, 'created')
        self.assertRecordValues(call, [{
            'dialler_ref': 'c1', 'direction': 'incoming', 'partner_id': self.customer.id,
            'phone': "+353 21 555 0100", 'user_id': self.caller.id, 'hangup': False,
            'date_start': datetime(2026, 3, 2, 9, 0), 'company_id': self.company.id}])

    def test_call_is_completed_when_it_ends(self):
        call, _result = self._tell()
        self._tell('answered')
        same, result = self._tell(
            'ended', duration=90, hangup='completed',
            recording_url='https://dialler.example/r/1.mp3')
        self.assertEqual((same, result), (call, 'updated'))
        self.assertRecordValues(call, [{
            'duration': 1.5, 'hangup': 'completed', 'reached': True,
            'recording_url': 'https://dialler.example/r/1.mp3'}])

    def test_recording_may_come_after_the_call(self):
        call, _result = self._tell('ended', duration=60)
        self._send(event='recorded', recording_url='https://dialler.example/r/2.mp3')
        self.env.invalidate_all()
        self.assertEqual(call.recording_url, 'https://dialler.example/r/2.mp3')

    def test_end_may_come_before_the_beginning(self):
        start = fields.Datetime.now() - timedelta(minutes=5)
        ended, result = self._tell('ended', duration=120, hangup='completed')
        self.assertEqual(result, 'created')
        self.assertLess(ended.date_start, fields.Datetime.now() - timedelta(seconds=110))
        call, result = self._tell('started', start=start.isoformat())
        self.assertEqual((call, result), (ended, 'updated'))
        self.assertRecordValues(call, [
            {'date_start': start, 'duration': 2.0, 'hangup': 'completed'}])
        self.assertEqual(self._announcements(self.caller), [])

    def test_call_nobody_took_was_not_reached(self):
        call, _result = self._tell('ended', direction='outgoing')
        self.assertRecordValues(call, [{'hangup': 'no_answer', 'reached': False}])

    def test_call_from_a_contact_of_a_company_is_his(self):
        self.contact.phone = "+353 87 555 0177"
        call, _result = self._tell(phone="00353 87 555 0177")
        self.assertEqual(call.partner_id, self.contact)

    # who and whom

    def test_number_nobody_has_is_kept_as_it_came(self):
        for number, kept in (("+353 1 555 0142", "+353 1 555 0142"), ("anonymous", "anonymous")):
            call, _result = self._tell(phone=number, call_id=number)
            with self.subTest(number=number):
                self.assertRecordValues(call, [{'partner_id': False, 'phone': kept}])
        self.assertIn("anonymous is calling", self._announcements(self.caller)[-1]['title'])

    def test_call_without_a_number(self):
        call, _result = self._tell(phone=None)
        self.assertRecordValues(call, [{'partner_id': False, 'phone': False}])

    def test_call_for_a_person_nobody_knows_is_kept_without_him(self):
        call, _result = self._tell(user='999')
        self.assertFalse(call.user_id)
        self._tell('answered')
        self.assertEqual(call.user_id, self.caller)
        self.assertEqual(len(self._announcements(self.caller)), 1)

    def test_person_is_known_by_extension_login_or_address(self):
        self.caller.email = "Caller@Example.com"
        for number, name in enumerate(('204', 'caller', 'caller@example.com')):
            call, _result = self._tell(user=name, call_id=f'c{number}')
            with self.subTest(name=name):
                self.assertEqual(call.user_id, self.caller)

    def test_portal_users_take_no_calls(self):
        self._create_new_portal_user(login='portal')
        self.assertFalse(self._tell(user='portal')[0].user_id)

    def test_who_takes_the_call_has_it(self):
        colleague = self._create_user('order_manager', 'colleague')
        colleague.write({
            'company_ids': [Command.link(self.company.id)], 'company_id': self.company.id})
        call, _result = self._tell()
        self._tell('answered', user='colleague')
        self.assertEqual(call.user_id, colleague)
        self.assertEqual(len(self._announcements(colleague)), 1)

    def test_company_of_the_dialler(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        first, _result = self._tell()
        second, result = self._tell(company=other.id)
        self.assertEqual(result, 'created')
        self.assertEqual((first | second).company_id, self.company | other)
        self.assertFalse(second.user_id, "he does not work there")

    # the card of the caller

    def test_card_shows_who_calls_once(self):
        self._tell()
        self._tell('answered')
        [card] = self._announcements(self.caller)
        self.assertEqual(card['title'], "Quinn Carpentry is calling")
        self.assertEqual(card['lines'][0], "+353 21 555 0100")
        opened = card['buttons'][-1]['action']
        self.assertEqual((opened['res_model'], opened['res_id']), ('res.partner', self.customer.id))

    def test_card_of_who_does_not_want_calls_says_so(self):
        self.env['phone.blacklist'].sudo()._add([PHONE])
        call, _result = self._tell()
        self.assertEqual(call.partner_id, self.customer)
        [card] = self._announcements(self.caller)
        self.assertIn("Does not want to be called", "".join(card['lines']))

    def test_card_of_a_stranger_opens_the_call(self):
        call, _result = self._tell(phone="+353 1 555 0142")
        [card] = self._announcements(self.caller)
        self.assertEqual(card['buttons'][0]['action']['res_model'], 'crm.call')
        self.assertEqual(card['buttons'][0]['action']['res_id'], call.id)

    def test_card_of_a_customer_one_does_not_see_opens_the_call(self):
        call, _result = self._tell(user='999')
        self.customer.company_id = self.env['res.company'].create({'name': "Elsewhere"})
        self._tell('answered')
        [card] = self._announcements(self.caller)
        self.assertEqual(card['title'], "Quinn Carpentry is calling")
        opened = [
            (button['action']['res_model'], button['action'].get('res_id'))
            for button in card['buttons']]
        self.assertIn(('crm.call', call.id), opened)
        self.assertNotIn(('res.partner', self.customer.id), opened)

    def test_no_card_for_calls_one_makes_oneself(self):
        self._tell(direction='outgoing')
        self.assertEqual(self._announcements(self.caller), [])

    # what is not listened to

    def test_wrong_signature_is_refused(self):
        for sent in (
            {'secret': 'another secret'}, {'signature': ''}, {'signature': 'sha256=00'},
            {'signature': 'é'.encode('latin-1')}, {'timestamp': ''},
        ):
            with self.subTest(sent=sent):
                answer = self._send(
                    event='started', direction='incoming', **{'timestamp': None} | sent)
                self._assert_refused(
                    answer, 401, "too old" if sent == {'timestamp': ''} else "signature")

    def test_changed_body_or_time_is_refused(self):
        now = str(int(time.time()))
        body = b'{"event_id": "1", "event": "started", "call_id": "c", "direction": "incoming"}'
        signature = sign('a secret', now, body)
        changed = body.replace(b'incoming', b'outgoing')
        self._assert_refused(
            self._send(body=changed, timestamp=now, signature=signature), 401, "signature")
        later = str(int(now) + 1)
        self._assert_refused(
            self._send(body=body, timestamp=later, signature=signature), 401, "signature")

    def test_without_a_secret_nobody_is_heard(self):
        self.env['ir.config_parameter'].set_param(SECRET, False)
        answer = self._send(secret='', event='started', direction='incoming')
        self._assert_refused(answer, 401, "signature")

    def test_old_message_is_refused(self):
        for seconds in (-301, 301):
            with self.subTest(seconds=seconds):
                answer = self._send(
                    timestamp=str(int(time.time()) + seconds + (seconds > 0)), event='started',
                    direction='incoming')
                self._assert_refused(answer, 401, "too old")

    def test_what_is_no_event_is_refused(self):
        valid = {'event_id': '1', 'event': 'started', 'call_id': 'c', 'direction': 'incoming'}
        for body, reason in (
            (b'{', "not JSON"), (b'\xff', "not JSON"), (b'[]', "object"),
            (b'[' * 30000, "not JSON"),
            ({'event': 'rang'}, "event must be one of"),
            ({'event_id': None}, "event_id is missing"),
            ({'call_id': ''}, "call_id is missing"), ({'call_id': {}}, "call_id must be a text"),
            ({'call_id': 'x' * 201}, "longer"), ({'event_id': 'a\x00'}, "must be a text"),
            ({'direction': 'sideways'}, "direction"), ({'direction': []}, "direction"),
            ({'duration': -1}, "duration"),
            ({'duration': float('inf')}, "duration"), ({'duration': float('nan')}, "duration"),
            ({'duration': True}, "duration"),
            ({'start': 'noon'}, "start must be a time"), ({'start': '2026-03-02'}, "start must be"),
            ({'start': '2999-01-01T00:00:00Z'}, "future"), ({'start': 5}, "start must be a time"),
            ({'start': '0001-01-01T00:00:00+23:00'}, "start must be a time"),
            ({'recording_url': 'javascript:alert(1)'}, "link"),
            ({'hangup': 'bored'}, "hangup"), ({'company': 2 ** 31 - 1}, "company is not known"),
            ({'company': 'x'}, "company must be a number"),
        ):
            with self.subTest(body=body):
                if isinstance(body, dict):
                    body = json.dumps(valid | body).encode()
                self._assert_refused(self._send(body=body), 400, reason)

    def test_call_nobody_heard_of_needs_a_direction(self):
        self._assert_refused(self._send(event='ended', duration=5), 400, "not known")

    def test_other_bodies_are_refused(self):
        answer = self._send(
            event='started', direction='incoming', content_type='application/x-www-form-urlencoded')
        self._assert_refused(answer, 400, "application/json")
        self._assert_refused(self._send(body=b' ' * 70000), 400, "bytes")

    def test_only_messages_can_be_sent(self):
        self.assertEqual(self.url_open('/crm_calls/telephony').status_code, 405)

    # what comes twice

    def test_message_sent_again_counts_once(self):
        body = json.dumps({
            'event_id': 'once', 'event': 'started', 'call_id': 'c1', 'direction': 'incoming',
            'phone': PHONE, 'user': '204'}).encode()
        now = str(int(time.time()))
        first = self._send(body=body, timestamp=now).json()
        self._tell('ended', duration=60)
        again = self._send(body=body, timestamp=now).json()
        self.assertEqual(again, {'call': first['call'], 'result': 'known'})
        self.env.invalidate_all()
        call = self.env['crm.call'].browse(first['call'])
        self.assertEqual((call.duration, call.hangup), (1.0, 'completed'))
        self.assertEqual(self.env['crm.call'].search_count([('dialler_ref', '=', 'c1')]), 1)
        self.assertEqual(len(self._announcements(self.caller)), 1)

    def test_deleted_call_does_not_come_back(self):
        call, _result = self._tell()
        call.unlink()
        call, result = self._tell('ended', duration=60)
        self.assertEqual((call.id, result), (False, 'known'))
        self.assertFalse(self.env['crm.call'].search([('dialler_ref', '=', 'c1')]))

    def test_events_are_forgotten_after_a_week(self):
        self._tell()
        event = self.env['crm.call.event'].search([])
        event._gc_events()
        self.assertTrue(event.exists())
        self.cr.execute(
            "UPDATE crm_call_event SET date_received = date_received - interval '8 days'")
        self.env.invalidate_all()
        event._gc_events()
        self.assertFalse(event.exists())
        self.assertEqual(self._tell('ended', duration=60)[1], 'updated')

    # the caller tells, too

    def _log(self, **values):
        Call = self.env['crm.call'].with_user(self.caller).with_company(self.company)
        return Call._keep({
            'partner_id': self.contact.id, 'outcome_id': self.promised.id, 'duration': 9.0,
            'note': "Pays on Friday.", **values})

    def test_logged_call_and_that_of_the_dialler_are_one(self):
        call, _result = self._tell(direction='outgoing')
        logged = self._log()
        self.assertEqual(logged, call)
        self._tell('ended', direction='outgoing', duration=60)
        self.assertRecordValues(call, [{
            'outcome_id': self.promised.id, 'note': "Pays on Friday.", 'duration': 1.0,
            'hangup': 'completed', 'partner_id': self.contact.id}])

    def test_dialler_measures_better_than_the_caller(self):
        call, _result = self._tell('ended', direction='outgoing', duration=60)
        self.assertEqual(self._log(), call)
        self.assertEqual(call.duration, 1.0)

    def test_call_logged_before_the_dialler_tells_is_the_same(self):
        logged = self._log()
        call, _result = self._tell('ended', direction='outgoing', duration=60)
        self.assertEqual(call, logged)
        self.assertRecordValues(call, [{
            'dialler_ref': 'c1', 'outcome_id': self.promised.id, 'duration': 1.0,
            'partner_id': self.contact.id}])

    def test_next_call_with_the_customer_is_another(self):
        call, _result = self._tell('ended', direction='outgoing', duration=60)
        self.assertEqual(self._log(), call)
        self.assertNotEqual(self._log(), call)

    def test_call_with_somebody_else_is_another(self):
        call, _result = self._tell('ended', direction='outgoing', duration=60)
        stranger = self.env['res.partner'].create({'name': "Bell & Sons"})
        self.assertNotEqual(self._log(partner_id=stranger.id), call)

    def test_sales_manager_and_administrator_read_the_events(self):
        self._tell()
        events = self.env['crm.call.event'].search([])
        readers = self.env.ref('base.user_admin') + self._create_user('sales_manager')
        for user in readers:
            self.assertEqual(events.with_user(user).event, 'started')
            self.assertFalse(events.with_user(user).has_access('write'))
        with self.assertRaises(AccessError):
            events.with_user(self._create_user('call_center_lead')).read(['event'])
