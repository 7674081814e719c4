"""What processes learn at night and suggest every week, in a process that may be killed.

Usage: learning_worker.py CONFIG DATABASE prepare PROCESSES   makes processes with a past
       learning_worker.py CONFIG DATABASE learn KILL_AFTER    runs the action that learns; dies by
                                                              SIGKILL right after that many commits,
                                                              0 for never
       learning_worker.py CONFIG DATABASE suggest KILL_AFTER  the same of the one that suggests
       learning_worker.py CONFIG DATABASE again               lets all be learnt and examined anew
"""

import sys
from datetime import timedelta

from killing import die_after

from odoo import fields
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

CASES = 40
OPEN = 5


def prepare(registry, count):
    with registry.cursor() as cr:
        make_processes(Environment(
            cr, SUPERUSER_ID, {'tracking_disable': True}), int(count))


def make_processes(env, count):
    """Make processes each of whose documents took an hour where eight are allowed."""
    env['crm.process'].search([('state', '=', 'active')]).action_stop()
    lead = env['crm.lead'].create({'name': "Long Ago", 'type': 'lead'})
    for number in range(count):
        process = env['crm.process'].create({
            'name': f"Process {number}", 'model_name': 'crm.lead',
            'domain': f"[('name', '=', 'Open {number}')]",
            'end_domain': "[('active', '=', False)]"})
        env['crm.process.step'].create({
            'process_id': process.id, 'name': "Quote", 'domain': "[('type', '=', 'lead')]",
            'norm_hours': 8})
        process.action_activate()
        for index in range(CASES):
            make_past(env, process, lead, days=index + 2)
        env['crm.lead'].create([{'name': f"Open {number}", 'type': 'lead'}] * OPEN)


def make_past(env, process, lead, days):
    """Let a document have gone through a process, so many days ago, in an hour."""
    calendar = env.company.resource_calendar_id
    start = calendar._working_time().next_open(fields.Datetime.now() - timedelta(days=days))
    times = {'date_start': start, 'date_end': calendar._working_time().plan(start, 1)}
    document = {
        'res_model': 'crm.lead', 'res_id': lead.id, 'company_id': env.company.id, 'state': 'done'}
    run = env['crm.process.run'].create({
        **document, **times, 'process_id': process.id, 'calendar_id': calendar.id,
        'customer_class': 'company'})
    env['crm.process.task'].create({
        **document, **times, 'run_id': run.id, 'step_id': process.step_ids.id,
        'date_ready': start, 'norm_hours': 8})


def run(registry, kill_after, method):
    """Run an action as the scheduler does, and die after so many of its commits."""
    die_after(int(kill_after))
    with registry.cursor() as cr:
        getattr(Environment(cr, SUPERUSER_ID, {})['crm.process'], method)()


def learn(registry, kill_after):
    run(registry, kill_after, '_cron_learn')


def suggest(registry, kill_after):
    run(registry, kill_after, '_cron_suggest')


def again(registry):
    """Let everything be learnt and examined once more."""
    with registry.cursor() as cr:
        cr.execute("UPDATE crm_process SET date_learnt = NULL, date_examined = NULL")


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'learn': learn, 'suggest': suggest, 'again': again}[
        command](Registry(database), *arguments)
