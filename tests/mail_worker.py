"""Mails that are fetched from a mailbox by processes that die, or delivered by several at once.

Usage: mail_worker.py CONFIG DATABASE fetch|race

fetch: a mailbox with mails is emptied by processes each of which is killed right after one of its
commits, a later one each time, until one comes to the end. race: several processes hand over the
same mails at the same time. After each process, or all of them, one line of JSON says how things
stand in the mailbox and in the database.
"""

import json
import os
import random
import sys
import threading

from killing import die_after
from mailbox_server import Mailbox

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

SENDERS, PROCESSES = 6, 4


def mail(number, to):
    return (f'Message-Id: <{number}@mail.example>\r\nFrom: s{number}@mail.example\r\nTo: {to}\r\n'
            f'Subject: Mail {number}\r\n\r\nHello\r\n').encode()


def mails():
    """Return good mails, one of them twice, one that cannot be handled and one for nobody."""
    good = [mail(number, 'service@killed.example') for number in range(SENDERS)]
    return [*good[:3], good[0], mail(91, 'broken@killed.example'), *good[3:],
            mail(92, 'nobody@killed.example')]


def prepare(env, port):
    company = env.company
    company.alias_domain_id = env['mail.alias.domain'].create({'name': 'killed.example'})
    company.request_alias_name = 'service'
    kind = env.ref('crm_service_requests.crm_request_type_help')
    kind.alias_name = 'broken'
    kind.alias_id.alias_defaults = "{'type_id': 987654321}"
    env['fetchmail.server'].create({
        'name': "Mailbox", 'server_type': 'pop', 'server': '127.0.0.1', 'port': port,
        'user': 'me', 'password': 'secret', 'state': 'done'})


def fetch(env):
    env['fetchmail.server'].search([('state', '=', 'done')])._fetch_mail()


def deliver(env):
    sources = mails()[:3] + mails()[5:-1]
    random.shuffle(sources)
    for source in sources:
        env['mail.thread'].message_process(False, source)
        env.cr.commit()


def start(registry, work, kill_after=0):
    """Start a process that works, and may die; return its id."""
    sql_db.close_all()
    process = os.fork()
    if process:
        return process
    try:
        sql_db.close_all()
        random.seed(os.getpid())
        die_after(kill_after)
        with registry.cursor() as cr:
            work(Environment(cr, SUPERUSER_ID, {}))
        os._exit(0)
    finally:
        os._exit(1)


def wait_for(process):
    """Return by which signal a process has died, or minus its exit status."""
    status = os.waitpid(process, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def tell(registry, died, mailbox):
    with registry.cursor() as cr:
        cr.execute("SELECT name FROM crm_request WHERE name LIKE 'Mail %' ORDER BY name")
        requests = [name for name, in cr.fetchall()]
        cr.execute("SELECT name FROM crm_mail_quarantine ORDER BY name")
        kept = [name for name, in cr.fetchall()]
        cr.execute("SELECT count(*) FROM crm_request WHERE confirmed_at IS NOT NULL")
        confirmed = cr.fetchone()[0]
        cr.execute("SELECT count(*) FROM mail_mail JOIN mail_message ON mail_message.id ="
                   " mail_message_id WHERE mail_message.subject LIKE 'We have received%'")
        mailed = cr.fetchone()[0]
    print(json.dumps({
        'died': died, 'requests': requests, 'kept': kept, 'confirmed': confirmed,
        'mailed': mailed, 'left': sorted({
            text.decode().split('Subject: ')[1].split('\r\n')[0]
            for text in mailbox.mails.values()})}), flush=True)


def main(config_file, database, command):
    config.parse_config([
        '--config', config_file, '--database', database, '--log-level', 'critical'])
    registry, mailbox = Registry(database), Mailbox(mails())
    threading.Thread(target=mailbox.serve_forever, daemon=True).start()
    with registry.cursor() as cr:
        prepare(Environment(cr, SUPERUSER_ID, {}), mailbox.server_address[1])
    tell(registry, 0, mailbox)
    if command == 'race':
        processes = [start(registry, deliver) for _number in range(PROCESSES)]
        tell(registry, min(map(wait_for, processes)), mailbox)
        return
    died = kill_after = 0
    while kill_after == 0 or died:
        kill_after += 1
        died = wait_for(start(registry, fetch, kill_after))
        tell(registry, died, mailbox)


if __name__ == '__main__':
    main(*sys.argv[1:])
