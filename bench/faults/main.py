"""Whether nothing is lost and nothing done twice: with real processes and committed data.

Each fault is one file beside this one. Called by `scripts/bench faults`.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from odoo.tools import config

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
# What the tests have for processes, servers and mailboxes is used here, too.
sys.path[:0] = [str(FOLDER), str(ROOT / 'bench'), str(ROOT / 'tests')]

SEED = 20260105
GOALS = {path.stem.split('_')[0].upper(): path.stem for path in sorted(FOLDER.glob('r*_*.py'))}


def add_arguments(parser):
    """Let a parser know what can be asked for."""
    parser.add_argument('goals', nargs='*', metavar='R1')
    parser.add_argument('--dose', choices=['test', 'small', 'full'], default='small')
    parser.add_argument('--database', required=True, help="with the suite installed; it is copied")
    parser.add_argument('--seed', type=int, default=SEED)
    parser.add_argument('--minutes', type=float, default=8, help="at most, for what is endless")
    parser.add_argument('--out', help="folder for the results")


def run(arguments, say):
    """Try the faults named, or all; say and write what came out.

    :return: whether everything holds
    :rtype: bool
    """
    unknown = set(arguments.goals) - set(GOALS)
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. There are {', '.join(GOALS)}.")
    # Odoo finds our addons once its configuration is read.
    from fault import Faults
    from page import markdown
    holds = True
    for name in arguments.goals or GOALS:
        goal, faults = importlib.import_module(GOALS[name]), Faults(arguments, say)
        say(f"\n== {name}: {goal.TITLE}, {arguments.dose} dose")
        start, load = time.monotonic(), _load()
        findings = goal.measure(faults)
        holds &= all(finding.holds for finding in findings)
        say('\n'.join(["", *markdown([
            {'goal': finding.what, 'promised': finding.promised, 'measured': finding.measured,
             'holds': "yes" if finding.holds else "NO"} for finding in findings])]))
        if arguments.out:
            _write(Path(arguments.out), name, {
                'title': goal.TITLE, 'dose': arguments.dose, 'seed': arguments.seed,
                'seconds': round(time.monotonic() - start), 'load before': load,
                'load after': _load(), 'tables': faults.tables,
                'findings': [finding.told() for finding in findings]})
    return holds


def _write(folder, name, result):
    """Write a result into the folder; those of other goals stay."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / 'faults.json'
    before = json.loads(path.read_text())['goals'] if path.exists() else {}
    commit = subprocess.run(
        ['git', 'rev-parse', '--short', 'HEAD'], cwd=ROOT, capture_output=True, text=True)
    path.write_text(json.dumps({
        'commit': commit.stdout.strip(), 'machine': f"{os.cpu_count()} cores",
        'goals': {**before, name: result}}, indent=1))


def _load():
    return ' '.join(f'{load:.1f}' for load in os.getloadavg())


def say(text):
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(prog='scripts/bench faults', description=__doc__)
    parser.add_argument('--config', required=True, help=argparse.SUPPRESS)
    add_arguments(parser)
    arguments = parser.parse_args()
    config.parse_config(
        ['--config', arguments.config, '--database', arguments.database, '--log-level', 'error'])
    sys.exit(not run(arguments, say))


if __name__ == '__main__':
    main()
