"""The database of volume data: filled, resumed and true, in its smallest size."""

import os

from common import ROOT, Nursery, cloned_database

from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged
from odoo.tools import config


@tagged('post_install', '-at_install')
class TestVolumeData(BaseCase):

    def test_data_is_true_and_made_once(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'volume') as database:
            self.assertIn(" 0 differences", self._fill(database))
            made = self._count(database, "sale_order")
            self.assertGreater(made, 300)
            for table in ('crm_call', 'crm_request', 'crm_process_task', 'crm_campaign_touch'):
                self.assertGreater(self._count(database, table), 10, table)
            self.assertTrue(self._execute(
                database, "SELECT 1 FROM account_move WHERE move_type = 'out_refund' LIMIT 1"))
            self.assertNotIn("sale_order", self._fill(database), "a table was filled twice")
            self.assertEqual(self._count(database, "sale_order"), made)
            self.assertEqual(self._count(database, "bench.taken_away"), 0, "an index is missing")
            self.assertIn("not 400", self._fill(database, orders=400, code=1))
            self._execute(database, "UPDATE sale_order SET amount_unpaid = amount_unpaid + 1")
            self._execute(
                database, "UPDATE crm_process_task SET date_deadline = date_deadline + '1 hour'")
            differences = self._fill(database, code=1)
            self.assertIn("'amount_unpaid'", differences)
            self.assertIn("'date_deadline'", differences)

    def _fill(self, database, orders=300, code=0):
        process = Nursery.start(
            database, 'error', ROOT / 'bench' / 'main.py', '--config', config['config'], 'data',
            '--orders', str(orders), '--database', database)
        output, errors = process.communicate()
        self.assertEqual(process.returncode, code, errors)
        return output + errors

    def _count(self, database, table):
        return self._execute(database, f"SELECT count(*) FROM {table}")[0][0]

    def _execute(self, database, statement):
        with db_connect(database).cursor() as cr:
            cr.execute(statement)
            return cr.fetchall() if statement.startswith('SELECT') else None
