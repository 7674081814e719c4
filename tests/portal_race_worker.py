"""Somebody who uses the portal, or decides about what was asked there, in a process of his own.

Usage: portal_race_worker.py CONFIG DATABASE prepare COUNT
           makes two colleagues, two managers, and so many of each thing they quarrel about; prints
           what there is as JSON
       portal_race_worker.py CONFIG DATABASE remedy USER REMEDY ID ...
           chooses what is to be done about late orders; prints those for which it was done
       portal_race_worker.py CONFIG DATABASE read USER COUNT DOCUMENT
           reads a document so often; prints how often it was for the first time
       portal_race_worker.py CONFIG DATABASE approve USER ID ...
           approves corrections; prints those he has approved
       portal_race_worker.py CONFIG DATABASE set_off USER NOTE BILL ...
           sets a credit note off against each of some bills; prints those where that was possible
       portal_race_worker.py CONFIG DATABASE watch USER
           prints what the user may and how many orders he sees, at once and for each line it reads
       portal_race_worker.py CONFIG DATABASE change MODEL ID FIELD VALUE
           writes a field, as an employee does; the value is JSON
       portal_race_worker.py CONFIG DATABASE ask
           prints as JSON how things stand
"""

import json
import sys
from datetime import timedelta

from odoo import fields
from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

from odoo.addons.crm_selfservice_portal.cart import Cart
from odoo.addons.crm_selfservice_portal.correction import Wish
from odoo.addons.crm_selfservice_portal.open_items import OpenItems
from odoo.addons.crm_selfservice_portal.set_off import SetOff


def prepare(registry, count):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {
            'tracking_disable': True, 'no_reset_password': True, 'skip_procurement': True})
        customer, *users = make_people(env)
        orders = make_orders(env, customer, 2 * int(count))
        late, corrected = orders[:int(count)], orders[int(count):]
        env['crm.order.delay'].create([{
            'order_id': order.id, 'date_promised': order.commitment_date,
            'date_noticed': fields.Datetime.now()} for order in late])
        document = env['crm.shared.document'].create({
            'name': "Price List", 'file': 'cHJpY2Vz', 'state': 'published', 'audience': 'all',
            'type_id': env['crm.shared.document.type'].search([], limit=1).id})
        print(json.dumps({
            'users': [user.id for user in users], 'late': late.ids,
            'contact': users[0].partner_id.id,
            'corrections': ask_for_corrections(corrected, users[0]).ids,
            'document': document.id, 'bills': make_bills(env, customer, int(count)).ids,
            'note': make_bills(env, customer, 1, move_type='out_refund').id,
            'rights': env['crm.representative.right'].search(
                [('partner_id', '=', users[0].partner_id.id)]).id}))


def make_people(env):
    """Return a customer, two colleagues there and two who decide here."""
    env.company.correction_mode = 'approval'
    customer = env['res.partner'].create({'name': "Quill Joinery", 'is_company': True})
    people = env['res.users'].create([{
        'name': name, 'login': f'{name}@race.example', 'email': f'{name}@race.example',
        'group_ids': [Command.set(env.ref(group).ids)],
    } for name, group in [
        ('quinn', 'base.group_portal'), ('quincy', 'base.group_portal'),
        ('lena', 'crm_roles.group_call_center_lead'),
        ('leo', 'crm_roles.group_call_center_lead')]])
    people[:2].partner_id.parent_id = customer
    return customer, *people


def make_orders(env, customer, count):
    bench = env['product.product'].create({
        'name': "Bench", 'list_price': 100.0, 'taxes_id': [Command.clear()]})
    orders = env['sale.order'].create([{
        'partner_id': customer.id,
        'order_line': [Command.create({'product_id': bench.id, 'product_uom_qty': 10})],
    } for _number in range(count)])
    orders.action_confirm()
    orders.commitment_date = fields.Datetime.now() + timedelta(days=9)
    return orders


def ask_for_corrections(orders, user):
    """Let a customer want two of the ten benches less of each order."""
    corrections = orders.env['crm.order.correction']
    for order in orders.with_user(user).sudo():
        wish = order._complete_wish(Wish({order.order_line: 8}))
        corrections |= order._correct(wish, order._correction_effect(wish))
    return corrections


def make_bills(env, customer, count, **values):
    if not env.company.chart_template:
        env['account.chart.template'].try_loading('generic_coa', env.company)
    bills = env['account.move'].create([{
        'move_type': 'out_invoice', 'partner_id': customer.id, 'invoice_date': '2026-01-10',
        'invoice_line_ids': [Command.create({
            'name': "Drill", 'price_unit': 100.0, 'tax_ids': [Command.clear()]})], **values,
    } for _number in range(count)])
    bills.action_post()
    return bills


def act_on_each(registry, user_id, ids, act):
    """Wait for the start, and print the ids of those of some things where an act was possible.

    :param act: what is done in an environment of the user to the thing with an id
    """
    print('ready', flush=True)
    sys.stdin.readline()
    done = []
    for thing_id in map(int, ids):
        with registry.cursor() as cr:
            env = Environment(cr, int(user_id), {'skip_procurement': True})

            def attempt(env=env, thing_id=thing_id):
                env.invalidate_all()
                return act(env, thing_id)

            try:
                if retrying(attempt, env):
                    done.append(thing_id)
            except UserError:
                pass
    print(*done)


def remedy(registry, user_id, wanted, *ids):
    act_on_each(registry, user_id, ids, lambda env, order_id: env['sale.order'].browse(
        order_id)._choose_remedy(wanted, ''))


def approve(registry, user_id, *ids):
    def act(env, correction_id):
        env['crm.order.correction'].browse(correction_id).action_apply()
        return True

    act_on_each(registry, user_id, ids, act)


def read(registry, user_id, count, document_id):
    act_on_each(registry, user_id, [document_id] * int(count), lambda env, found_id: env[
        'crm.shared.document.receipt'].sudo()._note_read(
            env['crm.shared.document'].browse(found_id).sudo(), env.user.partner_id))


def set_off(registry, user_id, note_id, *ids):
    def act(env, bill_id):
        open_items = OpenItems(env.user, env.company, env.company.currency_id)
        open_items.queue_up()
        chosen = SetOff(Cart.fill(open_items, {f'm{note_id}': None, f'm{bill_id}': None}))
        chosen.check()
        chosen.settle()
        return True

    act_on_each(registry, user_id, ids, act)


def watch(registry, user_id):
    while True:
        registry = registry.check_signaling()
        with registry.cursor() as cr:
            env = Environment(cr, int(user_id), {})
            print(json.dumps([
                sorted(env.user._portal_rights().names), env['sale.order'].search_count([])]),
                flush=True)
        if not sys.stdin.readline():
            return


def change(registry, model, record_id, field, value):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        record = env[model].browse(int(record_id))
        retrying(lambda: record.write({field: json.loads(value)}), env)


def ask(registry):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        corrections = env['crm.order.correction'].search([])
        receipts = env['crm.shared.document.receipt'].search([])
        print(json.dumps({
            'requests': env['crm.request'].search_count([('channel', '=', 'portal')]),
            'quantities': corrections.order_id.order_line.mapped('product_uom_qty'),
            'states': corrections.mapped('state'),
            'answers': env['mail.message'].search_count([
                ('model', '=', 'sale.order'), ('body', 'like', "Your correction was applied.")]),
            'receipts': len(receipts), 'read': sum(receipts.mapped('read_count')),
            'open': sum(env['account.move'].search([
                ('move_type', '=', 'out_invoice'), ('partner_id.name', '=', "Quill Joinery"),
            ]).mapped('amount_residual')),
        }))


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'remedy': remedy, 'read': read, 'approve': approve, 'set_off': set_off,
     'watch': watch, 'change': change, 'ask': ask}[command](Registry(database), *arguments)
