"""Customers who log in to the portal, a salesperson, and what they see of it."""

import re
import threading
import time

from bulk import environment
from sample import Sample
from werkzeug.test import Client
from werkzeug.wrappers import Response

import odoo.http
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.security import compute_session_token

CONTACTS = 350
LARGEST, SMALL = 'bench.largest', 'bench.small'
# Who sells by the means of stock Odoo alone.
SELLER = 'bench.seller'
CUSTOMERS = """
    SELECT partner.commercial_partner_id
    FROM sale_order JOIN res_partner partner ON partner.id = sale_order.partner_id
    WHERE state = 'sale' GROUP BY 1 ORDER BY count(*) DESC, 1
"""


def make(cr):
    """Let the largest customer and a small one have a user of the portal each, and make a seller.

    Who is there already stays.
    """
    env = environment(cr)
    if env['res.users'].search_count([('login', '=', SELLER)]):
        return
    cr.execute(CUSTOMERS)
    customers = [row[0] for row in cr.fetchall()]
    for login, customer in ((LARGEST, customers[0]), (SMALL, customers[len(customers) // 2])):
        _user(env, login, 'base.group_portal').partner_id.parent_id = customer
    _user(env, SELLER, 'sales_team.group_sale_manager', 'account.group_account_invoice')
    env['res.partner'].create([
        {'name': f"Contact {number}", 'parent_id': customers[0]} for number in range(CONTACTS)])


def _user(env, login, *groups):
    return env['res.users'].create({
        'name': login, 'login': login,
        'group_ids': [Command.set([env.ref(group).id for group in groups])]})


def session(database, login):
    """Return the key of a session of somebody who has logged in."""
    store = odoo.http.root.session_store
    made = store.new()
    with Registry(database).cursor() as cr:
        env = environment(cr)
        user = env['res.users'].search([('login', '=', login)])
        made.update(
            odoo.http.get_default_session(), db=database, uid=user.id, login=login,
            _trace_disable=True)
        env = env(user=user.id, context={})
        made.session_token = compute_session_token(made, env)
        made.context = dict(env['res.users'].context_get())
    store.save(made)
    return made.sid


def ask(sid, path, links, timed=time.perf_counter):
    """Return the sample of a page; its result are the documents on it.

    :param str sid: key of a session
    :param str path: of the page
    :param str links: pattern of the links to documents
    :raise RuntimeError: if the page is not shown
    """
    client = Client(odoo.http.root, Response)
    client.set_cookie('session_id', sid)
    start = timed()
    page = client.get(path, environ_overrides={'REMOTE_ADDR': '127.0.0.1'})
    text = page.get_data(as_text=True)
    seconds = timed() - start
    if page.status_code != 200:
        raise RuntimeError(f"{path} was answered with {page.status_code}.")
    return Sample(
        seconds, threading.current_thread().query_count, sorted(set(re.findall(links, text))))
