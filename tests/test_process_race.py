"""Several people move the same documents at once: real processes, committed data."""

import os

import psycopg2
from common import WorkerCase, cloned_database

from odoo.tests import tagged

LEADS, WRITERS = 12, 4


@tagged('post_install', '-at_install')
class TestProcessRace(WorkerCase):

    worker = 'process_writer.py'
    log_level = 'critical'

    def test_documents_moved_at_once_stand_in_one_step_each(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'processes') as database:
            self._work(database, 'prepare', LEADS)
            self._race(database, *(('write', seed) for seed in range(WRITERS)))
            rows = self._query(database, """
                SELECT lead.id, count(DISTINCT run.id), count(task.id),
                       bool_and(step.name->>'en_US' = stage.name->>'en_US'), min(process.state)
                FROM crm_lead lead
                JOIN crm_stage stage ON stage.id = lead.stage_id
                JOIN crm_process_run run ON run.res_model = 'crm.lead' AND run.res_id = lead.id
                    AND run.date_end IS NULL
                JOIN crm_process process ON process.id = run.process_id
                JOIN crm_process_task task ON task.run_id = run.id AND task.date_end IS NULL
                JOIN crm_process_step step ON step.id = task.step_id
                WHERE lead.name LIKE 'Race%'
                GROUP BY lead.id""")
            moves = self._query(database, """
                SELECT count(*) FROM crm_process_task WHERE res_model = 'crm.lead'""")
        self.assertEqual([row[1:] for row in rows], [(1, 1, True, 'active')] * LEADS)
        # Each move ended one step and began another.
        self.assertEqual(moves, [(LEADS * (WRITERS + 1),)])

    def _query(self, database, statement):
        with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
            cr.execute(statement)
            return cr.fetchall()
