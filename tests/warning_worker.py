"""The scheduled action that warns of late steps, in a process that may be killed.

Usage: warning_worker.py CONFIG DATABASE prepare STEPS     makes leads whose first step is due, of
                                                           two people who are told by mail
       warning_worker.py CONFIG DATABASE run KILL_AFTER    waits for a line, then runs the action;
                                                           dies by SIGKILL right after that many
                                                           commits, 0 for never
"""

import sys

from killing import die_after

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config


def prepare(registry, count):
    with registry.cursor() as cr:
        make_due(Environment(
            cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True}), int(count))


def make_due(env, count):
    """Make leads in a step that was due yesterday, where somebody is always at work."""
    env['crm.process'].search([('state', '=', 'active')]).action_stop()
    env.company.email = 'office@example.com'
    env.company.resource_calendar_id = env['resource.calendar'].create({
        'name': "Always", 'tz': 'UTC', 'attendance_ids': [Command.clear()] + [
            Command.create({
                'name': "Work", 'dayofweek': str(day), 'hour_from': start,
                'hour_to': start + 12, 'day_period': 'morning' if start < 12 else 'afternoon'})
            for day in range(7) for start in (0, 12)]})
    people = env['res.users'].create([{
        'name': login, 'login': login, 'email': f'{login}@example.com',
        'group_ids': [Command.set(env.ref('crm_roles.group_sales_manager').ids)],
    } for login in ('ann', 'bob')])
    env['crm.process'].create({
        'name': "Sale", 'model_name': 'crm.lead', 'start_domain': "[('color', '=', 7)]",
        'end_domain': "[('color', '=', 8)]",
        'step_ids': [Command.create({
            'name': "Quote", 'domain': "[('color', '=', 7)]", 'norm_hours': 8,
            'level_ids': [Command.create({'value': 50, 'channel': 'mail'})]})],
    }).action_activate()
    env['crm.lead'].create([{
        'name': f"Lead {number}", 'type': 'opportunity', 'color': 7,
        'user_id': people[number % 2].id} for number in range(count)])
    env.cr.flush()
    env.cr.execute("UPDATE crm_process_task SET date_start = date_start - interval '1 day',"
                   " date_warning = date_warning - interval '1 day' WHERE date_end IS NULL")


def work_in_small_batches():
    """Let a run have many commits."""
    # Addons are found once the configuration is read.
    from odoo.addons.crm_process.models import crm_process_notify, crm_process_task_warning
    crm_process_task_warning.BATCH = 40
    crm_process_notify.PEOPLE = 1


def run(registry, kill_after):
    """Run the action as the scheduler does, and die after so many of its commits."""
    work_in_small_batches()
    print('ready', flush=True)
    sys.stdin.readline()
    die_after(int(kill_after))
    with registry.cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})['crm.process.task']._cron_warn()


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'run': run}[command](Registry(database), *arguments)
