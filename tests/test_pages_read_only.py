"""Pages that only read are served by a connection that cannot write: a server as with a replica."""

import json
import os
import re
import tempfile
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from common import WorkerCase, cloned_database, running_server

from odoo.tests import tagged

LOGIN = 'yves'
# The first time fills what the server keeps in memory.
TIMES = 3
# The statements of a list, whatever the number of rows, and of the pages that show more.
LIMITS = {
    '/my/orders': 9, '/my/quotes': 9, '/my/invoices': 9, '/my/requests': 9,
    '/my/statement': 12, '/my/account-status': 25,
}
LINE = re.compile(r'"GET (\S+) HTTP/[\d.]+" (\d+) - (\d+) \S+ \S+ (\S+)$', re.MULTILINE)


@tagged('post_install', '-at_install')
class TestPagesReadOnly(WorkerCase):

    worker = 'portal_worker.py'

    def test_pages_never_write_and_cost_few_statements(self):
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'readonly') as database, \
                tempfile.NamedTemporaryFile('r') as log:
            pages = self._prepare(database)
            with running_server(
                    database, '--dev', 'replica', '--log-level', 'info', '--logfile',
                    log.name) as url:
                self._read(url, database, pages)
            requests = [
                request for request in LINE.findall(Path(log.name).read_text())
                if request[0] in pages]
        self.assertEqual({path for path, *_rest in requests}, set(pages))
        self.assertLessEqual(LIMITS.keys(), set(pages))
        self.assertEqual(
            [(path, mode) for path, _status, _count, mode in requests if mode != 'ro'], [])
        self.assertFalse(
            [(path, status) for path, status, *_rest in requests if status >= '500'])
        for path, limit in LIMITS.items():
            with self.subTest(path=path):
                status, statements = [
                    (status, int(count)) for asked, status, count, _mode in requests
                    if asked == path][-1]
                self.assertEqual(status, '200')
                self.assertLessEqual(statements, limit)

    def _prepare(self, database):
        """Make a customer with documents, and return the pages."""
        return json.loads(self._work(database, 'prepare', LOGIN))

    def _read(self, url, database, pages):
        """Ask for each page several times, as the customer."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        body = json.dumps({'params': {'db': database, 'login': LOGIN, 'password': LOGIN}})
        opener.open(urllib.request.Request(
            f'{url}/web/session/authenticate', body.encode(),
            {'Content-Type': 'application/json'}), timeout=120).close()
        for page in [page for page in pages for _time in range(TIMES)]:
            try:
                opener.open(url + page, timeout=120).close()
            except urllib.error.HTTPError as answer:
                # There is none, or he may not have it.
                self.assertLess(answer.code, 500, page)
