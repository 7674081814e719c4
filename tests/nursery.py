"""A process that has loaded the suite once, and forks every worker that is asked for.

Usage: nursery.py serve CONFIG DATABASE SOCKET      comes back when it listens in the background,
                                                    which it does until its input ends
       nursery.py SOCKET DATABASE LEVEL WORKER [ARGUMENT ...]
                                                    runs a worker, which is a script, as if this
                                                    process were it: with its streams, and ending
                                                    as it ends; it logs from LEVEL on

Loading Odoo takes seconds, and tests of what happens at the same moment start many workers. They
may work on any copy of the database that was loaded.
"""

import logging
import os
import runpy
import select
import signal
import socket
import sys
import traceback
from pathlib import Path

SEPARATOR = '\0'


def ask(path, *told):
    """Let the nursery run the worker, and end as it ends."""
    with socket.socket(socket.AF_UNIX) as channel:
        channel.connect(path)
        socket.send_fds(channel, [SEPARATOR.join(told).encode()], [0, 1, 2])
        code = int(channel.recv(16) or 1)
    if code < 0:
        os.kill(os.getpid(), -code)
    sys.exit(code)


def serve(config_file, database, path):
    """Load the database, and fork for everybody who asks."""
    load(config_file, database)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        if os.fork():
            os._exit(0)
        while sys.stdin not in select.select([sys.stdin, listener], [], [])[0]:
            channel, _address = listener.accept()
            with channel:
                if not os.fork():
                    listener.close()
                    look_after(channel)


def load(config_file, database):
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    Registry(database)
    sql_db.close_all()


def look_after(channel):
    """Fork the worker, tell how it has ended, and let it die with who has asked for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told, streams, *_rest = socket.recv_fds(channel, 65536, 3)
    worker = os.fork()
    if not worker:
        run(streams, *told.decode().split(SEPARATOR))
    for stream in streams:
        os.close(stream)
    ended = os.pidfd_open(worker)
    if ended not in select.select([channel, ended], [], [])[0]:
        os.kill(worker, signal.SIGKILL)
    _worker, status = os.waitpid(worker, 0)
    try:
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())
    except BrokenPipeError:
        pass  # who has asked was killed
    os._exit(0)


def move_to(database):
    """Let what was loaded be of another copy of the database, with nothing in the caches."""
    from odoo import sql_db
    from odoo.modules.registry import Registry
    [registry] = Registry.registries.snapshot.values()
    registry.db_name = database
    registry._db = sql_db.db_connect(database)
    registry.clear_all_caches()
    Registry.registries.clear()
    Registry.registries[database] = registry


def run(streams, database, level, *arguments):
    """Be the worker: with the streams of who has asked."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for name in ('odoo', 'werkzeug'):
        logging.getLogger(name).setLevel(level.upper())
    move_to(database)
    sys.argv, sys.path[0] = list(arguments), os.path.dirname(arguments[0])
    code = 1
    try:
        runpy.run_path(arguments[0], run_name='__main__')
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == '__main__':
    sys.path[0] = str(Path(__file__).parent)
    if sys.argv[1] == 'serve':
        serve(*sys.argv[2:])
    else:
        ask(*sys.argv[1:])
