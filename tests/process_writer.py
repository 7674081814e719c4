"""Somebody who moves leads to and fro, in a process of his own.

Usage: process_writer.py CONFIG DATABASE write SEED
       process_writer.py CONFIG DATABASE prepare LEADS
           puts a process of two steps in force, with as many leads in the first
"""

import random
import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

STAGES = ("Here", "There")


def stages(env):
    return [env['crm.stage'].search([('name', '=', name)], limit=1) for name in STAGES]


def write(registry, seed):
    """Move each lead once, in an order of one's own, as a request of the web client would."""
    with registry.cursor() as cr:
        ids = Environment(cr, SUPERUSER_ID, {})['crm.lead'].search([('name', 'like', 'Race')]).ids
    random.Random(seed).shuffle(ids)
    print('ready', flush=True)
    sys.stdin.readline()
    for lead_id in ids:
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})

            def move(env=env, lead_id=lead_id):
                here, there = stages(env)
                lead = env['crm.lead'].browse(lead_id)
                lead.stage_id = here if lead.stage_id == there else there

            retrying(move, env)


def prepare(registry, count):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        here, there = env['crm.stage'].create([{'name': name} for name in STAGES])
        process = env['crm.process'].create({
            'name': "Race", 'model_name': 'crm.lead', 'domain': "[('name', 'like', 'Race')]",
            'end_domain': "[('active', '=', False)]"})
        env['crm.process.step'].create([
            {'name': stage.name, 'process_id': process.id,
             'domain': f"[('stage_id', '=', {stage.id})]"}
            for stage in (here, there)])
        process.action_activate()
        env['crm.lead'].create([
            {'name': f"Race {number}", 'type': 'opportunity', 'stage_id': here.id}
            for number in range(int(count))])


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'write': write, 'prepare': prepare}[command](Registry(database), *arguments)
