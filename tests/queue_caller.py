"""One order manager in a process of his own, who calls until nobody waits.

Usage: queue_caller.py CONFIG DATABASE call LOGIN
           prints a line per order: its id and the milliseconds until he had it
       queue_caller.py CONFIG DATABASE prepare ORDERS LOGIN ...
           makes the orders and the people, and prints the ids of the orders
"""

import sys
import time

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def call_until_nobody_waits(registry, login):
    """Take one order after the other and log a call that closes it; yield its id and the wait."""
    with registry.cursor() as cr:
        user_id = Environment(cr, SUPERUSER_ID, {})['res.users'].search([('login', '=', login)]).id
    while True:
        start = time.perf_counter()
        with registry.cursor() as cr:
            env = Environment(cr, user_id, {})
            order = retrying(lambda env=env: env['sale.order']._call_next(env.user), env)
        waited = 1000 * (time.perf_counter() - start)
        if not order:
            return
        with registry.cursor() as cr:
            env = Environment(cr, user_id, {})
            order = order.with_env(env)
            retrying(
                lambda env=env, order=order: order.log_call(
                    env.ref('crm_calls.crm_call_outcome_lost')
                ),
                env,
            )
        yield order.id, waited


def call(registry, login):
    """Wait for the start, then print every order this caller takes."""
    print('ready', flush=True)
    sys.stdin.readline()
    for order_id, waited in call_until_nobody_waits(registry, login):
        print(order_id, round(waited, 1), flush=True)


def prepare(registry, count, *logins):
    """Make `count` orders that wait for a call, nothing else that does, and the callers."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        env['sale.order'].search([('call_state', '!=', 'done')])._action_cancel()
        customer = env['res.partner'].create({'name': "Quinn Carpentry"})
        product = env['product.product'].create({'name': "Drill", 'list_price': 100.0})
        orders = env['sale.order'].create([{
            'partner_id': customer.id,
            'order_line': [Command.create({'product_id': product.id})],
        } for _number in range(int(count))])
        orders.action_confirm()
        env['res.users'].with_context(no_reset_password=True).create([{
            'name': login, 'login': login, 'password': login,
            'group_ids': [Command.set(env.ref('crm_roles.group_order_manager').ids)],
        } for login in logins])
        print(*orders.ids)


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'call': call, 'prepare': prepare}[command](Registry(database), *arguments)
