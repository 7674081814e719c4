"""A customer who corrects orders, in a process of his own.

Usage: correction_worker.py CONFIG DATABASE prepare COUNT MODE
           makes two colleagues and so many orders of ten benches; MODE is that of the company;
           prints the ids of the users and, on a second line, of the orders
       correction_worker.py CONFIG DATABASE correct USER QUANTITY ID ...
           has a user want another quantity of each order; prints the orders he could correct
       correction_worker.py CONFIG DATABASE ask ID ...
           prints for each order its quantity, its total and how many corrections are in which state
"""

import sys
from datetime import timedelta

from odoo import fields
from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

from odoo.addons.crm_selfservice_portal.correction import Wish


def prepare(registry, count, mode):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        env.company.correction_mode = mode
        customer = env['res.partner'].create({'name': "Quill Joinery", 'is_company': True})
        users = env['res.users'].create([{
            'name': name, 'login': f'{name}.{mode}',
            'group_ids': [Command.set(env.ref('base.group_portal').ids)],
        } for name in ('quinn', 'quincy')])
        users.partner_id.parent_id = customer
        bench = env['product.product'].create({
            'name': "Bench", 'list_price': 100.0, 'taxes_id': [Command.clear()]})
        orders = env['sale.order'].create([{
            'partner_id': customer.id,
            'order_line': [Command.create({'product_id': bench.id, 'product_uom_qty': 10})],
        } for _number in range(int(count))])
        orders.with_context(skip_procurement=True).action_confirm()
        orders.commitment_date = fields.Datetime.now() + timedelta(days=9)
        print(*users.ids)
        print(*orders.ids)


def correct(registry, user_id, quantity, *order_ids):
    print('ready', flush=True)
    sys.stdin.readline()
    corrected = []
    for order_id in map(int, order_ids):
        with registry.cursor() as cr:
            env = Environment(cr, int(user_id), {'skip_procurement': True})
            if retrying(lambda env=env, order_id=order_id: attempt(
                    env, order_id, float(quantity)), env):
                corrected.append(order_id)
    print(*corrected)


def attempt(env, order_id, quantity):
    """Correct an order as its page does; return whether that was possible."""
    env.invalidate_all()
    order = env['sale.order'].browse(order_id).sudo()
    if order.waiting_correction_id or order._correction_closed():
        return False
    wish = order._complete_wish(Wish({order.order_line: quantity}))
    if order._correction_unoffered(wish) or order._correction_obstacles(wish):
        return False
    try:
        with env.cr.savepoint():
            order._correct(wish, order._correction_effect(wish))
    except UserError:
        return False
    return True


def ask(registry, *order_ids):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        for order in env['sale.order'].browse(map(int, order_ids)):
            states = order.correction_ids.sorted('id').mapped('state')
            first = order.correction_ids.sorted('id')[:1]
            last = order.correction_ids.sorted('id')[-1:]
            print(order.order_line.product_uom_qty, order.amount_total, len(states),
                  states.count('waiting'), first.amount_from, last.amount_to,
                  all(former.amount_to == latter.amount_from for former, latter in zip(
                      order.correction_ids.sorted('id'), order.correction_ids.sorted('id')[1:],
                      strict=False)))


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'correct': correct, 'ask': ask}[command](Registry(database), *arguments)
