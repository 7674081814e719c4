"""The form for requests on two servers of one database: what one of them counts, both know."""

import os
import re
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

import psycopg2
from common import cloned_database, running_server

from odoo.tests import BaseCase, tagged

SENDERS, LIMIT = 6, 3


class Stranger:
    """Somebody with a browser."""

    def __init__(self):
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()))

    def open_form(self, url):
        """Return what the form of the first type says of itself."""
        page = self.opener.open(url, timeout=120).read().decode()
        return {
            name: re.search(rf'name="{name}"\s+value="([^"]*)"', page).group(1)
            for name in ('csrf_token', 'stamp')}

    def send(self, url, known):
        """Send a form that was opened, and return the page that follows."""
        return self.opener.open(url, urllib.parse.urlencode({
            **known, 'name': "Mary", 'email': "mary@example.com", 'subject': "The saw",
            'text': "It jams."}).encode(), timeout=120).read().decode()


@tagged('post_install', '-at_install')
class TestWebFormRace(BaseCase):

    def test_two_servers_take_a_form_once_and_count_together(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'form') as database:
            path = self._prepare(database)
            with running_server(database) as one, running_server(database) as two:
                urls = [one + path, two + path]
                self._send_one_form_often(database, urls)
                self._send_many_forms(database, urls)

    def _send_one_form_often(self, database, urls):
        stranger = Stranger()
        known = stranger.open_form(urls[0])
        with ThreadPoolExecutor(SENDERS) as senders:
            pages = list(senders.map(
                lambda number: stranger.send(urls[number % 2], known), range(SENDERS)))
        self.assertEqual(self._count(database), 1)
        self.assertTrue(any("registration number" in page for page in pages))

    def _send_many_forms(self, database, urls):
        self._execute(database, "DELETE FROM crm_web_rate")
        for number in range(2 * LIMIT):
            stranger, url = Stranger(), urls[number % 2]
            stranger.send(url, stranger.open_form(url))
        self.assertEqual(self._count(database), 1 + LIMIT)

    def _prepare(self, database):
        """Let a form be sent at once and from one place; return its path."""
        self._execute(
            database, "UPDATE ir_config_parameter SET value = '0'"
            " WHERE key LIKE 'crm_service_requests.web_%'")
        self._execute(
            database, "UPDATE ir_config_parameter SET value = %s"
            " WHERE key = 'crm_service_requests.web_limit_mail'", [str(LIMIT)])
        [[type_id]] = self._execute(
            database, "SELECT id FROM crm_request_type WHERE portal_visible AND active"
            " AND company_id IS NULL ORDER BY sequence, id LIMIT 1")
        self._before = self._count(database, 0)
        return f'/requests/new/{type_id}'

    def _count(self, database, before=None):
        """Return how many requests strangers have made since the beginning."""
        [[count]] = self._execute(
            database, "SELECT count(*) FROM crm_request WHERE channel = 'web'")
        return count - (self._before if before is None else before)

    def _execute(self, database, statement, values=None):
        with psycopg2.connect(dbname=database) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
