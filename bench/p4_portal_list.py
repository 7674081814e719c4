"""P4: the lists of the largest customer in the portal, beside those of the same database without
the addon of the portal.

Both are copies, dropped in the end; the pages are asked for in turn in one process.
"""

import re
import subprocess
import threading
import time
from contextlib import contextmanager

import bulk
from measure import Finding, Sample
from werkzeug.test import Client
from werkzeug.wrappers import Response

import odoo.http
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.security import compute_session_token
from odoo.sql_db import close_db
from odoo.tools import config

TITLE = "Lists of the largest customer in the portal"
ADDON = 'crm_selfservice_portal'
CONTACTS = 350
LOGINS = {'largest': 'bench.largest', 'small': 'bench.small'}
PAGES = {'/my/orders': r'/my/orders/(\d+)[?"]', '/my/invoices': r'/my/invoices/(\d+)[?"]'}


def measure(bench):
    with _databases(bench) as (ours, stock):
        sessions = {
            (database, who): _session(database, login)
            for database in (ours, stock) for who, login in LOGINS.items()}
        findings = []
        for path in PAGES:
            medians = bench.compare(
                f"{path} of the largest customer", {
                    'stock': lambda path=path: _ask(sessions[stock, 'largest'], path),
                    'ours': lambda path=path: _ask(sessions[ours, 'largest'], path),
                }, 'stock')
            statements = bench.kept[0]['ours'].statements
            ratio = medians['stock'] / medians['ours']
            findings += [
                Finding(f"statements of {path}", "at most 9", str(statements), statements <= 9),
                Finding(f"{path} of the largest customer, against stock", "5 times as fast",
                        f"{ratio:.1f} times", ratio >= 5)]
        small = bench.compare("/my/orders of a small customer", {
            'stock': lambda: _ask(sessions[stock, 'small'], '/my/orders'),
            'ours': lambda: _ask(sessions[ours, 'small'], '/my/orders')}, 'stock')
        ratio = small['stock'] / small['ours']
        return [*findings, Finding(
            "/my/orders of a small customer, against stock", "not slower", f"{ratio:.1f} times",
            ratio >= 1)]


@contextmanager
def _databases(bench):
    """Make a copy with the customers' users, and a copy of it without the addon; drop both."""
    ours, stock = f'{bench.database}_p4', f'{bench.database}_p4_stock'
    config['db_name'] = []
    try:
        _copy(bench.database, ours)
        with Registry(ours).cursor() as cr:
            _make_users(bulk.environment(cr))
        _copy(ours, stock)
        with Registry(stock).cursor() as cr:
            env = bulk.environment(cr)
            env['ir.module.module'].search([('name', '=', ADDON)]).button_immediate_uninstall()
        for database in (ours, stock):
            subprocess.run(
                ['vacuumdb', '--quiet', '--analyze', '--schema', 'public', '-d', database],
                check=True, stderr=subprocess.DEVNULL)
        yield ours, stock
    finally:
        for database in (ours, stock):
            _drop(database)


def _copy(database, name):
    _drop(name)
    Registry.delete(database)
    close_db(database)
    subprocess.run(['createdb', '-T', database, name], check=True)


def _drop(name):
    Registry.delete(name)
    close_db(name)
    subprocess.run(['dropdb', '--if-exists', '--force', name], check=True, capture_output=True)


def _make_users(env):
    """Let the largest customer and a small one have a user of the portal each."""
    env.cr.execute("""
        SELECT partner.commercial_partner_id, count(*)
          FROM sale_order JOIN res_partner partner ON partner.id = sale_order.partner_id
         WHERE state = 'sale' GROUP BY 1 ORDER BY 2 DESC, 1""")
    customers = [row[0] for row in env.cr.fetchall()]
    for who, customer in (('largest', customers[0]), ('small', customers[len(customers) // 2])):
        env['res.users'].create({
            'name': who.title(), 'login': LOGINS[who],
            'group_ids': [Command.set(env.ref('base.group_portal').ids)],
        }).partner_id.parent_id = customer
    env['res.partner'].create([
        {'name': f"Contact {number}", 'parent_id': customers[0]} for number in range(CONTACTS)])


def _session(database, login):
    """Return the key of a session of somebody who has logged in."""
    store = odoo.http.root.session_store
    session = store.new()
    with Registry(database).cursor() as cr:
        env = bulk.environment(cr)
        user = env['res.users'].search([('login', '=', login)])
        session.update(
            odoo.http.get_default_session(), db=database, uid=user.id, login=login,
            _trace_disable=True)
        env = env(user=user.id, context={})
        session.session_token = compute_session_token(session, env)
        session.context = dict(env['res.users'].context_get())
    store.save(session)
    return session.sid


def _ask(sid, path):
    """Return the sample of a page; its result are the documents on it."""
    client = Client(odoo.http.root, Response)
    client.set_cookie('session_id', sid)
    start = time.perf_counter()
    page = client.get(path, environ_overrides={'REMOTE_ADDR': '127.0.0.1'})
    seconds = time.perf_counter() - start
    text = page.get_data(as_text=True)
    found = re.findall(PAGES[path], text) if page.status_code == 200 else page.status_code
    return Sample(seconds, threading.current_thread().query_count, sorted(set(found)))
