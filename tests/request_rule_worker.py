"""Processes that let rules make requests: killed after a commit, or several at once.

Usage: request_rule_worker.py CONFIG DATABASE prepare CUSTOMERS
           makes customers who owe something, and a rule for them
       request_rule_worker.py CONFIG DATABASE nightly COMMITS
           runs the scheduled action, and dies right after so many of its commits; 0: never
       request_rule_worker.py CONFIG DATABASE run
           waits for a line, then runs the rule as a person does who presses the button
"""

import sys

from debtors import make_debtors
from killing import die_after

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

NAME = "Debtors of the Worker"


def the_rule(env):
    return env['crm.request.rule'].search([('name', '=', NAME)])


def prepare(registry, count):
    with registry.cursor() as cr:
        make_debts(Environment(
            cr, SUPERUSER_ID, {'tracking_disable': True}), int(count))


def make_debts(env, count):
    """Make customers who owe something, and the rule for them; all others rest."""
    tag = make_debtors(env, count, NAME).category_id
    env['crm.request.rule'].search([]).active = False
    env['crm.request.rule'].create({
        'name': NAME, 'kind': 'overdue', 'days': 1, 'cooling_days': 30,
        'domain': f"[('category_id', 'in', {tag.ids})]",
        'type_id': env.ref('crm_service_requests.crm_request_type_accounting').id})


def nightly(registry, kill_after):
    die_after(int(kill_after))
    with registry.cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})['crm.request.rule']._cron_run()


def run(registry):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        rule = the_rule(env)
        print('ready', flush=True)
        sys.stdin.readline()
        try:
            retrying(rule.action_run, env)
        except UserError as error:
            cr.rollback()
            print('refused' if 'is at work' in str(error) else error, flush=True)
        else:
            cr.commit()
            print('done', flush=True)


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'nightly': nightly, 'run': run}[command](Registry(database), *arguments)
