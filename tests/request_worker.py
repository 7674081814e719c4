"""One person at the service desk, in a process of his own.

Usage: request_worker.py CONFIG DATABASE prepare REQUESTS LOGIN ...
           makes requests that nobody has taken, two planned visits of one technician at the same
           time and the people; prints the ids of the requests, and in a second line of the visits
       request_worker.py CONFIG DATABASE take LOGIN
           waits for the start, takes requests until nobody's are left, prints the id of each
       request_worker.py CONFIG DATABASE confirm LOGIN VISIT
           waits for the start, confirms a visit, prints "confirmed" or "refused"
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


def user_of(registry, login):
    with registry.cursor() as cr:
        return Environment(cr, SUPERUSER_ID, {})['res.users'].search([('login', '=', login)]).id


def wait_for_the_start():
    print('ready', flush=True)
    sys.stdin.readline()


def take(registry, login):
    """Take requests until none is left."""
    user_id = user_of(registry, login)
    wait_for_the_start()
    while True:
        with registry.cursor() as cr:
            env = Environment(cr, user_id, {})
            request = retrying(lambda env=env: env['crm.request']._take_next(env.user), env)
        if not request:
            return
        print(request.id, flush=True)


def confirm(registry, login, visit):
    """Confirm a visit."""
    user_id = user_of(registry, login)
    wait_for_the_start()
    with registry.cursor() as cr:
        env = Environment(cr, user_id, {})
        request = env['crm.request'].browse(int(visit))
        try:
            retrying(request.action_confirm_appointment, env)
            print('confirmed', flush=True)
        except UserError:
            print('refused', flush=True)


def prepare(registry, count, *logins):
    """Make the requests, the visits and the people."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        requests = env['crm.request']
        requests.search(requests._unassigned_domain()).state = 'cancelled'
        env['crm.request.routing'].search([]).active = False
        people = env['res.users'].with_context(no_reset_password=True).create([{
            'name': login, 'login': login, 'email': f'{login}@desk.example',
            'group_ids': [Command.set(env.ref('crm_roles.group_service_representative').ids)],
        } for login in logins])
        customer = env['res.partner'].create({'name': "Quinn Carpentry"})
        information, service = (
            env.ref(f'crm_service_requests.crm_request_type_{name}')
            for name in ('information', 'service'))
        made = requests.create([
            {'name': f"Question {number}", 'type_id': information.id, 'partner_id': customer.id,
             'user_id': False} for number in range(int(count))])
        visits = requests.create([
            {'name': "Repair the saw", 'type_id': service.id, 'partner_id': customer.id,
             'user_id': people[0].id, 'service_start': fields.Datetime.now() + timedelta(days=2),
             'technician_ids': [Command.set(people[0].ids)]} for _number in range(2)])
        print(*made.ids)
        print(*visits.ids)


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    commands = {'take': take, 'confirm': confirm, 'prepare': prepare}
    commands[command](Registry(database), *arguments)
