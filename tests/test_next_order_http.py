"""Several order managers at the call desk: a server of two processes, sessions of browsers."""

import json
import os
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

import psycopg2
from common import WorkerCase, cloned_database, running_server

from odoo.tests import tagged

CALLERS, ORDERS = 8, 48


class Session:
    """Somebody who has logged in."""

    def __init__(self, url, database, login):
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()))
        self.ask('/web/session/authenticate', db=database, login=login, password=login)

    def ask(self, path, **params):
        """Return the result of a request, or raise what the user would be shown."""
        body = json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}).encode()
        request = urllib.request.Request(
            self.url + path, body, {'Content-Type': 'application/json'})
        with self.opener.open(request, timeout=120) as answer:
            answer = json.load(answer)
        if 'error' in answer:
            raise AssertionError(answer['error']['data']['message'])
        return answer['result']

    def call(self, method, *args, **kwargs):
        return self.ask(
            f'/web/dataset/call_kw/sale.order/{method}', model='sale.order', method=method,
            args=args, kwargs=kwargs)

    def work(self, outcome_id):
        """Take one order after the other and log a call that closes it; return what was taken."""
        taken = []
        while order := self.call('take_call_desk_order'):
            taken.append(order['id'])
            self.call('log_call', [order['id']], outcome=outcome_id)
        return taken


@tagged('post_install', '-at_install')
class TestNextOrderHttp(WorkerCase):

    worker = 'queue_caller.py'

    def test_many_sessions_get_every_order_once_and_no_error(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'desk') as database:
            logins = [f'caller{number}' for number in range(CALLERS)]
            waiting = self._prepare(database, logins)
            with running_server(database, '--workers', '2') as url:
                sessions = [Session(url, database, login) for login in logins]
                with ThreadPoolExecutor(CALLERS) as callers:
                    taken = list(callers.map(
                        lambda session: session.work(self._lost(database)), sessions))
        taken = [order for of_session in taken for order in of_session]
        self.assertEqual(len(taken), len(set(taken)), "an order was given to two callers")
        self.assertEqual(set(taken), waiting, "an order was given to nobody")

    def _prepare(self, database, logins):
        """Make orders and callers; return the ids of the orders."""
        return set(map(int, self._work(database, 'prepare', ORDERS, *logins).split()))

    def _lost(self, database):
        with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
            cr.execute("""
                SELECT res_id FROM ir_model_data
                WHERE module = 'crm_calls' AND name = 'crm_call_outcome_lost'""")
            return cr.fetchone()[0]
