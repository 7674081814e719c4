"""What `scripts/bench` calls, see there."""

import argparse
import os
import re
import sys

import measure
import volume

from odoo.modules.registry import Registry
from odoo.tools import config


def number(text):
    """Return a size like 300, 30k or 1m as a number."""
    found = re.fullmatch(r'(\d+)([km]?)', text.lower())
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is no size; say 300, 30k or 1m.")
    return int(found[1]) * {'': 1, 'k': 1000, 'm': 1000000}[found[2]]


def main():
    # At the end: what Odoo needs is found where it belongs.
    sys.path.append(os.environ.get('CRM_CHARTS', ''))
    parser = argparse.ArgumentParser(prog='scripts/bench', description=__doc__)
    parser.add_argument('--config', required=True, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest='command', required=True)
    data = commands.add_parser('data', help="fill a database")
    run = commands.add_parser('run', help="measure")
    for command in (data, run):
        command.add_argument('--orders', type=number, default=30000)
        command.add_argument('--database', required=True)
    data.add_argument('--seed', type=int, default=volume.SEED)
    run.add_argument('goals', nargs='*', metavar='P1')
    run.add_argument('--rounds', type=int, default=5)
    run.add_argument('--processor', action='store_true', help=(
        "compare the time spent on a processor, on a machine that is busy"))
    run.add_argument('--out', help="folder for the results")
    run.add_argument('--beside', help="a filled database that is smaller")
    run.add_argument('--empty', help="a database of stock Odoo alone")
    arguments = parser.parse_args()
    config.parse_config(
        ['--config', arguments.config, '--database', arguments.database, '--log-level', 'error'])
    if arguments.command == 'data':
        volume.fill(Registry(arguments.database), arguments.orders, arguments.seed, say)
    else:
        measure.run(arguments, say)


def say(text):
    print(text, flush=True)


if __name__ == '__main__':
    main()
