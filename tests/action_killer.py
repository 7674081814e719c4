"""A scheduled action that is killed at each of its commits, and run again until it is done.

Usage: action_killer.py CONFIG DATABASE ACTION

Makes something to do for the action, then runs it in a process of its own that dies by SIGKILL
right after its first commit, in the next one after the second commit, and so on, until one comes
to the end; then once more. After each of them one line of JSON says how things stand in the
database.
"""

import json
import os
import signal
import sys

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

PEOPLE, ORDERS_EACH = 4, 20


def make_users(env, count, role):
    return env['res.users'].create([
        {'name': f"Person {number}", 'login': f'person{number}',
         'email': f'person{number}@example.com', 'notification_type': 'inbox',
         'group_ids': [Command.set(env.ref(f'crm_roles.group_{role}').ids)]}
        for number in range(count)])


def make_orders(env, count, **values):
    customer = env['res.partner'].create({'name': "Quinn Carpentry"})
    product = env['product.product'].create(
        {'name': "Drill", 'list_price': 100.0, 'taxes_id': [Command.clear()]})
    orders = env['sale.order'].create([
        {'partner_id': customer.id, 'order_line': [Command.create({'product_id': product.id})],
         **values} for _number in range(count)])
    orders.action_confirm()
    return orders


class Absences:
    """People who have lent orders for an absence that is over."""

    method = '_cron_follow_absences'
    standing = """
        WITH change AS (
            SELECT order_id, count(*) - 1 AS returns FROM crm_manager_change
            WHERE reason = 'absence' GROUP BY order_id
        ), told AS (
            SELECT notification.res_partner_id FROM mail_notification notification
            JOIN res_users ON res_users.partner_id = notification.res_partner_id
            WHERE res_users.login LIKE 'person%'
        )
        SELECT count(lender_id) AS lent, sum(returns) AS returns,
               count(*) FILTER (WHERE lender_id IS NULL) AS returned,
               (SELECT count(*) FROM told) AS messages,
               (SELECT count(DISTINCT res_partner_id) FROM told) AS told
        FROM sale_order JOIN change ON change.order_id = sale_order.id"""

    @staticmethod
    def prepare(env):
        substitute, *lenders = make_users(env, PEOPLE + 1, 'order_manager')
        lenders = env['res.users'].union(*lenders)
        for lender in lenders:
            make_orders(env, ORDERS_EACH, order_manager_id=lender.id)
        lenders.absent_from = '2026-01-05'
        orders = env['sale.order'].search([('order_manager_id', 'in', lenders.ids)])
        orders._lend({substitute: orders})
        lenders.absent_from = False


ACTIONS = {'absences': Absences}


def run(registry, action, kill_after):
    """Run the action as the scheduler does, and die after so many of its commits."""
    sql_db.close_all()
    commits = 0
    original = sql_db.Cursor.commit

    def commit(cursor):
        nonlocal commits
        original(cursor)
        commits += 1
        if commits == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    sql_db.Cursor.commit = commit
    with registry.cursor() as cr:
        getattr(Environment(cr, SUPERUSER_ID, {})['sale.order'], action.method)()
    os._exit(0)


def run_apart(registry, action, kill_after):
    """Run the action in a process of its own, and return by which signal it has died."""
    sql_db.close_all()
    process = os.fork()
    if not process:
        try:
            run(registry, action, kill_after)
        finally:
            os._exit(1)
    status = os.waitpid(process, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def tell(registry, action, died):
    with registry.cursor() as cr:
        cr.execute(action.standing)
        [row] = cr.dictfetchall()
        print(json.dumps({'died': died} | {name: int(value) for name, value in row.items()}))


def main(config_file, database, name):
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    registry, action = Registry(database), ACTIONS[name]
    with registry.cursor() as cr:
        action.prepare(Environment(
            cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True}))
    tell(registry, action, 0)
    died = kill_after = 0
    while kill_after == 0 or died:
        kill_after += 1
        died = run_apart(registry, action, kill_after)
        tell(registry, action, died)
    tell(registry, action, run_apart(registry, action, 0))


if __name__ == '__main__':
    main(*sys.argv[1:])
