"""Take every guard away, one at a time, and see whether a test misses it.

    python bench/mutation/main.py --config FILE --database NAME [--kinds rule access ...]
        [--shard 1/2] [--only TEXT ...] [--out FOLDER] [TEST ...]

The database needs the suite installed; nothing is committed to it. The kinds are: rule, access,
screen (groups of menus and actions), field, writer (who may write a field), auth and csrf (of
routes), check, refusal, question, unasked, filter, document, rights and override (of the code).
Several shards share the tests; what any of them missed is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
FIRST = [
    'tests/test_field_matrix.py', 'tests/test_screen_matrix.py', 'tests/test_model_matrix.py',
    'tests/test_access_matrix.py']
LAST = ['performance', 'volume', 'story', 'stories', 'growth', 'tour']


def parse(parser):
    parser.add_argument('--config', required=True)
    parser.add_argument('--database', required=True)
    parser.add_argument('--kinds', nargs='*', default=[])
    parser.add_argument('--shard', default='1/1')
    parser.add_argument(
        '--only', nargs='*', default=[''], help="part of the name of what is taken away")
    parser.add_argument('--tries', type=int, default=200, help="tests tried before one is given up")
    parser.add_argument('--longest', type=float, default=4, help="seconds a test may take")
    parser.add_argument('--seconds', type=int, default=36000, help="stop after so many")
    parser.add_argument('--why', action='store_true', help="say how each test failed")
    parser.add_argument('--out', help="folder for the results")
    parser.add_argument('tests', nargs='*')


def run(arguments, say):
    """Try each guard, keep what came out, and say which ones no test misses.

    :return: whether each of those tried is missed
    :rtype: bool
    """
    folder = Path(arguments.out or tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    index, count = map(int, arguments.shard.split('/'))
    out = folder / f'mutation-{index}.json'
    environment = {
        **os.environ, 'PYTHONPATH': str(FOLDER), 'ODOO_ADDONS_PATH': str(ROOT),
        'CRM_MUTATION': json.dumps({
            'kinds': arguments.kinds, 'only': arguments.only, 'tries': arguments.tries,
            'longest': arguments.longest, 'why': arguments.why, 'seconds': arguments.seconds,
            'shard': [index - 1, count], 'out': str(out)})}
    done = subprocess.run([
        sys.executable, '-m', 'pytest', '-p', 'plugin', '-q', '-s', '--odoo-http',
        f'--odoo-config={arguments.config}', f'--odoo-database={arguments.database}',
        *(arguments.tests or in_order())], cwd=ROOT, env=environment, check=False)
    say(f"pytest ended with {done.returncode}")
    return report(folder, say)


def in_order():
    """Return the files of tests: those that look at rights first, those that are slow last."""
    found = [
        path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob('crm_*/tests/test_*.py'))]
    first = [name for name in FIRST if (ROOT / name).exists()]
    return first + ['tests/test_invariants.py'] + [
        name for name in found if not any(word in name for word in LAST)
    ] + ['tests/test_portal_security.py']


def report(folder, say):
    """Add up the shards and say what survived.

    :return: whether nothing did
    :rtype: bool
    """
    mutants = {}
    for path in sorted(folder.glob('mutation-*.json')):
        for name, state in json.loads(path.read_text()).items():
            known = mutants.setdefault(name, {'tries': 0, 'killed': None})
            known['tries'] += state['tries']
            known['killed'] = known['killed'] or state['killed']
    survived = sorted(name for name, state in mutants.items() if not state['killed'])
    (folder / 'mutation.json').write_text(json.dumps({
        'mutants': len(mutants), 'killed': len(mutants) - len(survived), 'survived': survived,
        'by kind': by_kind(mutants)}, indent=1))
    for name in survived:
        say(f"survived: {name} ({mutants[name]['tries']} tests)")
    say(f"{len(mutants)} mutants, {len(mutants) - len(survived)} killed, {len(survived)} survived")
    return not survived


def by_kind(mutants):
    kinds = {}
    for name, state in mutants.items():
        kind = kinds.setdefault(name.partition(':')[0], {'mutants': 0, 'killed': 0})
        kind['mutants'] += 1
        kind['killed'] += bool(state['killed'])
    return dict(sorted(kinds.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parse(parser)
    sys.exit(0 if run(parser.parse_args(), print) else 1)


if __name__ == '__main__':
    main()
