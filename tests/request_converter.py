"""A service supervisor in a process of his own, who converts requests that others convert, too.

Usage: request_converter.py CONFIG DATABASE convert LOGIN
           presses the button of the preview of every request, again as long as others hold it;
           prints a line per request: its id and the id of the order that was opened
       request_converter.py CONFIG DATABASE automatically LOGIN
           converts every request as the system does
       request_converter.py CONFIG DATABASE hold LOGIN
           converts one request, and commits it only when told to
       request_converter.py CONFIG DATABASE try LOGIN
           tries to convert one request each time it is told to
       request_converter.py CONFIG DATABASE prepare REQUESTS LOGIN ...
           makes the requests and the people
"""

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import LockError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

RACE = [('name', '=', 'Race')]


def press(registry, user_id, request_id):
    """Convert a request by hand, and return the order that is opened."""

    def make(env, preview_id):
        return env['crm.request.convert'].browse(preview_id).action_convert()['res_id']

    with registry.cursor() as cr:
        request = Environment(cr, user_id, {})['crm.request'].browse(request_id)
        preview_id = request._propose_conversion().id
    while True:
        try:
            with registry.cursor() as cr:
                env = Environment(cr, user_id, {})
                return retrying(lambda env=env: make(env, preview_id), env)
        except LockError:
            continue


def convert_automatically(registry, _user_id, request_id):
    """Convert a request as the system does, and return its order."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        request = env['crm.request'].browse(request_id)
        retrying(request._convert_automatically, env)
        return request.sale_order_ids.id


def race(registry, login, convert):
    """Wait for the start, then convert every request."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        user_id = env['res.users'].search([('login', '=', login)]).id
        request_ids = env['crm.request'].search(RACE, order='id').ids
    print('ready', flush=True)
    sys.stdin.readline()
    for request_id in request_ids:
        print(request_id, convert(registry, user_id, request_id), flush=True)


def hold(registry, login):
    """Convert a request without a commit until told to; print the id of the order."""
    with registry.cursor() as cr:
        env = user_environment(cr, login)
        request = env['crm.request'].search(RACE, order='id', limit=1)
        order_id = request._propose_conversion().action_convert()['res_id']
        env.flush_all()
        print(order_id, flush=True)
        sys.stdin.readline()
    print('committed', flush=True)


def try_again(registry, login):
    """Try to convert a request; print the id of the order, or that somebody else is at it."""
    print('ready', flush=True)
    for _line in sys.stdin:
        try:
            with registry.cursor() as cr:
                request = user_environment(cr, login)['crm.request'].search(
                    RACE, order='id', limit=1)
                action = request.action_convert()
                if action['res_model'] == 'crm.request.convert':
                    preview = request.env[action['res_model']].browse(action['res_id'])
                    action = preview.action_convert()
                print(action['res_id'], flush=True)
        except LockError:
            print('locked', flush=True)


def user_environment(cr, login):
    env = Environment(cr, SUPERUSER_ID, {})
    return env(user=env['res.users'].search([('login', '=', login)]).id)


def prepare(registry, count, *logins):
    """Make requests for a quotation, and the people."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        env['res.users'].with_context(no_reset_password=True).create([{
            'name': login, 'login': login, 'password': login,
            'group_ids': [Command.link(env.ref('crm_roles.group_service_supervisor').id)],
        } for login in logins])
        kind = env.ref('crm_service_requests.crm_request_type_order')
        kind.product_id = env['product.product'].create({'name': "Drill", 'list_price': 100.0})
        customer = env['res.partner'].create({'name': "Quinn Carpentry"})
        env['crm.request'].create([{
            'name': 'Race', 'type_id': kind.id, 'partner_id': customer.id,
        } for _number in range(int(count))])


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    # That one has to wait for another, and tries again, is no error.
    config.parse_config(
        ['--config', config_file, '--database', database, '--log-level', 'critical'])
    found = Registry(database)
    if command in ('prepare', 'hold', 'try'):
        {'prepare': prepare, 'hold': hold, 'try': try_again}[command](found, *arguments)
    else:
        race(found, *arguments, {
            'convert': press, 'automatically': convert_automatically}[command])
