"""Two years of call-offs: what customers take every few weeks, billed at once and paid later.

The same customers, goods and prices every time; only the dates count back from today.
"""

import random
from datetime import date, timedelta

from odoo.fields import Command

DAYS = 760
QUIETLY = {
    'tracking_disable': True, 'mail_create_nosubscribe': True,
    'mail_auto_subscribe_no_notify': True,
}
# Every how many days who calls off.
CUSTOMERS = {
    'partner_ballymount': 30, 'partner_pennine': 34, 'partner_avon': 52, 'partner_lohmeyer': 31,
    'partner_ferrandiere': 45, 'partner_brabant': 63, 'partner_suirside': 36, 'partner_boyne': 58,
    'partner_lee_valley': 66, 'partner_mulvaney': 38, 'partner_slaney': 49, 'partner_midlands': 75,
    'partner_kilbride': 56, 'partner_peak': 42, 'partner_tyne': 70, 'partner_zinkhahn': 60,
    'partner_van_oostrum': 40, 'partner_vieux_port': 77,
}
# They called off regularly until so many days ago.
LOST = {'partner_kilbride': 150, 'partner_zinkhahn': 190}
# What is called off, and how many pieces at a time.
GOODS = {
    'product_sanding_discs': (4, 20), 'product_saw_blade': (2, 10), 'product_drill_bits': (2, 8),
    'product_wood_glue': (2, 12), 'product_nitrile_gloves': (5, 30), 'product_bar_clamp': (2, 6),
    'product_steel_rule': (2, 6), 'product_sharpening': (1, 4),
}
# A customer needs four of them: two every time, one every second and one every third time.
TURNS = (1, 1, 2, 3)
# What sells by the month, January first: workshops are closed in August and over Christmas.
SEASON = (0.8, 0.9, 1.1, 1.2, 1.2, 1.1, 0.9, 0.6, 1.1, 1.2, 1.1, 0.7)
# By how much prices, costs and the business grow in a year.
PRICES, COSTS, TRADE = 0.035, 0.05, 0.15


def load(env):
    """Make the bills of two years, what was credited and paid, and the bills of the supplier."""
    env = env(context={**env.context, **QUIETLY})
    dice = random.Random(1871)
    bills = env['account.move'].create(sorted(
        (bill for name, every in CUSTOMERS.items() for bill in call_offs(env, dice, name, every)),
        key=lambda bill: bill['invoice_date']))
    bills.action_post()
    give_back(bills[::40])
    pay(bills)
    buy(env)
    env['crm.sales.fact']._fold()


def call_offs(env, dice, name, every):
    """Yield the values of a customer's bills, the oldest first."""
    customer = env.ref(f'crm_roles.{name}')
    key = env.ref('crm_roles.partner_tag_key') in customer.category_id
    goods = dice.sample(sorted(GOODS), len(TURNS))
    back, visit = DAYS - dice.randrange(every), 0
    while back >= LOST.get(name, 0):
        lines = [
            line(env, dice, good, back, 2 if key else 1)
            for good, turn in zip(goods, TURNS, strict=True) if visit % turn == 0]
        yield {
            'move_type': 'out_invoice', 'partner_id': customer.id, 'ref': f'Call-off {visit + 1}',
            'invoice_date': date.today() - timedelta(back),
            'journal_id': env.ref('crm_sales_facts.journal_call_off').id,
            'invoice_line_ids': [Command.create(values) for values in lines],
        }
        visit += 1
        back -= max(7, round(dice.gauss(every, every / 10)))


def line(env, dice, good, back, size):
    """Return the values of a line: so many days ago all was a little cheaper, and less."""
    product = env.ref(f'crm_roles.{good}')
    years = back / 365
    day = date.today() - timedelta(back)
    pieces = dice.randint(*GOODS[good]) * size * SEASON[day.month - 1] / (1 + TRADE) ** years
    return {
        'product_id': product.id,
        'quantity': max(1, round(pieces)),
        'price_unit': round(product.list_price / (1 + PRICES) ** round(years), 2),
        'unit_cost': round(product.standard_price / (1 + COSTS) ** round(years), 2),
        'discount': 5 if size > 1 else 0,
    }


def give_back(bills):
    """Credit the bills of goods that were wrong."""
    for bill in bills:
        wizard = bill.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=bill.ids,
        ).create({
            'journal_id': bill.journal_id.id, 'date': bill.invoice_date + timedelta(3),
            'reason': "Wrong size"})
        wizard.refund_moves()
        note = wizard.new_move_ids
        note.invoice_line_ids[1:].unlink()
        note.action_post()
        (claim(note) | claim(bill)).reconcile()


def pay(bills):
    """Take in by direct debit, on the 15th of each month, the bills that were due by then."""
    runs = bills.filtered('amount_residual').grouped(lambda bill: debit_day(bill.invoice_date_due))
    bank = bills.env['account.journal'].search(
        [('type', '=', 'bank'), ('company_id', '=', bills.company_id.id)], limit=1)
    debits = bills.env['account.move'].create([{
        'move_type': 'entry', 'journal_id': bank.id, 'date': day, 'ref': "Direct debit run",
        'line_ids': [Command.create({
            'account_id': bank.default_account_id.id, 'name': "Direct debit run",
            'debit': sum(run.mapped('amount_residual'))})] + [Command.create({
                'account_id': claim(bill).account_id.id, 'partner_id': bill.partner_id.id,
                'name': bill.name, 'credit': bill.amount_residual}) for bill in run],
    } for day, run in runs.items() if day <= date.today()])
    debits.action_post()
    billed = bills.grouped('name')
    bills.env['account.move.line']._reconcile_plan([
        line | claim(billed[line.name]) for line in debits.line_ids.filtered('credit')])


def debit_day(day):
    """Return the next 15th of a month."""
    return (day if day.day <= 15 else day.replace(day=1) + timedelta(31)).replace(day=15)


def claim(bill):
    """Return what the customer owes for a bill."""
    return bill.line_ids.filtered(lambda line: line.account_type == 'asset_receivable')


def buy(env):
    """Bill twice a year what the goods have cost."""
    bills = env['account.move'].create([{
        'move_type': 'in_invoice', 'partner_id': env.ref('crm_sales_facts.partner_supplier').id,
        'ref': f'SOL-{1200 + 7 * (DAYS - back)}', 'invoice_date': date.today() - timedelta(back),
        'invoice_line_ids': [Command.create({
            'product_id': product.id, 'quantity': 250,
            'price_unit': round(product.standard_price / (1 + COSTS) ** round(back / 365), 2),
        }) for product in (env.ref(f'crm_roles.{good}') for good in GOODS)
            if product.type == 'consu'],
    } for back in range(DAYS - 20, 0, -180)])
    bills.action_post()
