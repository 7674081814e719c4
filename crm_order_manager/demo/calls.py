"""Who manages the orders of the demo company, and what was said on the phone about them."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import cycle

from odoo import fields
from odoo.fields import Command

MANAGERS = ['order_manager', 'order_manager2', 'order_manager3', 'order_manager4']
# So many of the newest orders wait for somebody to take them.
UNMANAGED = 4

# How the last call about an order ended that is not paid yet; None: nobody has called.
OPEN_ENDINGS = [
    None, 'no_answer', 'callback', None, 'promised', 'no_answer', 'callback', None, 'difficulty',
    'busy',
]
# When to call back: days from today, hour and minute.
CALLBACKS = [
    (0, 9, 0), (-1, 15, 0), (1, 9, 30), (0, 11, 30), (1, 14, 15), (0, 16, 30), (0, 14, 0),
]
ON_THE_WAY = ['no_answer', 'no_answer', 'busy', 'callback', 'promised', 'difficulty']
BEFORE_THE_MONEY = ['promised', 'promised', 'paid', 'no_answer']
NOTES = {
    'no_answer': [False, False, "Voicemail, left my name.", "Nobody in accounts."],
    'busy': [False],
    'callback': [
        "In a meeting, asked to be called again.", "Bookkeeper is in tomorrow.",
        "On site without the papers, wants the bill before him.",
    ],
    'promised': [
        "Goes out with the payment run on Friday.", "Approved, waits for the second signature.",
        "Had lost the bill, sent him a copy while on the phone.", "Pays today by bank transfer.",
        "Purchase order number was missing on the bill, given to accounts.",
    ],
    'difficulty': [
        "Waits for money of a customer himself, hopes for the end of the month.",
        "Would like to pay in two parts, asked the sales manager.",
        "His card was refused twice, tries the one of the company.",
        "The bill went to the old office, sent it again.",
        "The managing director is away and has to sign.",
    ],
    'paid': ["Paid this morning, sends the confirmation.", "Transferred yesterday."],
    'lost': ["Bought elsewhere, delivery was too late for him."],
}
# Which payment difficulty the notes above speak of, in their order.
DIFFICULTIES = dict(zip(
    NOTES['difficulty'], ['money', 'parts', 'card', 'bill', 'approval'], strict=True))
# How the calls that were reached went through the script: its steps, and which answer was given.
SCRIPT_PATHS = {
    'callback': [('greeting', 2), ('again', 1)],
    'promised': [('greeting', 1), ('reason', 1), ('when', 1), ('goodbye', None)],
    'difficulty': [('greeting', 1), ('reason', 3), ('difficulty', 1), ('parts', 2), ('again', 1)],
    'paid': [('greeting', 1), ('reason', 5), ('paid', 1), ('goodbye', None)],
    'lost': [('greeting', 1), ('reason', 4), ('doubts', 3), ('goodbye', None)],
}
INCOMING = [
    "Asked when the workbench arrives.",
    "Wants a copy of the last bill.",
    "Changed the delivery address for the next order.",
    "Asked for the class M dust extractor again.",
    "Asked whether the card payment came through.",
    "Needs the calibration certificate by mail.",
    "New colleague in purchasing, took down the name.",
    "Wants to book a second training day.",
]


def load(env, rng, stories):
    """Give the orders their managers, and the calls they made."""
    assign_managers(env, stories)
    values = [
        *settled_calls(rng, stories),
        *open_calls(rng, stories),
        *incoming_calls(env, rng, stories),
        *todays_calls(rng, stories),
    ]
    outcomes = {name: env.ref(f'crm_calls.crm_call_outcome_{name}').id for name in NOTES}
    difficulties = {
        note: env.ref(f'crm_calls.crm_call_difficulty_{name}').id
        for note, name in DIFFICULTIES.items()
    }
    env['crm.call'].create([
        {
            **call,
            'outcome_id': outcomes.get(call['outcome_id']),
            'difficulty_id': difficulties.get(call['note']),
            # Not everybody follows the script.
            'answer_ids': script_answers(env, call) if number % 4 else [],
        }
        for number, call in enumerate(sorted(values, key=lambda call: call['date_start']))
    ])


def script_answers(env, call):
    """Return the answers a call got on its way through the script, as commands."""
    prefix = 'crm_order_manager.crm_call_script'
    return [
        Command.create({
            'sequence': number,
            'step_id': env.ref(f'{prefix}_step_{step}').id,
            'choice_id': choice and env.ref(f'{prefix}_choice_{step}_{choice}').id,
        })
        for number, (step, choice) in enumerate(SCRIPT_PATHS.get(call['outcome_id'], []), 1)
    ]


def assign_managers(env, stories):
    """Put one manager on all orders of a customer, but for the newest ones."""
    managers = [env.ref(f'crm_roles.user_{name}') for name in MANAGERS]
    managed = [story for story in stories if story.order.state in ('sent', 'sale')][:-UNMANAGED]
    # The big and the small customers are dealt out like cards.
    customers = [partner for partner, _count in Counter(s.partner for s in managed).most_common()]
    for manager, dealt in ((m, customers[i::len(managers)]) for i, m in enumerate(managers)):
        orders = [story.order.id for story in managed if story.partner in dealt]
        env['sale.order'].browse(orders).order_manager_id = manager


def settled_calls(rng, stories):
    """Return the calls between the bills and their payments."""
    values = []
    for story in stories:
        if story.order.amount_unpaid or not story.bill:
            continue
        days = (story.date_paid - story.date_bill).days - 5
        count = min(max(days, 0), rng.choices([0, 1, 2, 3], [5, 5, 3, 1])[0])
        on_days = sorted(rng.sample(range(max(days, 0)), count))
        for day in on_days:
            outcomes = BEFORE_THE_MONEY if day == on_days[-1] else ON_THE_WAY
            start = working_time(rng, story.date_bill + timedelta(4 + day))
            values.append(call(rng, story, start, rng.choice(outcomes)))
    return values


def open_calls(rng, stories):
    """Return the calls about what is not paid."""
    values = []
    endings = cycle(OPEN_ENDINGS)
    callbacks = cycle(CALLBACKS)
    for story in stories:
        age = (date.today() - story.date_order.date()).days
        if not (story.order.call_state == 'to_call' and story.order.order_manager_id and age > 4):
            continue
        given_up = story.fate == 'sent' and age > 90
        ending = 'lost' if given_up else next(endings)
        if not ending:
            continue
        last = date.today() - timedelta(rng.randint(1 + (ending == 'callback'), 4))
        for back in range(rng.randint(0, min(2, age - 5)), 0, -1):
            values.append(call(
                rng, story, working_time(rng, last - timedelta(back)), rng.choice(ON_THE_WAY[:3])))
        values.append(call(rng, story, working_time(rng, last), ending))
        if ending == 'callback':
            days, hour, minute = next(callbacks)
            values[-1]['callback_at'] = datetime.combine(
                date.today() + timedelta(days), time(hour, minute))
    return values


def incoming_calls(env, rng, stories):
    """Return calls of customers that are about no order."""
    callers = [env.ref(f'crm_roles.user_{name}') for name in ['service', 'service2', *MANAGERS]]
    return [{
        'direction': 'incoming',
        'partner_id': rng.choice(stories[-40:]).partner.id,
        'user_id': rng.choice(callers).id,
        'date_start': working_time(rng, date.today() - timedelta(rng.randint(1, 30))),
        'duration': rng.randint(2, 8),
        'outcome_id': False,
        'note': note,
    } for note in INCOMING]


def todays_calls(rng, stories):
    """Return calls of the last hours about what was paid just now."""
    now = fields.Datetime.now()
    midnight = datetime.combine(date.today(), time())
    paid = [
        story for story in stories
        if story.bill and not story.order.amount_unpaid and story.order.order_manager_id]
    return [
        call(
            rng, story, max(midnight, now - timedelta(minutes=rng.randint(10, 420))),
            rng.choice(BEFORE_THE_MONEY[2:]))
        for story in paid[-18:]
    ]


def call(rng, story, start, outcome):
    """Return the values of a call about the order of `story`, with the name of its outcome."""
    reached = outcome not in ('no_answer', 'busy')
    values = {
        'res_model': 'sale.order',
        'res_id': story.order.id,
        'partner_id': story.partner.id,
        'user_id': story.order.order_manager_id.id,
        'date_start': start,
        'duration': rng.randint(2, 9) if reached else rng.choice([0.5, 1]),
        'outcome_id': outcome,
        'note': rng.choice(NOTES[outcome]),
    }
    if outcome == 'callback':
        values['callback_at'] = start + timedelta(1)
    return values


def working_time(rng, day):
    """Return a time in the office on `day`, or on the Friday before it."""
    day -= timedelta(max(day.weekday() - 4, 0))
    start = datetime.combine(day, time(9)) + timedelta(minutes=rng.randint(0, 450))
    return min(start, fields.Datetime.now() - timedelta(minutes=30))
