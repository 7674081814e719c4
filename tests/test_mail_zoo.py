"""Mails of every kind, fetched among conflicts and crashes: the smallest dose of the fault."""

import os

from common import ROOT, Nursery

from odoo.tests import BaseCase, tagged
from odoo.tools import config


@tagged('post_install', '-at_install')
class TestMailZoo(BaseCase):

    def test_no_mail_is_lost_and_none_is_two_things(self):
        template = os.environ['CRM_TEST_TEMPLATE']
        process = Nursery.start(
            template, 'critical', ROOT / 'bench' / 'faults' / 'main.py',
            '--config', config['config'], '--database', template, '--dose', 'test', 'R4')
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, output + errors)
        for finding in ("| mails lost | 0 | 0 | yes |", "| mails that became two things | 0 | 0 |"):
            self.assertIn(finding, output)
