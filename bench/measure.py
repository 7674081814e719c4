"""How is measured: in interleaved rounds, with equal results, beside a control that is the same."""

import hashlib
import importlib
import json
import os
import re
import statistics
import subprocess
import time
import traceback
from contextlib import contextmanager
from pathlib import Path

import bulk
import psycopg2
from databases import drop_twins
from page import markdown, write_page
from plan import explain
from sample import Finding, Sample

from odoo.modules.registry import Registry
from odoo.tools import config

# A round whose control, the same work as the reference, is not within these bounds does not count.
CONTROL = (0.9, 1.1)
# So many rounds are tried for one that counts.
TRIES = 4
GOALS = {
    path.stem.split('_')[0].upper(): path.stem
    for path in sorted(
        Path(__file__).parent.glob('[psr]*_*.py'),
        key=lambda path: [path.stem[0], len(path.stem.split('_')[0]), path.stem])
    if re.match(r'[psr]([0-9]+|m)_', path.stem)
}


class Bench:
    """A filled database, and the protocol."""

    def __init__(self, arguments, say):
        self.registry = Registry(arguments.database)
        self.database, self.rounds, self.say = arguments.database, arguments.rounds, say
        self.config, self.by_processor = arguments.config, arguments.processor
        # A smaller database, and one of stock Odoo without data.
        self.beside, self.empty = arguments.beside, arguments.empty
        self.tables, self.kept, self.void = [], [], 0
        # The statements of what is timed, where somebody notes them.
        self.noted = []
        with self.registry.cursor() as cr:
            cr.execute("SELECT to_regclass('bench.fact')")
            if not cr.fetchone()[0]:
                raise SystemExit("The database is not filled: scripts/bench data fills it.")
            cr.execute("SELECT value FROM bench.fact WHERE name = 'orders'")
            [self.orders] = cr.fetchone()

    @contextmanager
    def environment(self, login='lead1', database=None):
        """Give an environment of a user; what is done in it is undone in the end."""
        registry = Registry(database) if database else self.registry
        with registry.cursor() as cr:
            env = bulk.environment(cr)
            user = env['res.users'].search([('login', '=', login)])
            if self.by_processor:
                # What others do for the session is not seen in its time.
                cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            yield env(user=user.id, context={})
            cr.rollback()

    def timed(self, env, work):
        """Return the sample of some work, with all that Odoo does at the end of a transaction."""
        env.flush_all()
        self.noted.clear()
        before, start = env.cr.sql_log_count, self.clock(env.cr)
        result = work()
        env.cr.flush()
        return Sample(self.clock(env.cr) - start, env.cr.sql_log_count - before, result)

    def clock(self, cr):
        """Return seconds: of the wall, or those Odoo and its session were on a processor."""
        if not self.by_processor:
            return time.perf_counter()
        spent = Path(f'/proc/{cr._cnx.info.backend_pid}/schedstat').read_text().split()[0]
        return time.process_time() + int(spent) / 1e9

    def clock_of(self, database):
        """Return a clock for what may open sessions of its own."""
        if not self.by_processor:
            return time.perf_counter
        connection = psycopg2.connect(dbname='postgres')
        connection.autocommit = True

        def seconds():
            with connection.cursor() as cr:
                cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [database])
                paths = [Path(f'/proc/{pid}/schedstat') for (pid,) in cr.fetchall()]
            spent = sum(int(path.read_text().split()[0]) for path in paths if path.exists())
            return time.process_time() + spent / 1e9

        return seconds

    def compare(self, title, arms, reference, rounds=None):
        """Run arms in turn, until enough rounds count, and return their medians.

        :param str title: of the table
        :param dict arms: by name, what runs once and returns a `Sample`
        :param str reference: the arm that is run a second time in each round, as its own control
        :return: the median seconds by arm
        :rtype: dict[str, float]
        :raise RuntimeError: when two arms do not return the same, or no round can be counted
        """
        rounds = rounds or self.rounds
        for work in arms.values():
            work()
        kept, tries = [], 0
        names = [*arms, 'control']
        while len(kept) < rounds and tries < rounds * TRIES:
            # Each arm begins as often as any other.
            turn = names[tries % len(names):] + names[:tries % len(names)]
            samples = {name: arms[reference if name == 'control' else name]() for name in turn}
            tries += 1
            results = {json.dumps(sample.result) for sample in samples.values()}
            if len(results) > 1:
                raise RuntimeError(f"{title}: the arms do not do the same: {results}")
            ratio = samples['control'].seconds / samples[reference].seconds
            if CONTROL[0] <= ratio <= CONTROL[1]:
                kept.append(samples)
            else:
                self.void += 1
        if not kept:
            raise RuntimeError(f"{title}: the machine is too busy, no round counts.")
        self.kept = kept
        medians = {
            name: statistics.median(sample[name].seconds for sample in kept) for name in names}
        self.table(title, [
            {
                'arm': name, 'median ms': round(1000 * medians[name], 2),
                'ratio': round(medians[name] / medians[reference], 3),
                'statements': kept[0][name].statements,
            }
            for name in names
        ], f"{len(kept)} rounds of {tries}")
        return medians

    def table(self, title, rows, remark=''):
        """Keep a table of figures for the results, and say it."""
        self.tables.append({'title': title, 'rows': rows, 'remark': remark})
        self.say('\n'.join([f"\n{title} ({remark})" if remark else f"\n{title}", *markdown(rows)]))


def run(arguments, say):
    """Measure the goals named, or all, and write what came out as JSON and as a page."""
    unknown = set(arguments.goals) - set(GOALS)
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. There are {', '.join(GOALS)}.")
    # Odoo would serve the pages of the databases named alone.
    config['db_name'] = []
    try:
        for name in arguments.goals or GOALS:
            _measure(arguments, say, name)
    finally:
        drop_twins()


def _measure(arguments, say, name):
    """Measure one goal, and write what came out."""
    goal = importlib.import_module(GOALS[name])
    bench = Bench(arguments, say)
    say(f"\n== {name}: {goal.TITLE}, {bench.orders} orders")
    findings = _findings(bench, goal)
    if not findings:
        say("It is tried with another size only.")
        return
    say('\n'.join(["", *markdown([
        {'goal': finding.what, 'promised': finding.promised, 'measured': finding.measured,
         'holds': "yes" if finding.holds else "NO"} for finding in findings])]))
    if arguments.out:
        # At once: what comes after may fail.
        page = write(Path(arguments.out), bench.orders, {name: _result(bench, goal, findings)})
        say(f"\nThe page: {page}")


def _findings(bench, goal):
    """Return what was found of a goal, or why nothing was: the other goals are measured anyway."""
    try:
        return goal.measure(bench)
    except Exception as error:
        if not isinstance(error, RuntimeError):
            bench.say(traceback.format_exc())
        [reason, *_more] = str(error).splitlines() or [type(error).__name__]
        return [Finding(goal.TITLE, "to be measured", reason, holds=False)]


def _result(bench, goal, findings):
    """Return all that is kept of a goal."""
    return {
        'title': goal.TITLE, 'commit': _commit(),
        'clock': "processor time" if bench.by_processor else "time of the clock",
        'load': ' '.join(f'{load:.1f}' for load in os.getloadavg()),
        'void rounds': bench.void, 'tables': bench.tables,
        'plans': {finding.what: explain(bench, finding.arm) for finding in findings
                  if finding.arm and not finding.holds},
        'findings': [finding.told() for finding in findings]}


def write(folder, orders, results):
    """Write the results into `folder`, and the page of all results that are in it.

    Goals measured before at the same size stay, unless they were measured anew.

    :param Path folder: where they are kept
    :param int orders: the size of the database
    :param dict results: by goal
    :return: the page
    :rtype: Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f'results-{orders}.json'
    before = json.loads(path.read_text())['goals'] if path.exists() else {}
    # Whoever stops it now loses nothing of what was measured before.
    written = path.with_suffix('.part')
    written.write_text(json.dumps({
        'orders': orders, 'machine': f"{os.cpu_count()} cores", 'goals': {**before, **results},
    }, indent=1) + '\n')
    written.replace(path)
    return write_page(folder)


def digest(rows):
    """Return a short text that is the same for the same rows."""
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:12]


def _commit():
    return subprocess.run(
        ['git', 'rev-parse', '--short', 'HEAD'], cwd=Path(__file__).parent, capture_output=True,
        text=True).stdout.strip()
