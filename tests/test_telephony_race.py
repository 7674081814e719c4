"""A dialler that sends the same event twice at once: a real server, committed data."""

import json
import os
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from common import cloned_database, running_server

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_calls.models.telephony import sign

SECRET = 'a secret of the dialler'
SENDERS = 4


@tagged('post_install', '-at_install')
class TestTelephonyRace(BaseCase):

    def test_event_sent_twice_at_once_makes_one_call(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'dialler') as database:
            self._query(
                database, "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)",
                'crm_calls.telephony_secret', SECRET)
            with running_server(database) as url:
                same = self._send_at_once(url, [{'event_id': '1', 'event': 'started'}] * SENDERS)
                others = self._send_at_once(url, [
                    {'event_id': str(number), 'event': event, 'call_id': 'c2', 'duration': 60}
                    for number, event in enumerate(('started', 'answered', 'ended', 'recorded'), 2)
                ])
            calls = self._query(
                database, "SELECT id, dialler_ref, hangup, duration FROM crm_call"
                          " WHERE dialler_ref IN ('c1', 'c2') ORDER BY dialler_ref")
        first, second = calls
        self.assertEqual(first[1:], ('c1', None, None) if first[3] is None else ('c1', None, 0.0))
        self.assertEqual(second[1:], ('c2', 'completed', 1.0))
        self.assertEqual([answer['call'] for answer in same], [first[0]] * SENDERS)
        self.assertEqual(
            sorted(answer['result'] for answer in same), ['created'] + ['known'] * (SENDERS - 1))
        self.assertEqual([answer['call'] for answer in others], [second[0]] * 4)
        self.assertEqual(
            sorted(answer['result'] for answer in others), ['created'] + ['updated'] * 3)

    def _send_at_once(self, url, events):
        """Send events at the same moment and return the answers."""
        with ThreadPoolExecutor(len(events)) as senders:
            return list(senders.map(lambda event: self._send(url, event), events))

    def _send(self, url, event):
        body = json.dumps({
            'call_id': 'c1', 'direction': 'incoming', 'phone': '+353215550100', **event}).encode()
        now = str(int(time.time()))
        request = urllib.request.Request(f'{url}/crm_calls/telephony', body, {
            'Content-Type': 'application/json', 'X-Call-Timestamp': now,
            'X-Call-Signature': sign(SECRET, now, body)})
        # A dialler sends again what was answered with an error of the server.
        for _attempt in range(5):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                self.assertEqual(error.code, 500, error.read())
        return self.fail("the server did not take the event")

    def _query(self, database, query, *values):
        with psycopg2.connect(dbname=database) as connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []
