"""The results of all sizes in one folder, as a page for people: tables, charts of growth, plans."""

import csv
import json
import re
import warnings
from math import ceil, floor, log10
from pathlib import Path

PAGE, CHARTS = 'results.md', 'charts'
# What else is kept in the folder, by `scripts/bench faults` and `scripts/bench mutation`.
FAULTS, MUTATION = 'faults.json', 'mutation.json'
# The goals that are no measurements: tests that fail when one no longer holds.
KEPT = Path(__file__).with_name('kept.csv')
WIDTH, HEIGHT = 6.4, 3.6
# One for each way of doing the work, so that they are told apart without colours, too.
MARKERS = 'os^Dv'


def markdown(rows):
    """Return rows, as dicts with the same keys, as the lines of a Markdown table."""
    names = list(rows[0])
    return [
        f"| {' | '.join(names)} |", f"|{'---|' * len(names)}",
        *(f"| {' | '.join(str(row[name]) for name in names)} |" for row in rows)]


def write_page(folder):
    """Write the page of all results in a folder.

    :param Path folder: with a `results-*.json` for each size
    :return: the page
    :rtype: Path
    """
    results = [json.loads(path.read_text()) for path in sorted(folder.glob('results-*.json'))]
    results.sort(key=lambda result: result['orders'])
    goals = sorted({name for result in results for name in result['goals']}, key=_place)
    lines = [
        "# Measured", "", *_about(results), "", "## Goals", "",
        *markdown([*_goals(results, goals), *_tried(folder)]), "",
        "## Kept by the tests", "", "With every change these fail when a goal no longer holds.", "",
        *markdown(_kept()), ""]
    for name in goals:
        lines += _goal(folder, results, name)
    page = folder / PAGE
    page.write_text('\n'.join(lines).rstrip() + '\n')
    return page


def _about(results):
    """Return on what machine and of which state of the suite each size was measured."""
    return [
        f"- {result['orders']:,} orders: {result['machine']}, commit "
        + ', '.join(sorted({goal['commit'] for goal in result['goals'].values()}))
        for result in results]


def _place(name):
    """Sort P2 before P10."""
    return name[0], len(name), name


def _goals(results, goals):
    """Return a row for each goal and each size."""
    return [
        _row(name, finding, f"{result['orders']:,}")
        for name in goals for result in results if name in result['goals']
        for finding in result['goals'][name]['findings']]


def _row(name, finding, size):
    return {
        'goal': f"{name}: {finding['what']}", 'orders': size, 'promised': finding['promised'],
        'measured': finding['measured'], 'holds': "yes" if finding['holds'] else "**no**"}


def _tried(folder):
    """Return the rows of what was killed, crowded and confused, and of guards taken away."""
    rows = []
    if (path := folder / FAULTS).exists():
        for name, goal in sorted(json.loads(path.read_text())['goals'].items()):
            rows += [_row(name, finding, f"{goal['dose']} dose") for finding in goal['findings']]
    if (path := folder / MUTATION).exists():
        rows += [
            _row('S5', {
                'what': f"guards taken away that a test misses, {kind}", 'promised': "all",
                'measured': f"{count['killed']} of {count['mutants']}",
                'holds': count['killed'] == count['mutants']}, "")
            for kind, count in json.loads(path.read_text())['by kind'].items()]
    return rows


def _kept():
    """Return the rows of the goals that tests keep, with links to these."""
    with KEPT.open() as file:
        return [
            {**row, 'kept by': ', '.join(
                f"[{Path(path).name}](../../{path})" for path in row['kept by'].split())}
            for row in csv.DictReader(file)]


def _goal(folder, results, name):
    """Return what was measured for a goal, size by size."""
    of_goal = [(result['orders'], result['goals'][name]) for result in results
               if name in result['goals']]
    lines = [f"## {name}: {of_goal[0][1]['title']}", ""]
    for title, sizes in growth(of_goal).items():
        if len(sizes) > 1 and (chart := draw(folder, name, title, sizes)):
            lines += [f"![{title}]({chart.relative_to(folder)})", ""]
    for orders, goal in of_goal:
        for table in goal['tables']:
            remark = f", {table['remark']}" if table['remark'] else ""
            lines += [f"{table['title']}, {orders:,} orders{remark}, {goal['clock']}:", "",
                      *markdown(table['rows']), ""]
        for what, plan in goal['plans'].items():
            lines += [f"Why *{what}* falls short at {orders:,} orders:", "", "```", plan, "```", ""]
    return lines


def growth(of_goal):
    """Return the milliseconds of each arm, by the title of the comparison and the size.

    :param list of_goal: sizes with what was measured
    :rtype: dict[str, dict[int, dict[str, float]]]

    >>> table = {'title': "Find", 'rows': [{'arm': 'suite', 'median ms': 2.5}], 'remark': ''}
    >>> growth([(300, {'tables': [table]})])
    {'Find': {300: {'suite': 2.5}}}
    """
    found = {}
    for orders, goal in of_goal:
        for table in goal['tables']:
            times = {row['arm']: row['median ms'] for row in table['rows']
                     if 'median ms' in row and row.get('arm') not in (None, 'control')}
            if times:
                found.setdefault(table['title'], {})[orders] = times
    return found


def draw(folder, name, title, sizes):
    """Draw how the time grows with the orders.

    :return: the chart, or nothing where matplotlib is not installed
    :rtype: Path | None
    """
    with warnings.catch_warnings():
        # It calls what the libraries it stands on no longer want to be called.
        warnings.simplefilter('ignore')
        try:
            from matplotlib.figure import Figure
        except ImportError:
            return None
        words = re.sub('[^a-z0-9]+', '-', title.lower())[:60]
        chart = Path(folder) / CHARTS / f'{name}-{words}.svg'
        chart.parent.mkdir(exist_ok=True)
        _figure(Figure, title, sizes).savefig(chart, metadata={'Date': None})
    return chart


def _figure(Figure, title, sizes):
    """Return the figure: a line for each way of doing the work, both axes by powers of ten."""
    figure = Figure(figsize=(WIDTH, HEIGHT), layout='constrained')
    axes = figure.subplots()
    for arm, marker in zip(next(iter(sizes.values())), MARKERS, strict=False):
        points = [(orders, times[arm]) for orders, times in sorted(sizes.items()) if arm in times]
        axes.plot(*zip(*points, strict=True), marker=marker, label=arm)
    axes.set(xscale='log', yscale='log', xlabel="orders", ylabel="ms", title=title)
    axes.set_xticks(sorted(sizes), [f'{orders:,}' for orders in sorted(sizes)])
    axes.xaxis.minorticks_off()
    # Whole powers of ten: lines of much the same height look so, and have figures beside them.
    times = [time for arms in sizes.values() for time in arms.values()]
    axes.set_ylim(10 ** floor(log10(min(times))), 10 ** ceil(log10(max(times))))
    axes.yaxis.get_major_locator().set_params(subs=(1, 2, 5))
    axes.yaxis.set_major_formatter('{x:,g}')
    axes.yaxis.set_minor_formatter('')
    axes.grid(True, which='both', alpha=0.3)
    figure.legend(loc='outside right upper')
    return figure
