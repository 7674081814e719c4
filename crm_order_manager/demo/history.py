"""Eighteen months of orders, bills and payments of the demo company, made by Odoo's own flows.

The same customers, goods and payments every time; only the dates count back from today, and the
calls follow them.
"""

import math
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from odoo import fields
from odoo.fields import Command

from . import calls, commissions, personal_managers

DAYS = 540
QUIETLY = {
    'tracking_disable': True,
    'mail_create_nosubscribe': True,
    'mail_auto_subscribe_no_notify': True,
}
# How the orders stand, from the newest to the oldest: how many of each in every band.
FATES = [
    {'draft': 3, 'sent': 4, 'confirmed': 4, 'billed': 3, 'joint': 2, 'deposit': 1, 'online': 2,
     'failed': 1},
    {'sent': 2, 'confirmed': 2, 'billed': 8, 'part': 3, 'deposit': 1, 'failed': 1, 'paid': 11,
     'credited': 1, 'cancelled': 1},
    {'sent': 1, 'billed': 3, 'part': 1, 'paid': 28, 'joint_paid': 2, 'refunded': 1, 'cancelled': 4},
    {'billed': 1, 'paid': 53, 'credited': 1, 'refunded': 1, 'cancelled': 4},
]
BILLED = {'billed', 'part', 'paid', 'joint', 'joint_paid', 'credited', 'refunded'}
JOINT = {'joint', 'joint_paid'}
PAID = {'paid', 'joint_paid', 'refunded'}
CONFIRMED = BILLED | {'confirmed', 'deposit', 'online', 'failed'}
# The customers of the portal have a bit of everything.
SHOWN = {
    'partner_corrib': ['sent', 'billed', 'part', 'paid', 'online'],
    'partner_o_conaill': ['billed', 'failed', 'paid', 'cancelled'],
}
# Every so many orders there is one that a campaign brought.
CAMPAIGNS = {'utm_campaign_catalogue': 5, 'utm_campaign_open_day': 9}
# How many pieces of a product are ordered at once.
QUANTITIES = {
    'product_category_hand': (2, 12),
    'product_category_power': (1, 4),
    'product_category_measuring': (1, 8),
    'product_category_storage': (1, 3),
    'product_category_consumables': (5, 40),
    'product_category_services': (1, 2),
}


@dataclass
class Story:
    """One order, and what becomes of it."""

    date_order: datetime
    fate: str
    partner: object = None
    order: object = None
    bill: object = None
    date_bill: date = None
    date_paid: date = None


def load(env):
    """Make the history of the demo company, once its customers and products are there."""
    env = env(context={**env.context, **QUIETLY})
    rng = random.Random(1907)
    stories = plan(env, rng)
    create_orders(env, rng, stories)
    confirm_orders(stories)
    create_bills(stories)
    take_deposits(env, stories)
    take_payments(env, rng, stories)
    give_back(env, stories)
    pay_online(env, stories)
    calls.load(env, rng, stories)
    customers = demo_records(env, 'res.partner').filtered(is_customer)
    personal_managers.load(env, customers, stories)
    commissions.load(env)
    learn(env)


def learn(env):
    """Value the queue by the calls of the past, as every night."""
    env['crm.call.odds']._learn()
    waiting = env['sale.order'].search([('call_state', '!=', 'done')])
    env.add_to_compute(waiting._fields['call_value'], waiting)
    env.flush_all()


def plan(env, rng):
    """Return the stories to tell, the oldest first."""
    bands = []
    for band in FATES:
        fates = [fate for fate, count in band.items() for _ in range(count)]
        rng.shuffle(fates)
        bands = fates + bands
    # Dates draw from a source of their own: what else happens does not depend on the weekday.
    days = random.Random(1952)
    dates = sorted(order_date(days, (i + days.random()) / len(bands)) for i in range(len(bands)))
    stories = [Story(day, fate) for day, fate in zip(dates, bands, strict=True)]
    choose_customers(env, rng, stories)
    for story in stories:
        story.date_bill = min(story.date_order.date() + timedelta(rng.randint(1, 5)), date.today())
        patience = 4 if not story.partner.is_company else rng.triangular(8, 60, 33)
        story.date_paid = max(story.date_bill, min(
            story.date_bill + timedelta(patience), date.today() - timedelta(rng.randint(0, 9))))
    return stories


def order_date(rng, share):
    """Return when the order was made before which lie `share` of all: business grows."""
    start = 0.42
    end = 1 - start
    part = (math.sqrt(start ** 2 + 4 * end * share) - start) / (2 * end)
    now = fields.Datetime.now()
    day = now.date() - timedelta(DAYS * (1 - part))
    if day.weekday() > 4 and rng.random() < 0.85:
        day -= timedelta(rng.randint(day.weekday() - 4, day.weekday()))
    opened = datetime.combine(day, time(8)) + timedelta(minutes=rng.randint(0, 540))
    return min(opened, now - timedelta(minutes=5))


def choose_customers(env, rng, stories):
    """Give every story its customer: few buy much, some buy nothing."""
    key_account = env.ref('crm_roles.partner_tag_key')
    customers = demo_records(env, 'res.partner').filtered(is_customer)
    weights = [
        6 if key_account in customer.category_id else rng.choice([0, 1, 1, 2, 3])
        for customer in customers
    ]
    for story in stories:
        story.partner = rng.choices(customers, weights)[0]
    newest = stories[::-1]
    shown = []
    for name, fates in SHOWN.items():
        for fate in fates:
            shown.append(next(s for s in newest if s.fate == fate and s not in shown))
            shown[-1].partner = env.ref(f'crm_roles.{name}')
    for fate in sorted(JOINT):
        first, second = (story for story in stories if story.fate == fate)
        second.partner = first.partner


def demo_records(env, model):
    """Return the records of `model` in the demo data, in the order of their files."""
    data = env['ir.model.data'].search(
        [('module', '=', 'crm_roles'), ('model', '=', model), ('name', 'not like', 'user_')],
        order='id')
    return env[model].browse(data.mapped('res_id'))


def is_customer(partner):
    """Return whether this is a customer, not one of his contacts."""
    return partner == partner.commercial_partner_id


def create_orders(env, rng, stories):
    """Make the quotations."""
    key_account = env.ref('crm_roles.partner_tag_key')
    quantities = {env.ref(f'crm_roles.{name}'): span for name, span in QUANTITIES.items()}
    products = demo_records(env, 'product.product')
    values = []
    for story in stories:
        key = key_account in story.partner.category_id
        chosen = rng.sample(products, rng.choices([1, 2, 3, 4, 6], [2, 4, 5, 3, 1])[0] + key)
        values.append({
            'partner_id': story.partner.id,
            'date_order': story.date_order,
            'validity_date': story.date_order + timedelta(30),
            'order_line': [Command.create({
                'product_id': product.id,
                'product_uom_qty': rng.randint(*quantities[product.categ_id]) * (1 + key),
                'discount': rng.choice([5, 5, 10]) if key else 0,
            }) for product in chosen],
        })
    for story, order in zip(stories, env['sale.order'].create(values), strict=True):
        story.order = order
    for name, step in CAMPAIGNS.items():
        union(stories[::step], 'order').campaign_id = env.ref(f'crm_roles.{name}')


def union(stories, name):
    """Return all the records the stories have in one field."""
    records = [getattr(story, name) for story in stories]
    return records[0].union(*records)


def with_fate(stories, *fates):
    """Return the stories of which one of `fates` is told."""
    return [story for story in stories if story.fate in fates]


def confirm_orders(stories):
    """Send, confirm and cancel, and put back the dates that confirming sets to now."""
    union(with_fate(stories, 'sent'), 'order').action_quotation_sent()
    confirmed = with_fate(stories, *CONFIRMED)
    union(confirmed, 'order').action_confirm()
    for story in confirmed:
        story.order.date_order = story.date_order
    union(with_fate(stories, 'cancelled'), 'order').action_cancel()


def create_bills(stories):
    """Bill the orders, one by one, but for those that share a bill."""
    single = with_fate(stories, *BILLED - JOINT)
    union(single, 'order')._create_invoices(grouped=True)
    for fate in sorted(JOINT):
        joint = with_fate(stories, fate)
        union(joint, 'order')._create_invoices()
        for story in joint:
            story.date_bill = max(s.date_bill for s in joint)
            story.date_paid = max(s.date_paid for s in joint)
    billed = with_fate(stories, *BILLED)
    for story in billed:
        story.bill = story.order.invoice_ids
        story.bill.invoice_date = story.date_bill
    union(billed, 'bill').action_post()


def take_deposits(env, stories):
    """Bill a part in advance; the customer paid it."""
    for story in with_fate(stories, 'deposit'):
        env['sale.advance.payment.inv'].create({
            'sale_order_ids': [Command.set(story.order.ids)],
            'advance_payment_method': 'percentage',
            'amount': 30,
        }).create_invoices()
        bill = story.order.invoice_ids
        bill.invoice_date = story.date_bill
        bill.action_post()
        register_payment(bill, story.date_bill)


def take_payments(env, rng, stories):
    """Pay what was paid, in full or in part."""
    done = env['account.move']
    for story in with_fate(stories, *PAID):
        if story.bill not in done:
            register_payment(story.bill, story.date_paid)
            done += story.bill
    for story in with_fate(stories, 'part'):
        share = rng.choice([0.25, 0.4, 0.5])
        amount = story.bill.currency_id.round(story.bill.amount_total * share)
        register_payment(story.bill, story.date_paid, amount=amount)


def register_payment(bill, day, **values):
    """Register a payment of a bill, or the repayment of a credit note."""
    bill.env['account.payment.register'].with_context(
        active_model='account.move', active_ids=bill.ids,
    ).create({'payment_date': day, **values}).action_create_payments()


def give_back(env, stories):
    """Credit what came back, and repay it where it was paid already."""
    for story in with_fate(stories, 'credited', 'refunded'):
        day = min(story.date_paid + timedelta(6), date.today())
        wizard = env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=story.bill.ids,
        ).create({
            'journal_id': story.bill.journal_id.id,
            'date': day,
            'reason': "Goods returned",
        })
        wizard.reverse_moves()
        wizard.new_move_ids.action_post()
        if story.fate == 'refunded':
            register_payment(wizard.new_move_ids, day)


def pay_online(env, stories):
    """Pay orders in the portal before they are billed; one card is declined."""
    provider = env.ref('payment.payment_provider_demo')
    if provider.code != 'demo':
        return
    for story in with_fate(stories, 'online', 'failed'):
        transaction = env['payment.transaction'].create({
            'provider_id': provider.id,
            'payment_method_id': provider.payment_method_ids[:1].id,
            'amount': story.order.amount_total,
            'currency_id': story.order.currency_id.id,
            'partner_id': story.partner.id,
            'operation': 'online_direct',
            'sale_order_ids': [Command.set(story.order.ids)],
        })
        if story.fate == 'online':
            transaction._set_done()
            # What post-processing does, without its mail to the customer.
            transaction._create_payment(date=story.date_bill)
            transaction.is_post_processed = True
        else:
            transaction._set_error("The bank declined the card.")
