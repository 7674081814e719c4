"""Eight months of leads that went through their process: what was in time, and what was not.

The same leads every time; only the dates count back from today.
"""

import random
from datetime import datetime, time, timedelta

from odoo import fields

DAYS = 240
DONE = 90
OPEN = 14
SUBJECTS = [
    "Workbenches for two benches", "Cordless drills, set of ten", "Dust extraction for a joinery",
    "Clamps and vices", "Measuring lasers", "Fitting out a training workshop", "Router tables",
    "Site storage boxes", "Sharpening service, yearly", "Plunge saws with rails",
]


def load(env):
    """Put the process of leads in force, and make what went through it."""
    process = env.ref('crm_process.crm_process_lead')
    dice = random.Random(7)
    people = env['res.users'].search([('login', 'in', ['account.rep', 'sales.manager'])])
    customers = env['res.partner'].search(
        [('is_company', '=', True), ('customer_rank', '>', 0)], order='id') or env[
            'res.partner'].search([('is_company', '=', True), ('user_ids', '=', False)], limit=20)
    causes = env['crm.process.cause'].search([])
    won = env['crm.stage'].search([('is_won', '=', True)], limit=1)
    leads = env['crm.lead'].with_context(tracking_disable=True).create([{
        'name': dice.choice(SUBJECTS),
        'type': 'opportunity' if index < DONE else dice.choice(['lead', 'opportunity']),
        'partner_id': dice.choice(customers).id,
        'user_id': dice.choice(people).id if index < DONE or index % 3 else False,
        'expected_revenue': dice.randrange(400, 9000, 50),
    } for index in range(DONE + OPEN)])
    done, opened = leads[:DONE], leads[DONE:]
    clock = (process.calendar_id or env.company.resource_calendar_id)._working_time()
    # What is past is told, not lived through: the process comes into force afterwards.
    take, quote = process.step_ids
    for index, lead in enumerate(done):
        day = DAYS - index * (DAYS - 12) // DONE
        start = clock.next_open(datetime.combine(
            fields.Date.today() - timedelta(days=day), time(8, dice.randrange(60))))
        taken = clock.plan(start, dice.lognormvariate(0.8, 0.5))
        quoted = clock.plan(taken, dice.lognormvariate(2.5, 0.3))
        tell(env, process, lead, [(take, start, taken), (quote, taken, quoted)], causes, dice)
    done.stage_id = won
    env.cr.flush()
    process.action_activate()
    env.cr.flush()
    now = fields.Datetime.now()
    for lead in opened:
        run = env['crm.process.run'].search(
            [('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)])
        hours = dice.uniform(0.5, 5 if not lead.user_id else 34)
        start = back(clock, now, hours)
        run.date_start = start
        run.task_ids.write({
            'date_ready': start, 'date_start': start, 'date_planned_start': start,
            'date_planned_end': clock.plan(start, run.task_ids.step_id.norm_hours)})
        run.task_ids._schedule()
    process._learn()
    process._suggest()
    env['crm.process.task'].search([('date_end', '=', False)])._schedule()


def back(clock, now, hours):
    """Return the moment so many working hours before `now`."""
    low = now - timedelta(days=60)
    return clock.plan(low, max(0, clock.hours(low, now) - hours))


def tell(env, process, lead, parts, causes, dice):
    """Make the run of a lead that is over, with its tasks.

    :param parts: each step with its start and end
    """
    run = env['crm.process.run'].create({
        'process_id': process.id, 'res_model': 'crm.lead', 'res_id': lead.id,
        'company_id': env.company.id, 'partner_id': lead.partner_id.id,
        'customer_class': 'company' if lead.partner_id.is_company else 'person',
        'date_start': parts[0][1], 'date_end': parts[-1][2], 'state': 'done',
        'value': lead.expected_revenue,
    })
    run._assign_calendar()
    run.duration_hours = run._clock().hours(run.date_start, run.date_end)
    tasks = env['crm.process.task'].create([{
        'run_id': run.id, 'step_id': step.id, 'res_model': 'crm.lead', 'res_id': lead.id,
        'company_id': env.company.id, 'user_id': lead.user_id.id, 'state': 'done',
        'date_ready': start, 'date_start': start, 'date_end': end,
        'date_deadline': run._clock().plan(start, step.norm_hours),
        'date_planned_start': start, 'date_planned_end': run._clock().plan(start, step.norm_hours),
        'norm_hours': step.norm_hours, 'tolerance_hours': step.tolerance_hours,
    } for step, start, end in parts])
    for task in tasks.filtered('is_late'):
        task.cause_id = dice.choice(causes)
