"""The scheduled action that gives untouched orders back, in a process that may be killed.

Usage: release_worker.py CONFIG DATABASE prepare ORDERS    makes orders held too long ago
       release_worker.py CONFIG DATABASE run KILL_AFTER    runs the action; dies by SIGKILL right
                                                           after that many commits, 0 for never
"""

import sys

from killing import die_after

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config


def prepare(registry, count):
    with registry.cursor() as cr:
        make_held(Environment(
            cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True}), int(count))


def make_held(env, count):
    """Make orders that were taken and left untouched an hour ago."""
    user = env['res.users'].create({
        'name': "Holder", 'login': 'holder',
        'group_ids': [Command.set(env.ref('crm_roles.group_order_manager').ids)]})
    customer = env['res.partner'].create({'name': "Quinn Carpentry"})
    product = env['product.product'].create({'name': "Drill", 'list_price': 100.0})
    orders = env['sale.order'].create([{
        'partner_id': customer.id, 'order_line': [Command.create({'product_id': product.id})],
    } for _number in range(count)])
    orders.action_confirm()
    env.flush_all()
    orders.with_user(user)._write_hold(user.id)
    orders.with_user(user)._take_unmanaged()
    env.cr.execute("UPDATE sale_order SET call_held_at = call_held_at - interval '1 hour',"
                   " write_uid = %s WHERE id = ANY(%s)", (SUPERUSER_ID, orders.ids))


def run(registry, kill_after):
    """Run the action as the scheduler does, and die after so many of its commits."""
    die_after(int(kill_after))
    with registry.cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})['sale.order']._cron_release_untouched()


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'run': run}[command](Registry(database), *arguments)
