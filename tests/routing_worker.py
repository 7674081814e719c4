"""A process that takes in requests which the rules give to the people of a team.

Usage: routing_worker.py CONFIG DATABASE prepare DISTRIBUTION PEOPLE
           makes the team and the rule
       routing_worker.py CONFIG DATABASE receive REQUESTS
           waits for the start, then makes so many requests, each in a transaction of its own
       routing_worker.py CONFIG DATABASE tell
           prints to whom each request was given, in the order in which they were given
"""

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def prepare(env, distribution, people):
    env['crm.request.routing'].search([]).active = False
    users = env['res.users'].with_context(no_reset_password=True).create([{
        'name': f"Person {number}", 'login': f'person{number}', 'group_ids': [
            Command.set(env.ref('crm_roles.group_service_representative').ids)],
    } for number in range(int(people))])
    team = env['crm.team'].create({'name': "Service"})
    team.member_ids = users
    env['crm.request.routing'].create({
        'name': "All", 'target': 'team', 'team_id': team.id, 'distribution': distribution,
        'at_work_only': False})
    # The sequence of the type is made with its first request.
    receive_one(env).unlink()


def receive_one(env):
    return env['crm.request'].create({'name': "Where is it?"})


def receive(registry, count):
    print('ready', flush=True)
    sys.stdin.readline()
    for _number in range(int(count)):
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            retrying(lambda env=env: receive_one(env), env)


def tell(env):
    for request in env['crm.request'].search(
            [('name', '=', "Where is it?")], order='routing_number'):
        print(request.routed_user_id.login, request.routing_number)


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    registry = Registry(database)
    if command == 'receive':
        receive(registry, *arguments)
    else:
        with registry.cursor() as cr:
            {'prepare': prepare, 'tell': tell}[command](
                Environment(cr, SUPERUSER_ID, {'tracking_disable': True}), *arguments)
