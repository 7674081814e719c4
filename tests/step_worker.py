"""The scheduled action of campaigns, or guests who answer invitations, in a process of its own.

Usage: step_worker.py CONFIG DATABASE prepare COUNT
           makes two campaigns that are to call the same customers, so many
       step_worker.py CONFIG DATABASE run
           does what is due
       step_worker.py CONFIG DATABASE tell
           prints how many touches there are, how many of them for the same member and step, how
           many customers are to be called, and at most how often
       step_worker.py CONFIG DATABASE invite COUNT
           invites so many customers to an event with half as many seats; prints the invitations
       step_worker.py CONFIG DATABASE accept INVITATION ...
           accepts each invitation; prints those for which there was a seat
       step_worker.py CONFIG DATABASE guests
           prints how many guests the event has, and how many of them have its ticket
"""

import sys

from odoo import fields
from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
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


def invite(registry, count):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        event = env['event.event'].create({
            'name': "Race", 'date_begin': '2099-05-10 08:00:00', 'date_end': '2099-05-10 16:00:00',
            'event_mail_ids': [Command.clear()],
            'event_ticket_ids': [Command.create(
                {'name': "Seat", 'price': 0, 'seats_max': int(count) // 2})]})
        campaign = env['utm.campaign'].create({'title': "Race"})
        step = env['crm.campaign.step'].create({
            'name': "Race", 'campaign_id': campaign.id, 'channel': 'event', 'event_id': event.id})
        print(*env['crm.campaign.touch'].create([
            {'name': "Race", 'campaign_id': campaign.id, 'step_id': step.id, 'channel': 'event',
             'partner_id': env['res.partner'].create({'name': f"Guest {number}"}).id}
            for number in range(int(count))]).ids)


def accept(registry, *touch_ids):
    print('ready', flush=True)
    sys.stdin.readline()
    for touch_id in touch_ids:
        with registry.cursor() as cr:
            touch = Environment(cr, SUPERUSER_ID, {})['crm.campaign.touch'].browse(int(touch_id))
            ticket = touch.step_id.event_id.event_ticket_ids
            cr.rollback()
            if retrying(lambda touch=touch, ticket=ticket: touch._accept_invitation(
                    "Guest", ticket.id), touch.env):
                print(touch_id)


def guests(registry):
    with registry.cursor() as cr:
        cr.execute("SELECT count(*), count(event_ticket_id) FROM event_registration "
                   "JOIN event_event ON event_event.id = event_id "
                   "WHERE event_event.name ->> 'en_US' = 'Race'")
        print(*cr.fetchone())


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'run': run, 'tell': tell, 'invite': invite, 'accept': accept,
     'guests': guests}[command](Registry(database), *arguments)
