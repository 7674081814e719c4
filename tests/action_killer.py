"""A scheduled action that is killed at each of its commits, and run again until it is done.

Usage: action_killer.py CONFIG DATABASE ACTION [ACTION ...]

Makes something to do for the action, then runs it in a process of its own that dies by SIGKILL
right after its first commit, in the next one after the second commit, and so on, until one comes
to the end; then once more. After each of them one line of JSON says how things stand in the
database.
"""

import json
import os
import sys

from killed_actions import ACTIONS
from killed_scenarios import BATCH
from killing import die_after

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config


def make_small(registry, action):
    """Let the action do few at once: `batch` is where it says how many, `sizes` by its models."""
    if batch := getattr(action, 'batch', None):
        module, name, size = (batch, 'BATCH', BATCH) if isinstance(batch, str) else batch
        setattr(sys.modules[f'odoo.addons.{module}'], name, size)
    for model, name in getattr(action, 'sizes', {}).items():
        setattr(registry[model], name, BATCH)


def run(registry, action, kill_after):
    """Run the action as the scheduler does, and die after so many of its commits."""
    sql_db.close_all()
    die_after(kill_after)
    make_small(registry, action)
    with registry.cursor() as cr:
        getattr(Environment(cr, SUPERUSER_ID, {})[action.model], action.method)()
    os._exit(0)


def run_apart(registry, action, kill_after):
    """Run the action in a process of its own, and return by which signal it has died."""
    sql_db.close_all()
    process = os.fork()
    if not process:
        try:
            run(registry, action, kill_after)
        finally:
            os._exit(1)
    return wait_for(process)


def wait_for(process):
    """Return by which signal a process has died, or minus its exit status."""
    status = os.waitpid(process, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def standing_of(registry, action):
    """Return how things stand: counts by their names."""
    with registry.cursor() as cr:
        cr.execute(action.standing)
        [row] = cr.dictfetchall()
    return {name: int(value) for name, value in row.items()}


def tell(registry, action, died):
    print(json.dumps({'died': died} | standing_of(registry, action)))


def main(config_file, database, *names):
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    registry = Registry(database)
    for name in names:
        live_through(registry, ACTIONS[name])


def live_through(registry, action):
    with registry.cursor() as cr:
        action.prepare(Environment(
            cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True}))
    tell(registry, action, 0)
    died = kill_after = 0
    while kill_after == 0 or died:
        kill_after += 1
        died = run_apart(registry, action, kill_after)
        if died < 0:
            raise SystemExit(f"{action.model}.{action.method} failed, see above.")
        tell(registry, action, died)
    tell(registry, action, run_apart(registry, action, 0))


if __name__ == '__main__':
    main(*sys.argv[1:])
