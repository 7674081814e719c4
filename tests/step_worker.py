"""The scheduled action of campaigns in a process of its own.

Usage: step_worker.py CONFIG DATABASE prepare COUNT
           makes two campaigns that are to call the same customers, so many
       step_worker.py CONFIG DATABASE run
           does what is due
       step_worker.py CONFIG DATABASE tell
           prints how many touches there are, how many of them for the same member and step, how
           many customers are to be called, and at most how often
"""

import sys

from odoo import fields
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

STANDING = """
    WITH customer AS (
        SELECT partner_id, count(*) AS touches, count(DISTINCT step_id) AS steps,
               count(*) FILTER (WHERE state = 'waiting') AS calls
        FROM crm_campaign_touch WHERE name = 'Race' GROUP BY partner_id
    )
    SELECT sum(touches)::int, sum(touches - steps)::int,
           count(*) FILTER (WHERE calls > 0), max(calls)
    FROM customer
"""


def prepare(registry, count):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        env.company.write({'resource_calendar_id': False, 'touch_cap': 1})
        customers = env['res.partner'].create([
            {'name': f"Customer {number}", 'phone': '+353 1 234 5678'}
            for number in range(int(count))])
        for title in ("First", "Second"):
            campaign = env['utm.campaign'].create({'title': title})
            env['crm.campaign.step'].create(
                {'name': "Race", 'campaign_id': campaign.id, 'channel': 'call'})
            env['crm.campaign.member'].create([
                {'campaign_id': campaign.id, 'partner_id': customer.id} for customer in customers])
            campaign.write({'state': 'running', 'date_start': fields.Date.today()})


def run(registry):
    print('ready', flush=True)
    sys.stdin.readline()
    with registry.cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})['crm.campaign.step']._cron_run_steps()


def tell(registry):
    with registry.cursor() as cr:
        cr.execute(STANDING)
        print(*cr.fetchone())


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'run': run, 'tell': tell}[command](Registry(database), *arguments)
