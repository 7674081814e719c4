"""S3: every route of a record, for very many records, by everybody who must not see them.

Whatever he asks for, it must be answered as what does not exist is answered.
"""

import json
import re
import threading
from collections import Counter
from types import SimpleNamespace
from urllib.parse import urlparse

import people
from databases import copy, drop, rows
from sample import Finding
from werkzeug.test import Client
from werkzeug.wrappers import Response

import odoo.http
from odoo.fields import Command
from odoo.modules.registry import Registry

TITLE = "Records of others over HTTP"
# It is about what is answered, not how fast, and is tried with the smallest of the databases.
LARGEST = 30000
# So many records for each way of asking and each person: together more than thirty thousand.
RECORDS = 100
MISSING = 2 ** 31 - 2
# What is nobody's here, by what the routes call its number.
THEIR_OWN = """
    SELECT id FROM res_partner WHERE commercial_partner_id IN (
        SELECT company.commercial_partner_id FROM res_users login
        JOIN res_partner company ON company.id = login.partner_id WHERE login.login LIKE 'bench.%')
"""
FOREIGN = {
    'order_id': f"SELECT id FROM sale_order WHERE partner_id NOT IN ({THEIR_OWN})",
    'invoice_id': f"SELECT id FROM account_move WHERE move_type LIKE 'out%' AND state = 'posted'"
                  f" AND partner_id NOT IN ({THEIR_OWN})",
    'request_id': f"SELECT id FROM crm_request WHERE partner_id NOT IN ({THEIR_OWN})",
    'partner_id': f"SELECT id FROM res_partner WHERE id NOT IN ({THEIR_OWN})",
    'attachment_id': "SELECT id FROM ir_attachment WHERE NOT public",
    'settlement_id': "SELECT id FROM crm_commission_settlement",
    'transaction_id': f"SELECT id FROM payment_transaction WHERE partner_id NOT IN ({THEIR_OWN})",
    'statement_id': f"SELECT id FROM crm_statement WHERE partner_id NOT IN ({THEIR_OWN})",
    'right_id': f"SELECT id FROM crm_representative_right WHERE partner_id NOT IN ({THEIR_OWN})",
    'touch_id': "SELECT id FROM crm_campaign_touch",
    'document_id': None, 'offer_id': None,
}
GUARDED = re.compile(r'/my(/|$)|/invoice/transaction')
# How Odoo's own way to pay says of a record that it is not there, or not to be paid by a guest.
MISSING_TOO = {('MissingError',): [('AccessError',), ('ValidationError',)]}
CUSTOMERS = {
    "another customer": people.LARGEST, "a small customer": people.SMALL,
    "a contact of another customer": 'bench.sibling'}
# Who asks for what was open to him once, or is his in another company.
FORMER = {
    "an archived user": 'bench.archived', "one whose access was revoked": 'bench.revoked',
    "a customer of another company": 'bench.elsewhere'}
FORM = dict.fromkeys(['validation', 'password', 'old', 'new1', 'new2'], "wrong")


def measure(bench):
    if bench.orders > LARGEST:
        return []
    database = f'{bench.database}_foreign'
    copy(bench.database, database)
    try:
        visitors = _visitors(database)
        told = [
            {'person': name, **_visit(database, name, *visitor)}
            for name, visitor in visitors.items()]
    finally:
        drop(database)
    bench.table("What is foreign, asked for", told)
    own = [row['own order'] for row in told if row['person'] in CUSTOMERS]
    return [
        Finding("orders of their own, before and after, shown to customers", str(2 * len(own)),
                str(sum(own)), sum(own) == 2 * len(own)),
        *(Finding(f"{row['person']}: {row['asked']:,} times a record of others, answered otherwise"
                  " than what does not exist", "0", str(row['otherwise']), not row['otherwise'])
          for row in told)]


def _visitors(database):
    """Return the key of the session of each person, and what he adds to the address."""
    with Registry(database).cursor() as cr:
        people.make(cr)
        env = people.environment(cr)
        company = env['res.company'].create({'name': "Another company"})
        [largest] = env['res.users'].search([('login', '=', people.LARGEST)])
        for login in ('bench.sibling', 'bench.archived', 'bench.revoked', 'bench.elsewhere'):
            people._user(env, login, 'base.group_portal').partner_id.parent_id = (
                largest.partner_id.commercial_partner_id)
        env['res.users'].search([('login', '=', 'bench.elsewhere')]).write({
            'company_ids': [Command.set(company.ids)], 'company_id': company.id})
    visitors = {name: (people.session(database, login), '')
                for name, login in (CUSTOMERS | FORMER).items()}
    visitors["nobody"] = (_nobody(database), '')
    visitors["nobody, with a guessed token"] = (_nobody(database), '?access_token=guessed')
    with Registry(database).cursor() as cr:
        env = people.environment(cr)
        env['res.users'].search([('login', '=', 'bench.archived')]).active = False
        env['res.users'].search([('login', '=', 'bench.revoked')]).group_ids = env.ref(
            'base.group_public')
    return visitors


def _nobody(database):
    store = odoo.http.root.session_store
    made = store.new()
    made.update(odoo.http.get_default_session(), db=database, _trace_disable=True)
    store.save(made)
    return made.sid


def _visit(database, name, sid, added):
    """Ask for what is foreign, and for what is missing, by every route that has a record."""
    client = Client(odoo.http.root, Response)
    client.set_cookie('session_id', sid)
    asked, otherwise, own = 0, Counter(), _own(database, client, name)
    with Registry(database).cursor() as cr:
        env = people.environment(cr)
        ways = list(_ways(env))
        for rule, way, argument in ways:
            missing = _ask(env, client, _path(rule, argument, MISSING) + added, way)
            for record in _foreign(database, argument, name in FORMER):
                answer = _ask(env, client, _path(rule, argument, record) + added, way)
                asked += 1
                if answer not in {missing, *MISSING_TOO.get(missing, ())}:
                    otherwise[f'{way} {rule}'] += 1
    return {'asked': asked, 'ways': len(ways), 'otherwise': otherwise.total(),
            'by': ', '.join(f'{way}: {count}' for way, count in otherwise.items()) or "none",
            'own order': own + _own(database, client, name)}


def _own(database, client, name):
    """Return whether a customer is shown an order of his own: that much can be seen."""
    if name not in CUSTOMERS:
        return False
    his = THEIR_OWN.replace("LIKE 'bench.%'", f"= '{CUSTOMERS[name]}'")
    [(order,)] = rows(database, f"""
        SELECT id FROM sale_order WHERE state = 'sale' AND partner_id IN ({his})
        ORDER BY id LIMIT 1""")
    page = client.get(f'/my/orders/{order}', environ_overrides={'REMOTE_ADDR': '127.0.0.1'})
    return page.status_code == 200


def _ways(env):
    """Return each route that has a record of somebody, and how it is asked."""
    threading.current_thread().dbname = env.cr.dbname
    seen = set()
    for rule in env['ir.http'].routing_map().iter_rules():
        addon = rule.endpoint.original_endpoint.__module__.split('.')[2]
        argument = next((name for name in FOREIGN if f':{name}>' in rule.rule), None)
        if not argument or not (addon.startswith('crm_') or GUARDED.match(rule.rule)):
            continue
        json_only = rule.endpoint.routing['type'] == 'jsonrpc'
        for way in ['JSON'] if json_only else sorted({'GET', 'POST'} & (rule.methods or {'GET'})):
            if (rule.rule, way) not in seen:
                seen.add((rule.rule, way))
                yield rule.rule, way, argument


def _foreign(database, argument, former):
    """Return numbers of records: of others if there are any, and such that may be there."""
    query = FOREIGN[argument]
    # His own contact stays his.
    if former and query and argument != 'partner_id':
        query = query.replace('NOT IN', 'IN')
    found = query and rows(database, f"{query} ORDER BY hashint4(id) LIMIT {RECORDS}")
    numbers = [number for (number,) in found or ()]
    return numbers + list(range(1, RECORDS + 1 - len(numbers)))


def _path(rule, argument, number):
    return re.sub(
        r'<(?:[^:<>]*:)?(\w+)>',
        lambda match: str(number if match[1] == argument else MISSING), rule)


def _ask(env, client, path, way):
    """Return an answer without numbers and tokens: what can be told from it."""
    local = {'REMOTE_ADDR': '127.0.0.1'}
    if way == 'GET':
        answer = client.get(path, environ_overrides=local)
    elif way == 'POST':
        session = SimpleNamespace(sid=client.get_cookie('session_id').value)
        token = odoo.http.Request.csrf_token(SimpleNamespace(env=env, session=session))
        answer = client.post(path, data={'csrf_token': token, **FORM}, environ_overrides=local)
    else:
        answer = client.post(path, json={'params': {
            'name': "Somebody", 'signature': 'iVBORw0KGgo=', 'access_token': 'guessed',
            'line_id': MISSING}}, environ_overrides=local)
        if error := json.loads(answer.get_data(as_text=True)).get('error'):
            return (error['data']['name'].rpartition('.')[2],)
    text = answer.get_data(as_text=True)
    text = text.partition('<main')[2].partition('</main')[0] or text
    return (answer.status_code, _plain(urlparse(answer.headers.get('Location', '')).path),
            _plain(text))


def _plain(text):
    return re.sub(r'[0-9]+', '', re.sub(r'[0-9a-f]{32,}o?[0-9]*', '', text))
