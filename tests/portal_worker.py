"""A customer who uses the portal, and what he has, in a process of its own.

Usage: portal_worker.py CONFIG DATABASE prepare LOGIN
           makes the customer, his user and his documents; prints as JSON the addresses of all
           pages of the suite that are declared to read only, with his documents in them
"""

import json
import re
import sys
import threading

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

# More orders than a page of the list shows.
ORDERS = 85


def prepare(registry, login):
    """Make the customer and print the pages."""
    # The addresses are those of the database of the thread.
    threading.current_thread().dbname = registry.db_name
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
        names = make_documents(env, make_customer(env, login))
        print(json.dumps(sorted(pages(env, names))))


def make_customer(env, login):
    customer = env['res.partner'].create({'name': "Yarrow Interiors", 'is_company': True})
    user = env['res.users'].create({
        'name': login.title(), 'login': login, 'password': login,
        'email': f'{login}@yarrow.example',
        'group_ids': [Command.set(env.ref('base.group_portal').ids)]})
    user.partner_id.write({'parent_id': customer.id, 'user_id': env.ref('base.user_admin').id})
    env['crm.representative.right'].search([
        ('partner_id', '=', user.partner_id.id)]).can_administer = True
    return user


def make_documents(env, user):
    """Make documents of the customer.

    :return: their ids by the names of the parameters of the addresses
    :rtype: dict[str, int]
    """
    partner = user.partner_id
    product = env['product.product'].create({'name': "Chair", 'type': 'service'})
    line = [Command.create({'product_id': product.id})]
    orders = env['sale.order'].create([
        {'partner_id': partner.id, 'state': state, 'order_line': line if number == 0 else []}
        for number, state in enumerate(['sale'] * ORDERS + ['sent'])])
    bills = env['account.move'].create([{
        'move_type': 'out_invoice', 'partner_id': partner.id,
        'invoice_line_ids': [Command.create({'name': "Chair", 'price_unit': 10})],
    } for _number in range(3)])
    bills.action_post()
    request = env['crm.request'].create([{
        'name': f"Question {number}", 'partner_id': partner.id,
        'type_id': env.ref('crm_service_requests.crm_request_type_information').id,
    } for number in range(3)])[:1]
    return {
        'order_id': orders[0].id, 'request_id': request.id, 'type_id': request.type_id.id,
        'right_id': env['crm.representative.right'].search([
            ('partner_id', '=', partner.id)]).id,
    }


def pages(env, names):
    """Return the addresses of the pages of the suite that are declared to read only.

    What the customer has nothing of has the number 1: its page answers that there is none.
    """
    for rule in env['ir.http'].routing_map().iter_rules():
        routing = rule.endpoint.routing
        if routing['readonly'] and routing['type'] == 'http' and (
                rule.endpoint.__module__.startswith('odoo.addons.crm_')):
            yield re.sub(
                r'<\w+:(\w+)>', lambda found: str(names.get(found[1], 1)), rule.rule)


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare}[command](Registry(database), *arguments)
