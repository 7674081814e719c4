"""What the page on security promises: the tests it names are there, and rights end at once."""

import re

from common import ROOT, SuiteCase

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged

PAGE = ROOT / 'docs' / 'security.md'


@tagged('post_install', '-at_install')
class TestSecurityPage(BaseCase):

    def test_every_test_that_is_named_is_there(self):
        named = re.findall(r'`(Test\w+)\.(test_\w+)`', PAGE.read_text())
        self.assertGreater(len(named), 8)
        texts = [path.read_text() for path in ROOT.glob('**/tests/test_*.py')]
        texts += [path.read_text() for path in ROOT.glob('tests/test_*.py')]
        for case, test in named:
            with self.subTest(case=case, test=test):
                self.assertTrue(any(
                    f'class {case}(' in text and f'def {test}(' in text for text in texts))

    def test_every_table_that_is_named_is_there(self):
        for name in re.findall(r'`(tests/\w+\.csv|bench/[\w/]+\.py)`', PAGE.read_text()):
            with self.subTest(name=name):
                self.assertTrue((ROOT / name).exists())


@tagged('post_install', '-at_install')
class TestRevocation(SuiteCase, HttpCase):

    def test_a_role_that_is_taken_away_is_gone_with_the_next_call(self):
        user = self.roles['order_manager']
        orders = self.env['sale.order'].with_user(user)
        orders.search([], limit=1)
        user.group_ids = [Command.set(self.env.ref('base.group_user').ids)]
        with self.assertRaises(AccessError):
            orders.search([], limit=1)

    def test_a_user_of_the_portal_who_is_archived_or_revoked_is_a_stranger_at_once(self):
        for login, lost in [
                ('archived', {'active': False}),
                ('revoked', {'group_ids': [Command.set(self.env.ref('base.group_public').ids)],
                             'active': False})]:
            with self.subTest(login=login):
                user = new_test_user(self.env, login, 'base.group_portal')
                self.authenticate(login, login)
                self.assertEqual(self.url_open('/my/requests').status_code, 200)
                user.write(lost)
                answer = self.url_open('/my/requests', allow_redirects=False)
                self.assertIn('/web/login', answer.headers.get('Location', ''))
