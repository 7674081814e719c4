"""The scheduled action that keeps commissions up to date, in a process of its own.

Usage: commission_updater.py CONFIG DATABASE update
       commission_updater.py CONFIG DATABASE prepare ORDERS
           makes a plan of 10 % and as many orders over 100, with a manager, none taken up yet
"""

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config


def update(registry):
    """Work until nothing is due, and commit after each batch."""
    with registry.cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})['sale.order']._cron_update_commissions()


def prepare(registry, count):
    with registry.cursor() as cr:
        make_due(Environment(
            cr, SUPERUSER_ID, {'tracking_disable': True}), int(count))


def make_due(env, count):
    """Make the plan and the orders."""
    env['sale.order']._update_all_due_commissions()
    env['crm.commission.plan'].create({'name': "Ten Percent", 'rate': 10.0})
    product = env['product.product'].create(
        {'name': "Drill", 'list_price': 100.0, 'taxes_id': [Command.clear()]})
    customer = env['res.partner'].create({'name': "Quinn Carpentry"})
    env['sale.order'].create([{
        'partner_id': customer.id,
        'order_manager_id': SUPERUSER_ID,
        'order_line': [Command.create({'product_id': product.id})],
    } for _number in range(count)]).action_confirm()


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'update': update, 'prepare': prepare}[command](Registry(database), *arguments)
