"""R6: two Odoo servers behind nginx, on a database with a replica: what each of them does, what is
done twice, and what people notice when a server or the replica fails.

It is about what happens, not how fast, and is tried with the smallest of the databases.
"""

import shutil
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import people
from databases import copy, drop
from sample import Finding

from odoo.modules.registry import Registry

sys.path.append(str(Path(__file__).with_name('cluster')))
from postgres import main_and_replica  # noqa: E402
from web import Odoo, nginx, running  # noqa: E402

TITLE = "Two servers and a replica"
LARGEST = 30000
PAGE = '/my/orders'
READERS, PAGES, HELD = 4, 25, 1000
# Seconds until the scheduled actions must have come round.
PATIENCE = 240
HOLD = """
    WITH chosen AS (
        UPDATE sale_order SET order_manager_id = person.id, call_user_id = person.id,
               call_held_at = now() AT TIME ZONE 'UTC' - interval '2 hours', write_uid = 1
        FROM (SELECT id FROM res_users WHERE login = 'caller1') AS person
        WHERE sale_order.id IN (
            SELECT id FROM sale_order WHERE call_state = 'to_call' AND order_manager_id IS NULL
              AND call_user_id IS NULL ORDER BY id LIMIT {count})
        RETURNING sale_order.*
    )
    INSERT INTO crm_manager_change (
        kind, order_id, partner_id, company_id, to_user_id, user_id, date, reason, create_date)
    SELECT 'order', id, partner_id, company_id, call_user_id, call_user_id, call_held_at, 'taken',
           call_held_at FROM chosen
"""
DONE = """
    SELECT count(*), count(DISTINCT order_id) FROM crm_manager_change WHERE reason = 'untouched'
"""


def measure(bench):
    if bench.orders > LARGEST:
        return []
    if not shutil.which('nginx'):
        return [Finding(TITLE, "to be tried", "nginx is missing", holds=False)]
    database = f'{bench.database}_cluster'
    copy(bench.database, database)
    try:
        with Registry(database).cursor() as cr:
            people.make(cr)
        sid = people.session(database, people.SMALL)
        with _cluster(bench, database) as (main, replica, servers, url):
            return _tried(bench, database, main, replica, servers, url, sid)
    finally:
        drop(database)


@contextmanager
def _cluster(bench, database):
    """Run both databases, two servers of two processes each, and nginx."""
    with main_and_replica(database) as (main, replica):
        options = ['--workers', '2', '--max-cron-threads', '1', '--db_host', main.host,
                   '--db_port', str(main.port), '--db_replica_host', replica.host,
                   '--db_replica_port', str(replica.port)]
        servers = [Odoo(bench.config, database, *options) for _number in range(2)]
        with running(signal.SIGTERM, *servers), nginx(*servers) as url:
            yield main, replica, servers, url


def _tried(bench, database, main, replica, servers, url, sid):
    replica.wait_for(main)
    main.rows(HOLD.format(count=HELD), database)
    [[held]] = main.rows("SELECT count(*) FROM sale_order WHERE call_user_id IS NOT NULL", database)
    [[before]] = main.rows(DONE.replace('count(*), ', ''), database)
    main.rows("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC'", database)
    # As Odoo wakes the servers when something is to be done at once.
    main.rows(f"SELECT pg_notify('cron_trigger', '{database}')")
    served = replica.transactions(database)
    answers = _read(url, sid)
    from_replica = _eventually(
        lambda: replica.transactions(database) - served, READERS * PAGES)
    done, orders = _released(main, database, before + held)
    servers[0].stop(signal.SIGKILL)
    without_server = _read(url, sid)
    replica.stop('immediate')
    without_replica = _read(url, sid)
    bench.table("Pages by many at once", [
        {'what': what, 'pages': sum(found.values()), 'failed': found['failed'],
         'first server': found[servers[0].port], 'second server': found[servers[1].port]}
        for what, found in (("both servers", answers), ("one was killed", without_server),
                            ("the replica was killed, too", without_replica))])
    return [
        Finding("pages by two servers for one session, failed", "0", str(answers['failed']),
                not answers['failed'] and all(answers[server.port] for server in servers)),
        Finding(f"transactions the replica says it served for {READERS * PAGES} pages",
                f"at least {READERS * PAGES}", str(from_replica),
                from_replica >= READERS * PAGES),
        Finding(f"{held} orders given back by scheduled actions of both servers",
                "each once", f"{done - before} times, {orders - before} orders",
                done == orders and orders - before == held),
        Finding("pages that failed when a server was killed", "0", str(without_server['failed']),
                not without_server['failed']),
        # Each process has connections of its own that it finds dead.
        Finding("pages that failed when the replica was killed",
                "at most one for each of the 2 processes left", str(without_replica['failed']),
                without_replica['failed'] <= 2)]


def _read(url, sid):
    """Let several people ask for pages; count them by the port of the server, and what failed."""
    found = Counter()

    def read():
        request = urllib.request.Request(url + PAGE, headers={'Cookie': f'session_id={sid}'})
        for _number in range(PAGES):
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE) as page:
                    by = page.headers['X-Served-By'].rpartition(',')[2]
                    found[int(by.rpartition(':')[2]) if b'/my/orders/' in page.read()
                          else 'failed'] += 1
            except (urllib.error.HTTPError, OSError):
                found['failed'] += 1

    readers = [threading.Thread(target=read) for _number in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return found


def _released(main, database, wanted):
    """Return how often and how many orders were given back, when the actions have come round."""
    _eventually(lambda: main.rows(DONE, database)[0][1], wanted)
    # Who would do it twice has time to.
    time.sleep(2)
    return main.rows(DONE, database)[0]


def _eventually(value, wanted):
    """Return a value as soon as it is large enough, or what it is in the end."""
    deadline = time.monotonic() + PATIENCE
    while (found := value()) < wanted and time.monotonic() < deadline:
        time.sleep(0.5)
    return found
