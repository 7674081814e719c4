"""A process that dies right after one of its commits, for the workers of the tests."""

import os
import signal

from odoo.sql_db import Cursor


def die_after(count):
    """Let this process be killed as soon as it has committed so often.

    :param int count: number of the commit after which it dies; 0: never
    """
    if not count:
        return
    commits = 0
    original = Cursor.commit

    def commit(cursor):
        nonlocal commits
        original(cursor)
        commits += 1
        if commits == count:
            os.kill(os.getpid(), signal.SIGKILL)

    Cursor.commit = commit
