"""Two months of requests of the demo company: what came in, what was answered, what waits.

The same requests every time; only the dates count back from today.
"""

import random
from datetime import datetime, time, timedelta

from odoo import fields

from odoo.addons.crm_process.demo.history import back

from . import cases

QUIETLY = {'tracking_disable': True, 'mail_auto_subscribe_no_notify': True,
           'mail_notify_force_send': False}
# Type, contact, channel, subject and text; how many days ago, and how it stands:
# answered after so many hours, and the state with who answers for it.
PENDING = [
    ('information', 'partner_declan_furlong', 'mail', "Is the plunge saw rail sold on its own?",
     "Our rail was bent on site. Do you sell the 1.4 m rail without the saw?", 1, 'new', None),
    ('order', 'partner_kieran_doyle', 'mail', "Order for next week",
     "Please send 12 sanding disc boxes P120 and 6 saw blades as last time.", 0, 'new', None),
    ('complaint', 'partner_shane_corless', 'phone', "Two benches arrived scratched",
     "Both tops are scratched along the front edge. The site opens on Monday.", 2, 'open',
     'user_service'),
    ('warranty', 'partner_barry_linehan', 'phone', "Impact wrench stops after a minute",
     "It runs for a minute and then cuts out, with either battery.", 3, 'open', 'user_service2'),
    ('service', 'partner_fintan_keogh', 'portal', "Calibration of torque wrenches",
     "Eight torque wrenches before the exams. Could you come to the college?", 4, 'open',
     'user_service'),
    ('accounting', 'partner_sorcha_maguire', 'mail', "Bill shows the old price",
     "We agreed on the March price list for the clamps.", 5, 'waiting', 'user_service2'),
    ('help', 'partner_aoife_brennan', 'portal', "Where do I find my bills?",
     "The portal shows my orders, but where are the bills of last year?", 0, 'open',
     'user_service'),
    ('complaint', 'partner_maeve_power', 'mail', "Delivery a week late",
     "The vices were promised for last Tuesday. Nobody told us they would be late.", 1, 'new',
     None),
    ('information', 'partner_agnieszka_wrona', 'web', "Data sheet of the laser level",
     "We need the accuracy at 20 m and the certificate for our auditor.", 2, 'waiting',
     'user_service'),
    ('warranty', 'partner_roisin_kilbride', 'mail', "Sander vibrates",
     "The orbital sander vibrates so much that it cannot be held.", 6, 'open', 'user_service'),
]
DONE = [
    ('information', "Lead time of tool cabinets", "Two weeks from stock in Cork."),
    ('information', "Do you ship to the islands?", "Yes, every Thursday, at cost."),
    ('information', "Which blade for laminate?", "The 48 tooth blade; we noted it on his order."),
    ('order', "Repeat order gloves", "Ordered as last time and confirmed."),
    ('order', "Order by fax: clamps", "Entered, with the fax attached."),
    ('complaint', "Wrong size of discs", "The right discs went out the same day, at no cost."),
    ('complaint', "Nobody called back", "Called him, apologised, gave him a direct number."),
    ('complaint', "Bill sent twice", "The second copy was a reminder; explained."),
    ('warranty', "Caliper shows nothing", "Replaced under warranty."),
    ('warranty', "Drill driver chuck jams", "Repaired under warranty."),
    ('help', "Password of the portal", "Sent him a new link."),
    ('help', "How do I read the certificate?", "Explained on the phone, page two."),
    ('accounting', "Payment not shown", "It was matched to another bill; corrected."),
    ('service', "Sharpening of planer knives", "Done on site, four hours."),
    ('return', "Vice too large", "Sent back unopened, refunded."),
]
ANSWER = "Thank you, I am looking into it and will come back to you."
FEEDBACK = [
    (5, "Quick and friendly."), (5, ""), (4, "Solved, thank you."), (3, "It took a while."),
    (5, "Excellent."), (2, "I had to ask twice."), (4, ""),
]


def load(env):
    """Make the requests of the demo company, those of the past first."""
    env = env(context={**env.context, **QUIETLY})
    dice = random.Random(11)
    make_done(env, dice)
    make_pending(env)
    cases.load(env)


def demo_record(env, name):
    """Return a record of the demo company by the name it has in the addon of the roles."""
    return env.ref(f'crm_roles.{name}')


def request_type(env, name):
    return env.ref(f'crm_service_requests.crm_request_type_{name}')


def office_time(days, hour):
    """Return an hour of office so many days ago, on a weekday."""
    day = fields.Date.today() - timedelta(days=days)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return datetime.combine(day, time(hour, 20))


def make_done(env, dice):
    """Make what is over: answered, solved, closed, most of it rated."""
    customers = env['res.partner'].search(
        [('is_company', '=', True), ('customer_rank', '>', 0)], order='id', limit=25)
    people = [demo_record(env, 'user_service'), demo_record(env, 'user_service2')]
    answered = env.ref('crm_service_requests.crm_request_resolution_answered')
    for number in range(3 * len(DONE)):
        kind, subject, solution = DONE[number % len(DONE)]
        received = office_time(62 - number, dice.choice([8, 10, 13, 15]))
        request = env['crm.request'].create({
            'name': subject, 'type_id': request_type(env, kind).id,
            'partner_id': dice.choice(customers).id, 'user_id': dice.choice(people).id,
            'channel': dice.choice(['mail', 'mail', 'phone', 'web', 'portal']),
            'date_received': received, 'duration': dice.choice([0.25, 0.5, 1.0, 1.5]),
            'solution': f'<p>{solution}</p>', 'resolution_id': answered.id})
        request.action_close()
        solved = received + timedelta(hours=dice.choice([2, 5, 20, 27, 50]))
        request.write({
            'date_first_answer': received + timedelta(hours=dice.choice([0.5, 1, 3])),
            'date_solved': solved, 'date_closed': solved + timedelta(hours=2)})
        if number % 2:
            rate(env, request, *FEEDBACK[number % len(FEEDBACK)])


def rate(env, request, stars, feedback):
    """Keep what a customer thought of an answer."""
    env['rating.rating'].create({
        'res_model_id': env['ir.model']._get_id('crm.request'), 'res_id': request.id,
        'partner_id': request.partner_id.id, 'rated_partner_id': request.user_id.partner_id.id,
        'rating': stars, 'feedback': feedback, 'consumed': True})


def make_pending(env):
    """Make what is under way, some of it late, with what was said about it."""
    for kind, contact, channel, subject, text, days, state, user in PENDING:
        partner = demo_record(env, contact)
        request = env['crm.request'].create({
            'name': subject, 'type_id': request_type(env, kind).id, 'partner_id': partner.id,
            'channel': channel, 'description': f'<p>{text}</p>',
            'user_id': user and demo_record(env, user).id,
            'origin_ref': origin(env, kind, partner),
            'priority': '2' if kind == 'complaint' else '0'})
        env.cr.flush()
        if state != 'new':
            request.message_post(
                body=ANSWER,
                author_id=request.user_id.partner_id.id, message_type='comment',
                subtype_xmlid='mail.mt_comment')
            request.state = state
            env.cr.flush()
        age(env, request, days)


def origin(env, kind, partner):
    """Return what a request is about: the last bill or order of the customer."""
    model, domain = {
        'accounting': ('account.move', [('move_type', '=', 'out_invoice'),
                                        ('state', '=', 'posted')]),
        'complaint': ('sale.order', [('state', '=', 'sale')]),
    }.get(kind, (None, None))
    if not model:
        return False
    document = env[model].search(
        [('partner_id', 'child_of', partner.commercial_partner_id.id), *domain], limit=1)
    return f'{model},{document.id}' if document else False


def age(env, request, days):
    """Let a request have come in some working days ago."""
    run = env['crm.process.run'].search(
        [('res_model', '=', 'crm.request'), ('res_id', '=', request.id)])
    if not days or not run:
        return
    start = back(run._clock(), fields.Datetime.now(), 8 * days)
    request.date_received = start
    if request.date_first_answer:
        request.date_first_answer = request.date_last_answer = start + timedelta(hours=1)
    run.date_start = start
    run.task_ids.filtered(lambda task: not task.date_end).write({
        'date_ready': start, 'date_start': start, 'date_planned_start': start})
    run.task_ids.filtered(lambda task: not task.date_end)._schedule()
