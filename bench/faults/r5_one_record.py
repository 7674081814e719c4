"""R5: eight people press the buttons of one record at the same moment, for some seconds."""

import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from common import running_server
from fault import rows
from measure import Finding
from session import Refused, Session

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_db

TITLE = "Eight people on one record"
USERS, SECONDS, WARM_UP = 8, 10, 4
# What a person is told who was too late is no error: it names the record and the way out.
BUSINESS = ('odoo.exceptions.UserError', 'odoo.exceptions.ValidationError')
# Seconds between two presses of one person, on average.
CALM, PAUSE = "each presses once a second", 1.0
ROLES = ('service_supervisor', 'call_center_lead', 'sales_manager', 'marketing_manager')


def measure(faults):
    with faults.clone('one') as database:
        facts = prepare(database)
        with running_server(database, '--workers', '4') as url:
            sessions = [Session(url, database, f'one{number}') for number in range(USERS)]
            seen, alone = {}, {}
            for name, presses in ARMS.items():
                # The first times each process reads and compiles what it keeps then.
                press(sessions, presses, facts, WARM_UP, faults.seed)
                alone[name] = statistics.median(
                    press(sessions[:1], presses, facts, WARM_UP, faults.seed)[0])
                seen[name] = press(
                    sessions, presses, facts, faults.of_dose(4, SECONDS), faults.seed)
                if name != STOCK:
                    seen[f'{name}; {CALM}'] = press(
                        sessions, presses, facts, faults.of_dose(4, SECONDS), faults.seed, PAUSE)
        doubles = twice(database)
    faults.table("Eight people", [
        {'what': name, 'one alone, median ms': round(alone[name.split(';')[0]]),
         'presses': len(times), 'median ms': round(statistics.median(times)),
         'p99 ms': p99(times), 'longest ms': round(max(times)), 'errors': len(errors),
         'told to be too late': late, 'kinds of errors': ', '.join(sorted(set(errors))) or "none"}
        for name, (times, late, errors) in seen.items()],
        f"{faults.of_dose(4, SECONDS)} s each, 4 worker processes")
    findings = []
    for name, (times, _late, errors) in seen.items():
        if name == STOCK:
            continue
        findings += [
            Finding(f"{name}: errors shown", "0", str(len(errors)), not errors),
            Finding(f"{name}: p99", "at most 500 ms", f"{p99(times)} ms", p99(times) <= 500)]
    return [*findings, Finding("something in the ledgers twice", "0", str(doubles), not doubles)]


def p99(times):
    return round(sorted(times)[int(0.99 * len(times))])


def prepare(database):
    """Make the people and one record of each kind; return the ids the presses need."""
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
        people = env['res.users'].create([{
            'name': f"Person {number}", 'login': f'one{number}', 'password': f'one{number}',
            'group_ids': [Command.set([env.ref(f'crm_roles.group_{role}').id for role in ROLES]
                                      + env.ref('base.group_partner_manager').ids)],
        } for number in range(USERS)])
        customer = env['res.partner'].create({'name': "Quinn", 'email': 'quinn@example.com'})
        product = env['product.product'].create({'name': "Drill", 'list_price': 100.0})
        order = env['sale.order'].create({
            'partner_id': customer.id, 'order_line': [Command.create({'product_id': product.id})]})
        order.action_confirm()
        env['crm.request.routing'].search([]).active = False
        env['crm.request.type'].search([]).solution_required = False
        request = env['crm.request'].create({'name': "Where is it?", 'partner_id': customer.id})
        audience = env['crm.audience'].create({'name': "One", 'criterion_ids': [Command.create({
            'source': 'customer', 'partner_domain': f"[('id', '=', {customer.id})]"})]})
        campaign = env['utm.campaign'].create({'title': "One", 'audience_id': audience.id})
        facts = {
            'people': people.ids, 'partner': customer.id, 'order': order.id, 'request': request.id,
            'campaign': campaign.id,
            'outcome': env.ref('crm_calls.crm_call_outcome_no_answer').id}
    Registry.registries.pop(database, None)
    close_db(database)
    return facts


def press(sessions, presses, facts, seconds, seed, pause=0.0):
    """Let everybody press for so long.

    :return: how long each press took, how often somebody was told to be late, other errors
    :rtype: tuple[list[float], int, list[str]]
    """
    times, late, errors = [], [], []

    def one(place, session):
        lot, end = random.Random(seed + place), time.monotonic() + seconds
        while time.monotonic() < end:
            start = time.perf_counter()
            try:
                lot.choice(presses)(session, facts, lot)
            except Refused as error:
                (late if error.name in BUSINESS else errors).append(error.name)
            times.append(1000 * (time.perf_counter() - start))
            time.sleep(lot.uniform(0, 2 * pause))

    with ThreadPoolExecutor(len(sessions)) as pool:
        list(pool.map(one, range(len(sessions)), sessions))
    return times, len(late), errors


def button(model, method, key):
    return lambda session, facts, lot: session.call(model, method, [facts[key]])


def log_call(session, facts, lot):
    session.call('sale.order', 'log_call', [facts['order']], outcome=facts['outcome'])


def change_manager(session, facts, lot):
    wizard = session.call('crm.manager.assign', 'create', [{
        'order_ids': [[6, 0, [facts['order']]]], 'method': 'one', 'reason': 'transfer',
        'user_id': lot.choice(facts['people'])}])
    session.call('crm.manager.assign', 'action_assign', wizard)


def write_partner(session, facts, lot):
    session.call('res.partner', 'write', [facts['partner']], {'comment': str(lot.random())})


STOCK = "stock: write one partner"
ARMS = {
    STOCK: [write_partner],
    "request: open, wait, take, close, reopen": [
        button('crm.request', f'action_{name}', 'request')
        for name in ('open', 'wait', 'take', 'close', 'reopen')],
    "order: hold, give back, log a call, change the manager": [
        button('sale.order', 'action_hold', 'order'),
        button('sale.order', 'action_release', 'order'), log_call, change_manager],
    "campaign: start, stop, draft": [
        button('utm.campaign', f'action_{name}', 'campaign')
        for name in ('start', 'cancel', 'draft')],
}


def twice(database):
    """Return how much was noted twice: a member of a campaign, a change of the same manager."""
    [[members]] = rows(
        database, "SELECT count(*) - count(DISTINCT (campaign_id, partner_id))"
                  " FROM crm_campaign_member")
    [[changes]] = rows(database, """
        SELECT count(*) FROM (
            SELECT from_user_id, lag(to_user_id) OVER (PARTITION BY order_id ORDER BY id) AS before
            FROM crm_manager_change) step
        WHERE before IS DISTINCT FROM from_user_id AND from_user_id IS NOT NULL""")
    return members + changes
