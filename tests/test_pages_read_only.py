"""Pages that only read are served by a replica, which a person does not notice."""

import json
import os
import re
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from common import ROOT, WorkerCase, cloned_database, running_server

from odoo.tests import tagged

sys.path.append(str(ROOT / 'bench' / 'cluster'))
from postgres import main_and_replica  # noqa: E402

LOGIN = 'yves'
# The first time fills what the server keeps in memory.
TIMES = 3
# The statements of a list, whatever the number of rows, and of the pages that show more.
LIMITS = {
    '/my/orders': 9, '/my/quotes': 9, '/my/invoices': 9, '/my/requests': 9,
    '/my/statement': 12, '/my/account-status': 25,
}
TOKEN = re.compile('name="csrf_token" value="([^"]+)"')
LINE = re.compile(r'"GET (\S+) HTTP/[\d.]+" (\d+) - (\d+) \S+ \S+ (\S+)$', re.MULTILINE)


@tagged('post_install', '-at_install')
class TestPagesReadOnly(WorkerCase):

    worker = 'portal_worker.py'

    def test_pages_come_from_the_replica_and_are_never_stale(self):
        with self._running() as (url, log, database, pages, replica, main):
            person, reader = (self._log_in(url, database) for _device in range(2))
            replica.wait_for(main)
            self._read(person, url, pages)
            self._check_pages(log, pages)
            request = next(page for page in pages if re.fullmatch(r'/my/requests/\d+', page))

            replica.rows("SELECT pg_wal_replay_pause()")
            form = f'action="{request}/close"'
            self._close(person, url, request)
            self.assertNotIn(form, self._ask(person, url + request), "he sees what was before")
            self.assertIn(form, self._ask(reader, url + request), "the replica did not wait")
            self.assertEqual(self._modes(log, request)[-2:], ['rw', 'ro'])

            replica.rows("SELECT pg_wal_replay_resume()")
            replica.wait_for(main)
            self.assertNotIn(form, self._ask(person, url + request))
            self.assertEqual(self._modes(log, request)[-1], 'ro')

            replica.stop('immediate')
            answers = [self._ask(person, url + page) for page in LIMITS]
            # Odoo notices by the first page that fails that there is no replica.
            self.assertLessEqual(answers.count(None), 1)

    @contextmanager
    def _running(self):
        """Run a server that has a replica."""
        with cloned_database(os.environ['CRM_TEST_TEMPLATE'], 'readonly') as database:
            pages = json.loads(self._work(database, 'prepare', LOGIN))
            with main_and_replica(database) as (main, replica), \
                    tempfile.NamedTemporaryFile('r') as log, running_server(
                        database, '--db_host', main.host, '--db_port', str(main.port),
                        '--db_replica_host', replica.host, '--db_replica_port',
                        str(replica.port), '--log-level', 'info', '--logfile', log.name) as url:
                yield url, log.name, database, pages, replica, main

    def _check_pages(self, log, pages):
        """See which database has served each page, and by how many statements."""
        requests = [request for request in self._requests(log) if request[0] in pages]
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
                # Whoever has just written is asked for by one more.
                self.assertLessEqual(statements, limit + 1)

    def _requests(self, log):
        return LINE.findall(Path(log).read_text())

    def _modes(self, log, page):
        return [mode for path, _status, _count, mode in self._requests(log) if path == page]

    def _log_in(self, url, database):
        """Return what asks for pages as the customer."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        body = json.dumps({'params': {'db': database, 'login': LOGIN, 'password': LOGIN}})
        opener.open(urllib.request.Request(
            f'{url}/web/session/authenticate', body.encode(),
            {'Content-Type': 'application/json'}), timeout=120).close()
        return opener

    def _close(self, person, url, request):
        """Say of a request that it is solved."""
        token = TOKEN.search(self._ask(person, url + request))[1]
        form = urllib.parse.urlencode({'csrf_token': token, 'text': "It is solved."})
        person.open(f'{url}{request}/close', form.encode(), timeout=120).close()

    def _read(self, opener, url, pages):
        """Ask for each page several times."""
        for page in [page for page in pages for _time in range(TIMES)]:
            try:
                opener.open(url + page, timeout=120).close()
            except urllib.error.HTTPError as answer:
                # There is none, or he may not have it.
                self.assertLess(answer.code, 500, page)

    def _ask(self, opener, url):
        """Return the text of a page, or nothing where the server has failed."""
        try:
            with opener.open(url, timeout=120) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as answer:
            self.assertEqual(answer.code, 500)
            return None
