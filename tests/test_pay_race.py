"""Two payers of the same bills, and payments that are killed: real processes, committed data."""

import json
import os
import threading

import requests
from common import WorkerCase, cloned_database, running_server

from odoo.tests import tagged

TRANSACTIONS = 8


@tagged('post_install', '-at_install')
class TestPayRace(WorkerCase):

    worker = 'pay_worker.py'
    # The database refuses what comes at the same moment, and Odoo tries again.
    log_level = 'critical'

    def _ask(self, database):
        return json.loads(self._work(database, 'ask'))

    def _prepare(self, database):
        """Make bills, and transactions of two payers that overlap; return the ids of those."""
        _account, _provider, _method, *bills = self._work(
            database, 'prepare', TRANSACTIONS + 2).split()
        return [self._work(database, 'choose', login, TRANSACTIONS, *bills).split()
                for login in ('ann', 'ben')]

    def test_bills_are_settled_once_and_what_comes_twice_is_on_account(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'pay_race') as database:
            first, second = self._prepare(database)
            self._race(database, ['settle', *first], ['settle', *second],
                       ['settle', *reversed(first)], ['settle', *reversed(second)])
            told = self._ask(database)
        bills = 100.0 * (TRANSACTIONS + 2)
        brought = 2 * 300.0 * TRANSACTIONS
        self.assertEqual(told, {
            'open': 0.0, 'done': brought, 'paid': brought, 'rest': brought - bills,
            'told': brought - bills, 'settled': 2 * TRANSACTIONS,
            'transactions': 2 * TRANSACTIONS})

    def test_killed_between_payment_and_settlement_it_is_finished_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'pay_kill') as database:
            self._prepare(database)
            before = self._ask(database)
            states = []
            for kill in (1, 3, 2):
                self._work(database, 'cron', kill, dies=True)
                states.append(self._ask(database))
            self._work(database, 'cron', 0)
            end = self._ask(database)
            self._work(database, 'cron', 0)
            again = self._ask(database)
        self.assertEqual((before['paid'], before['settled']), (0.0, 0))
        for state in states:
            self.assertEqual(state['paid'], 300.0 * state['settled'], "half settled")
            self.assertEqual(state['rest'], state['told'])
        settled = [before['settled'], *(state['settled'] for state in states), end['settled']]
        self.assertEqual(settled, sorted(set(settled)), "nothing was done, or something undone")
        self.assertEqual((end['paid'], end['open']), (end['done'], 0.0))
        self.assertEqual(end['settled'], end['transactions'])
        self.assertEqual(again, end, "what was settled is settled again")

    def test_two_colleagues_and_two_presses_at_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'pay_http') as database:
            account, provider, method, *bills = self._work(database, 'prepare', 6).split()
            with running_server(database) as url:
                ann, ben = (sign_in(url, login) for login in ('ann', 'ben'))
                results = []
                for bill in bills:
                    path = f'{url}/my/pay/transaction/{account}/m{bill}-100.0/0'
                    values = {
                        'provider_id': int(provider), 'payment_method_id': int(method),
                        'token_id': None, 'amount': 100.0, 'flow': 'direct',
                        'tokenization_requested': False, 'landing_route': '/my',
                        'is_validation': False, 'access_token': None, 'csrf_token': ''}
                    results.append(at_once([
                        lambda session=session, path=path, values=values: press(
                            session, path, values) for session in (ann, ben, ann)]))
            told = self._ask(database)
        self.assertEqual(told['transactions'], len(bills), "a bill is being paid twice")
        for references in results:
            made = {reference for reference in references if reference}
            self.assertEqual(len(made), 1)


def sign_in(url, login):
    """Return the cookies of somebody who has signed in to the portal."""
    session = requests.Session()
    page = session.get(f'{url}/web/login', timeout=120).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    session.post(f'{url}/web/login', timeout=120, data={
        'login': login, 'password': login, 'csrf_token': token}).raise_for_status()
    return session.cookies


def press(cookies, path, values):
    """Return the reference of the transaction that pressing the button gives, if any."""
    answer = requests.post(path, timeout=120, cookies=cookies, json={
        'jsonrpc': '2.0', 'method': 'call', 'params': values}).json()
    return answer.get('result', {}).get('reference')


def at_once(acts):
    """Return what each of several acts gives that are done at the same moment."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number):
        barrier.wait()
        results[number] = acts[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
