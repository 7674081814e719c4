"""Pages of the portal, asked for by many at once: wrk on loopback, servers of two processes."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import people
from databases import forget
from sample import Finding

from odoo.tools import config

SERVER = 'from odoo.cli import main; main()'
CONNECTIONS, SECONDS, ROUNDS = 8, 8, 3
PATH = '/my/orders'
PAGES = 20
# Seconds until a server must answer.
PATIENCE = 120


def at_once(bench, ours, stock, sessions):
    """Ask for the orders of the largest customer by many connections, in turns.

    :return: the findings; without wrk, one that says that it is missing
    """
    if not shutil.which('wrk'):
        return [Finding(f"{PATH} by {CONNECTIONS} at once", "8 times as many", "wrk is missing",
                        holds=False)]
    for database in (ours, stock):
        forget(database)
    with server(ours, '--workers', '2') as first, server(stock, '--workers', '2') as second:
        keys = {'ours': (first, sessions[ours, people.LARGEST]),
                'stock': (second, sessions[stock, people.LARGEST])}
        _first_hits(bench, keys)
        rates = {name: [] for name in keys}
        for number in range(ROUNDS):
            for name in sorted(keys, reverse=number % 2):
                rates[name].append(_wrk(*keys[name]))
    bench.table(f"{PATH} of the largest customer, {CONNECTIONS} connections", [
        {'arm': name, 'pages per second': round(max(rate for rate, _wait in found), 1),
         'p99': max(found)[1]} for name, found in rates.items()],
        f"the best of {ROUNDS} times {SECONDS} s, 2 processes each")
    ratio = max(rates['ours'])[0] / max(rates['stock'])[0]
    read_only = _read_only(ours, sessions[ours, people.LARGEST])
    return [
        Finding(f"{PATH} by {CONNECTIONS} at once, against stock", "8 times as many",
                f"{ratio:.1f} times", ratio >= 8),
        Finding(f"{PATH} over a connection that cannot write", "always",
                f"{read_only} of {PAGES}", read_only == PAGES)]


@contextmanager
def server(database, *arguments):
    """Start a server that has only this database, yield its address, and stop it after."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([
        sys.executable, '-W', 'ignore', '-c', SERVER, '-c', config['config'], '-d', database,
        '--db-filter', f'^{database}$', '--http-interface', '127.0.0.1', '--http-port', str(port),
        '--max-cron-threads', '0', *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f'http://127.0.0.1:{port}'
        _wait_for(process, f'{url}/web/health')
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(process, url):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError("The server does not answer.")


def _first_hits(bench, keys):
    """Ask each server for its first page, and for some more."""
    rows = []
    for name, (url, sid) in keys.items():
        request = urllib.request.Request(url + PATH, headers={'Cookie': f'session_id={sid}'})
        seconds = []
        for _number in range(PAGES):
            start = time.perf_counter()
            with urllib.request.urlopen(request) as page:
                page.read()
            seconds.append(time.perf_counter() - start)
        rows.append({'arm': name, 'first ms': round(1000 * seconds[0]),
                     'then ms': round(1000 * min(seconds))})
    bench.table("The first page of a server, and the next ones", rows)


def _wrk(url, sid):
    """Return the pages per second, and how long the slowest of a hundred took."""
    told = subprocess.run([
        'wrk', '-t2', f'-c{CONNECTIONS}', f'-d{SECONDS}s', '--latency', '--timeout', '30s',
        '-H', f'Cookie: session_id={sid}', url + PATH], check=True, capture_output=True,
        text=True).stdout
    if 'Non-2xx' in told:
        raise RuntimeError(f"Not every page was answered:\n{told}")
    return (float(re.search(r'Requests/sec:\s+([\d.]+)', told)[1]),
            re.search(r'99%\s+(\S+)', told)[1])


def _read_only(database, sid):
    """Return how many pages a server that has a replica serves without its main database."""
    log = Path(config['data_dir']) / 'bench-replica.log'
    log.unlink(missing_ok=True)
    with server(database, '--dev', 'replica', '--log-level', 'info', '--logfile', str(log)) as url:
        request = urllib.request.Request(url + PATH, headers={'Cookie': f'session_id={sid}'})
        for _number in range(PAGES):
            urllib.request.urlopen(request).close()
    lines = [line for line in log.read_text().splitlines() if f'GET {PATH} ' in line]
    log.unlink()
    return sum(line.endswith(' ro') for line in lines)
