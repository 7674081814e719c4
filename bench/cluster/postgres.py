"""A PostgreSQL of its own for trying things out: a main database and a replica that follows it.

Only PostgreSQL's own programs are used. They refuse to run as root, and are run as `postgres` then.
"""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2

PROGRAMS = Path(subprocess.run(
    ['pg_config', '--bindir'], capture_output=True, text=True, check=False).stdout.strip() or '.')
# As with one of the machine: what is lost with a crash is nobody's.
MAIN = {
    'wal_level': 'replica', 'max_wal_senders': 4, 'max_replication_slots': 4,
    'hot_standby': 'on', 'synchronous_commit': 'off', 'fsync': 'off', 'max_connections': 60,
    'listen_addresses': '',
}
SLOT = 'trial'
# Seconds until a server must have started, or have caught up.
PATIENCE = 60


class Server:
    """One PostgreSQL server in a folder, reached by a socket in its parent folder."""

    def __init__(self, folder):
        self.folder, self.host = folder, str(folder.parent)
        self.port = _free_port()

    def start(self):
        _run('pg_ctl', '-D', self.folder, '-w', '-t', str(PATIENCE), '-l', f'{self.folder}.log',
             '-o', f'-p {self.port} -k {self.host}', 'start')

    def stop(self, mode='fast'):
        """Stop the server; with `immediate` as if its machine had failed."""
        _run('pg_ctl', '-D', self.folder, '-w', '-m', mode, 'stop')

    def rows(self, query, database='postgres'):
        """Return what a query returns."""
        connection = psycopg2.connect(
            host=self.host, port=self.port, dbname=database, user=getpass.getuser())
        connection.autocommit = True
        with connection.cursor() as cr:
            cr.execute(query)
            found = cr.fetchall() if cr.description else []
        connection.close()
        return found


class Main(Server):
    """The server that is written to."""

    def make(self):
        _run('initdb', '-D', self.folder, '-A', 'trust', '-U', getpass.getuser(), '-E', 'UTF8',
             '--locale', 'C.UTF-8', '--no-sync')
        with (self.folder / 'postgresql.conf').open('a') as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in MAIN.items())
        self.start()

    def take(self, database):
        """Copy a database of the machine's own server, with its name."""
        self.rows(f'CREATE DATABASE "{database}" TEMPLATE template0')
        given = subprocess.Popen(['pg_dump', '-d', database], stdout=subprocess.PIPE)
        subprocess.run(
            [PROGRAMS / 'psql', '-q', '-h', self.host, '-p', str(self.port), '-d', database],
            stdin=given.stdout, stdout=subprocess.DEVNULL, check=True)
        self.rows('ANALYZE', database)


class Replica(Server):
    """The server that follows."""

    def make(self, main):
        _run('pg_basebackup', '-D', self.folder, '-h', main.host, '-p', str(main.port), '-R', '-C',
             '-S', SLOT, '-X', 'stream', '-c', 'fast', '-U', getpass.getuser(), '--no-sync')
        self.start()

    def wait_for(self, main):
        """Wait until the replica has all that the main database has.

        :raise TimeoutError: when it has not within a minute
        """
        [[written]] = main.rows("SELECT pg_current_wal_insert_lsn()::text")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            [[there]] = self.rows(f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn")
            if there:
                return
            time.sleep(0.05)
        raise TimeoutError("The replica does not follow.")

    def transactions(self, database):
        """Return how many transactions of a database the replica has served, as it says itself."""
        [[count]] = self.rows(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database"
            f" WHERE datname = '{database}'")
        return count


@contextmanager
def main_and_replica(database):
    """Make both servers with a copy of a database, and end and remove them after.

    :param str database: name of a database of the machine's own server
    :return: the two, as a context
    :rtype: tuple[Main, Replica]
    """
    folder = Path(tempfile.mkdtemp(prefix='crm-cluster-'))
    folder.chmod(0o777)
    main, replica = Main(folder / 'main'), Replica(folder / 'replica')
    try:
        main.make()
        main.take(database)
        replica.make(main)
        replica.wait_for(main)
        yield main, replica
    finally:
        for server in (replica, main):
            if (server.folder / 'postmaster.pid').exists():
                server.stop('immediate')
        shutil.rmtree(folder, ignore_errors=True)


def _run(program, *arguments):
    """Run a program of PostgreSQL, not as root.

    :raise RuntimeError: when it fails, with what it said
    """
    command = [PROGRAMS / program, *arguments]
    if os.geteuid() == 0:
        command = ['runuser', '-u', 'postgres', '--', *command]
    # Its log stays open: what waits for the end of the output would wait for the server.
    with tempfile.TemporaryFile('w+') as said:
        done = subprocess.run(
            command, check=False, cwd='/', stdout=said, stderr=subprocess.STDOUT)
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{said.read()}")


def _free_port():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]
