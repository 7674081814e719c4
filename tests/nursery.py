"""A process that has loaded a database once, and forks every worker that is asked for.

Usage: nursery.py WORKER CONFIG DATABASE LEVEL SOCKET   prints "ready" when it listens; LEVEL is
                                                        that from which on it logs
       nursery.py SOCKET [COMMAND ...]                  runs the worker with a command, as if this
                                                        process were it: with its streams, and
                                                        ending as it ends

Loading Odoo takes seconds, and a test of what happens at the same moment starts many workers.
"""

import os
import runpy
import select
import signal
import socket
import sys
import traceback
from pathlib import Path

SEPARATOR = '\0'


def ask(path, *command):
    """Let the nursery run the worker, and end as it ends."""
    with socket.socket(socket.AF_UNIX) as channel:
        channel.connect(path)
        socket.send_fds(channel, [SEPARATOR.join(['', *command]).encode()], [0, 1, 2])
        code = int(channel.recv(16) or 1)
    if code < 0:
        os.kill(os.getpid(), -code)
    sys.exit(code)


def serve(worker, config_file, database, level, path):
    """Load the database, and fork for everybody who asks."""
    load(config_file, database, level)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        print('ready', flush=True)
        while True:
            channel, _address = listener.accept()
            with channel:
                if not os.fork():
                    listener.close()
                    look_after(channel, [worker, config_file, database])


def load(config_file, database, level):
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config
    config.parse_config(['--config', config_file, '--database', database, '--log-level', level])
    Registry(database)
    sql_db.close_all()


def look_after(channel, arguments):
    """Fork the worker, tell how it has ended, and let it die with who has asked for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    command, streams, *_rest = socket.recv_fds(channel, 65536, 3)
    worker = os.fork()
    if not worker:
        run(streams, [*arguments, *command.decode().split(SEPARATOR)[1:]])
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


def run(streams, arguments):
    """Be the worker: with the streams of who has asked, and nothing in the caches."""
    from odoo.modules.registry import Registry
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    Registry.registries[arguments[2]].clear_all_caches()
    sys.argv = arguments
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
    (serve if sys.argv[1].endswith('.py') else ask)(*sys.argv[1:])
