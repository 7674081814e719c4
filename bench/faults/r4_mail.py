"""R4: mails of every kind, fetched by processes that die, while others write the same records."""

import collections
import logging
import multiprocessing
import os
import random
import signal
import threading
import time

import mail_zoo
from fault import rows, value
from mail_worker import wait_for
from mailbox_server import Mailbox
from measure import Finding

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

TITLE = "Mails fetched among conflicts and crashes"
DOSES, BATCH = (200, 10000, 40), 500
# In seconds: how long a process that is to die may live.
LIFE = (0.6, 20.0)
# Who writes the requests that are replied to pauses and holds them that long, in seconds.
PAUSE = HOLD = 0.05


def measure(faults):
    with faults.clone('mail') as database:
        registry, mailbox = Registry(database), Mailbox([])
        threading.Thread(target=mailbox.serve_forever, daemon=True).start()
        with registry.cursor() as cr:
            numbers = prepare(Environment(cr, SUPERUSER_ID, {}), mailbox.server_address[1])
        mails, deaths, start = [], 0, time.monotonic()
        lot, count = random.Random(faults.seed), faults.of_dose(*DOSES)
        while len(mails) < count and time.monotonic() - start < faults.seconds:
            more = mail_zoo.make(min(BATCH, count - len(mails)), faults.seed, numbers, len(mails))
            deaths += fetch_all(registry, mailbox, more, lot)
            mails += more
            faults.say(f"{len(mails)} mails, {deaths} processes killed")
        spent, kept = time.monotonic() - start, standing(database)
        decided = try_again(registry)
        Registry.registries.pop(database, None)
        sql_db.close_all()
        mailbox.shutdown()
        return report(faults, database, mails, deaths, spent, kept, decided)


def prepare(env, port):
    """Make the addresses, the mailbox, and requests to reply to; return their numbers."""
    env.company.alias_domain_id = env['mail.alias.domain'].create({'name': mail_zoo.DOMAIN})
    env.company.request_alias_name = 'service'
    kind = env.ref('crm_service_requests.crm_request_type_help')
    kind.alias_name = 'broken'
    kind.alias_id.alias_defaults = "{'type_id': 987654321}"
    env['fetchmail.server'].create({
        'name': "Mailbox", 'server_type': 'pop', 'server': '127.0.0.1', 'port': port,
        'user': 'me', 'password': 'secret', 'state': 'done'})
    quinn = env['res.partner'].create({'name': "Quinn", 'email': 'quinn@people.example'})
    # The guard against circles is tried with another sender.
    env['mail.gateway.allowed'].create({'email': quinn.email})
    return env['crm.request'].create([
        {'name': "Replied to", 'partner_id': quinn.id} for _number in range(5)]).mapped('number')


def fetch_all(registry, mailbox, mails, lot):
    """Let processes fetch mails until none is left; return how many of them were killed."""
    first = max(mailbox.mails, default=0) + 1
    mailbox.mails.update(enumerate((mail.source for mail in mails), start=first))
    disturber, deaths = fork(registry, disturb), 0
    try:
        while mailbox.mails:
            fetcher = fork(registry, fetch)
            # The first dies for certain.
            life = LIFE[0] if not deaths else lot.choice([None, lot.uniform(*LIFE)])
            timer = threading.Timer(life or 0, os.kill, (fetcher, signal.SIGKILL))
            if life:
                timer.start()
            deaths += wait_for(fetcher) == signal.SIGKILL
            timer.cancel()
    finally:
        os.kill(disturber, signal.SIGKILL)
        os.waitpid(disturber, 0)
    return deaths


def fork(registry, work):
    """Start a process that works; return its id."""
    sql_db.close_all()
    process = os.fork()
    if process:
        return process
    try:
        work(registry)
        os._exit(0)
    finally:
        os._exit(1)


class Conflicts(logging.Handler):
    """Counts what the database refuses because somebody else has written it, and says nothing."""

    count = multiprocessing.Value('i', 0)

    def emit(self, record):
        if 'bad query' in str(record.msg):
            with self.count.get_lock():
                self.count.value += 1


def fetch(registry):
    """Fetch as the scheduled action does."""
    logger = logging.getLogger('odoo.sql_db')
    logger.propagate, logger.handlers = False, [Conflicts()]
    logger.setLevel(logging.ERROR)
    with registry.cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})['fetchmail.server'].search(
            [('state', '=', 'done')])._fetch_mail()


def disturb(registry):
    """Write again and again what the handling of a reply writes, too, as somebody else.

    There is no pause before the first conflict: one reply is enough for that.
    """
    while True:
        with registry.cursor() as cr:
            cr.execute("UPDATE crm_request SET write_date = now() AT TIME ZONE 'UTC'"
                       " WHERE name = 'Replied to'")
            time.sleep(HOLD)
        time.sleep(PAUSE if Conflicts.count.value else 0)


def standing(database):
    """Return what became of each mail, by its identifier."""
    became = collections.defaultdict(list)
    for what, message_id in rows(database, """
            SELECT 'request', message_id FROM mail_message
             WHERE message_type = 'email' AND message_id IS NOT NULL
             UNION ALL
            SELECT 'quarantine: ' || reason, message_id FROM crm_mail_quarantine"""):
        became[message_id].append(what)
    return became


def try_again(registry):
    """Try again what is in quarantine, now that nobody disturbs; return what became of it."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        waiting = env['crm.mail.quarantine'].search([('state', '=', 'waiting')], limit=2000)
        visible = len(waiting.filtered(lambda mail: mail.original and mail.next_try))
        conflicts = waiting.filtered(lambda mail: mail.reason == 'conflict')
        conflicts.action_retry()
        return {'waiting': len(waiting), 'to be tried again': visible, 'conflicts': len(conflicts),
                'handled the second time': len(
                    conflicts.filtered(lambda mail: mail.state == 'handled'))}


def report(faults, database, mails, deaths, spent, kept, decided):
    # Odoo is at hand only once a database is loaded.
    from odoo.addons.crm_service_requests.models.inbound_mail import mail_source, message_id
    by_id = {}
    for mail in mails:
        source = b'\n'.join(mail.source.rstrip(b'\r\n').split(b'\r\n'))
        by_id.setdefault(message_id(mail_source(source)), mail.kind)
    became = collections.Counter(
        (kind, kept[identifier][0] if kept[identifier] else "only noted as received")
        for identifier, kind in by_id.items())
    faults.table("What became of the mails", [
        {'kind': kind, 'became': what, 'mails': count}
        for (kind, what), count in sorted(became.items())],
        f"{len(mails)} mails, {len(by_id)} of them different, in {spent:.0f} s")
    receipts = value(database, "SELECT count(*) FROM crm_mail_receipt")
    lost = [identifier for identifier, kind in by_id.items() if not kept[identifier]
            and kind != 'bounce']
    twice = sum(len(found) > 1 for found in kept.values())
    retried = decided['to be tried again'] == decided['waiting']
    return [
        Finding("mails fetched", f"{faults.of_dose(*DOSES):,}", f"{len(mails):,}",
                len(mails) >= faults.of_dose(*DOSES)),
        Finding("processes killed while they fetched", "some", str(deaths), deaths > 0),
        Finding("conflicts with other work", "some", str(Conflicts.count.value),
                Conflicts.count.value > 0),
        Finding("mails lost", "0", str(len(lost)), not lost),
        Finding("mails noted as received", str(len(by_id)), str(receipts), receipts == len(by_id)),
        Finding("mails that became two things", "0", str(twice), not twice),
        Finding("mails in quarantine that can be tried again", str(decided['waiting']),
                str(decided['to be tried again']), retried),
        Finding("kept aside for a conflict, and handled the second time",
                str(decided['conflicts']), str(decided['handled the second time']),
                decided['conflicts'] == decided['handled the second time']),
    ]
