"""What the tests of the suite as a whole share."""

import ast
import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import config

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.crm_roles.tests.mixins import PeopleMixin

ROOT = Path(__file__).resolve().parent.parent
NURSERY = Path(__file__).with_name('nursery.py')
MANIFESTS = {
    path.parent.name: ast.literal_eval(path.read_text())
    for path in sorted(ROOT.glob('*/__manifest__.py'))
}
ADDONS = list(MANIFESTS)
DROP_ATTEMPTS = 5
ROLES = [
    'service_representative', 'service_supervisor', 'account_representative', 'sales_manager',
    'order_manager', 'call_center_lead', 'marketing_manager',
]


class SuiteCase(PeopleMixin, BaseCommon):
    """One user per role, each holding nothing but it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = cls._create_users(*ROLES)

    @classmethod
    def _own_records(cls, model):
        """Return the records of `model` that came with our addons."""
        references = cls.env['ir.model.data'].search(
            [('module', 'in', ADDONS), ('model', '=', model)])
        return cls.env[model].with_context(active_test=False).browse(
            references.mapped('res_id')).exists()


class Nursery:
    """The process that forks all workers this process asks for, see `nursery.py`."""

    _path = None

    @classmethod
    def start(cls, database, log_level, script, *arguments):
        """Start a worker that finds a database loaded.

        :rtype: subprocess.Popen
        """
        return subprocess.Popen(
            [sys.executable, '-ISW', 'ignore', NURSERY, cls._listening(database), database,
             log_level, script, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @classmethod
    def _listening(cls, database):
        """Return where it listens; what it loads is the first database that is asked for."""
        if not cls._path:
            folder = tempfile.mkdtemp()
            atexit.register(shutil.rmtree, folder)
            path = os.path.join(folder, 'socket')
            # What it reads ends with this process, and so does it. It is no child of it: those
            # are ended with each class of tests.
            end, cls._held = os.pipe()
            subprocess.run(
                [sys.executable, '-W', 'ignore', NURSERY, 'serve', config['config'], database,
                 path], stdin=end, check=True, env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)})
            os.close(end)
            cls._path = path
        return cls._path


@tagged('post_install', '-at_install')
class WorkerCase(BaseCase):
    """Real processes that work on a database of their own.

    `worker` is the script they run; it is called with the configuration, the database and what
    it is to do. A nursery loads the suite once and forks them, see `nursery.py`.
    """

    worker = None
    # What is logged fails the test. Where the database refuses what comes at the same moment, and
    # Odoo tries again, errors are no failure.
    log_level = 'error'

    def _start(self, database, *command):
        """Start a worker.

        :rtype: subprocess.Popen
        """
        return Nursery.start(
            database, self.log_level, NURSERY.with_name(self.worker), config['config'], database,
            *map(str, command))

    def _work(self, database, *command, dies=False):
        """Let a worker come to its end without an error, and return what it printed.

        :param bool dies: whether it is to end by being killed
        """
        worker = self._start(database, *command)
        output, errors = worker.communicate('go\n', timeout=180)
        self.assertEqual((worker.returncode, errors), (-signal.SIGKILL if dies else 0, ''))
        return output

    def _race(self, database, *commands):
        """Let workers start at once, each when it has said that it is ready.

        :return: what each of them printed
        :rtype: list[str]
        """
        workers = [self._start(database, *command) for command in commands]
        for worker in workers:
            self.assertEqual(worker.stdout.readline(), 'ready\n')
        for worker in workers:
            worker.stdin.write('go\n')
            worker.stdin.flush()
        results = [worker.communicate(timeout=180) for worker in workers]
        self.assertEqual(
            [(worker.returncode, errors) for worker, (_output, errors)
             in zip(workers, results, strict=True)], [(0, '')] * len(commands))
        return [output for output, _errors in results]


def filestore(database):
    return Path(config['data_dir']) / 'filestore' / database


def drop_database(name):
    """Drop a database; who is still in it may need longer to leave than PostgreSQL waits."""
    for attempt in range(DROP_ATTEMPTS):
        done = subprocess.run(
            ['dropdb', '--if-exists', '--force', name], check=False, capture_output=True)
        if not done.returncode:
            return
        time.sleep(attempt)
    raise AssertionError(done.stderr.decode())


@contextmanager
def cloned_database(template, purpose):
    """Make a database that a test may commit to, as a copy of `template`, and drop it after."""
    name = f'{get_db_name()}_{purpose}'
    drop_database(name)
    subprocess.run(['createdb', '-T', template, name], check=True)
    shutil.copytree(filestore(template), filestore(name), dirs_exist_ok=True)
    try:
        yield name
    finally:
        drop_database(name)
        shutil.rmtree(filestore(name), ignore_errors=True)


@contextmanager
def running_server(database, *arguments):
    """Start a server that has only this database, yield its address, and stop it after.

    :param str arguments: further ones of Odoo's command line
    """
    server, url = start_server(database, *arguments)
    try:
        yield url
    finally:
        server.terminate()
        server.wait(timeout=60)


def start_server(database, *arguments):
    """Start a server that has only this database, and wait until it answers.

    :param str arguments: further ones of Odoo's command line
    :return: its process and its address
    :rtype: tuple[subprocess.Popen, str]
    """
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([
        sys.executable, '-W', 'ignore', '-c', 'from odoo.cli import main; main()',
        '-c', config['config'], '-d', database, '--db-filter', f'^{database}$',
        '--http-port', str(port), '--max-cron-threads', '0', '--log-level', 'critical', *arguments,
    ], env={**os.environ, 'ODOO_ADDONS_PATH': str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f'http://127.0.0.1:{port}'
    try:
        wait_for(server, f'{url}/web/health')
    except TimeoutError:
        server.kill()
        raise
    return server, url


def wait_for(server, url):
    """Wait until a server answers.

    :raise TimeoutError: if it does not within two minutes
    """
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=60).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
        else:
            return
    raise TimeoutError("the server did not answer")
