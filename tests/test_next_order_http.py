"""Several order managers at the call desk: a server of two processes, sessions of browsers."""

import os
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from common import WorkerCase, cloned_database, running_server
from session import Refused, Session

from odoo.tests import tagged

CALLERS, ORDERS = 8, 48


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
                        lambda session: self._call(session, self._lost(database)), sessions))
                with ThreadPoolExecutor(CALLERS) as callers:
                    shown = list(callers.map(
                        lambda session: self._press(session, min(waiting)), sessions))
        taken = [order for of_session in taken for order in of_session]
        self.assertEqual(len(taken), len(set(taken)), "an order was given to two callers")
        self.assertEqual(set(taken), waiting, "an order was given to nobody")
        # Who was too late is told so; nobody is told of the database.
        self.assertEqual(set().union(*shown) - {'odoo.exceptions.UserError'}, set())

    def _prepare(self, database, logins):
        """Make orders and callers; return the ids of the orders."""
        return set(map(int, self._work(database, 'prepare', ORDERS, *logins).split()))

    def _call(self, session, outcome_id):
        """Take one order after the other and log a call that closes it; return what was taken."""
        taken = []
        while order := session.call('sale.order', 'take_call_desk_order'):
            taken.append(order['id'])
            session.call('sale.order', 'log_call', [order['id']], outcome=outcome_id)
        return taken

    def _press(self, session, order):
        """Press the buttons of one order; return the kinds of errors that were shown."""
        shown = set()
        for button in ('action_hold', 'action_release') * 8:
            try:
                session.call('sale.order', button, [order])
            except Refused as error:
                shown.add(error.name)
        return shown

    def _lost(self, database):
        with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
            cr.execute("""
                SELECT res_id FROM ir_model_data
                WHERE module = 'crm_calls' AND name = 'crm_call_outcome_lost'""")
            return cr.fetchone()[0]
