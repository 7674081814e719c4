"""Somebody who decides on returns, in a process of his own.

Usage: return_worker.py CONFIG DATABASE prepare COUNT
           makes so many purchases of ten, and two returns of six for each; prints two lines: the
           ids of the first returns and of the second ones
       return_worker.py CONFIG DATABASE decide ID ...
           has the policy decide on returns, one after the other
       return_worker.py CONFIG DATABASE override ID ...
           accepts rejected returns of what nobody bought; prints those that he could override
       return_worker.py CONFIG DATABASE ask ID ...
           prints what is decided on returns
       return_worker.py CONFIG DATABASE foreign COUNT
           makes so many returns of what nobody bought, has them decided, and prints their ids
"""

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def each_in_its_own_transaction(registry, ids, act):
    """Wait for the start, then do something with each return; yield what it gave."""
    print('ready', flush=True)
    sys.stdin.readline()
    for request_id in map(int, ids):
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            request = env['crm.request'].browse(request_id)
            yield retrying(lambda request=request: act(request), env)


def decide(registry, *ids):
    list(each_in_its_own_transaction(
        registry, ids, lambda request: request.action_decide_return()))


def override(registry, *ids):
    def act(request):
        request.invalidate_recordset()
        try:
            request._override_return(request.return_line_ids, True, "He asked.")
        except UserError:
            return None
        return request.id

    print(*filter(None, each_in_its_own_transaction(registry, ids, act)))


def ask(registry, *ids):
    with registry.cursor() as cr:
        requests = Environment(cr, SUPERUSER_ID, {})['crm.request'].browse(map(int, ids))
        print(*requests.mapped('return_state'), len(requests.decision_ids))


def prepare(registry, count):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        customer = env['res.partner'].create({'name': "Quinn Carpentry"})
        product = env['product.product'].create({'name': "Drill", 'list_price': 100.0})
        orders = env['sale.order'].create([{
            'partner_id': customer.id,
            'order_line': [Command.create({'product_id': product.id, 'product_uom_qty': 10})],
        } for _number in range(int(count))])
        orders.with_context(skip_procurement=True).action_confirm()
        for _turn in range(2):
            print(*make_returns(env, customer, [
                {'sale_line_id': line.id, 'quantity': 6} for line in orders.order_line]).ids)


def foreign(registry, count):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        customer = env['res.partner'].create({'name': "Reed Carpentry"})
        product = env['product.product'].create({'name': "Saw"})
        requests = make_returns(env, customer, [{'product_id': product.id}] * int(count))
        requests.action_decide_return()
        print(*requests.ids)


def make_returns(env, customer, lines):
    return env['crm.request'].create([{
        'name': "Back", 'partner_id': customer.id,
        'type_id': env.ref('crm_service_requests.crm_request_type_return').id,
        'return_line_ids': [Command.create(line)],
    } for line in lines])


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'foreign': foreign, 'decide': decide, 'override': override, 'ask': ask}[
        command](Registry(database), *arguments)
