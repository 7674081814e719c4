"""One of each, made by Odoo itself: what the rows of the volume data are made after."""

import time

import bulk

from odoo.fields import Command, Datetime

CALLERS, REPRESENTATIVES, PRODUCTS = 50, 8, 2000
ROLES = (
    ('caller', 'order_manager', CALLERS), ('rep', 'account_representative', REPRESENTATIVES),
    ('lead', 'call_center_lead', 1))
# From which id on new rows are numbered.
FIRST = {
    'partner': 'res_partner', 'first_order': 'sale_order', 'first_line': 'sale_order_line',
    'move': 'account_move', 'first_call': 'crm_call', 'first_attempt': 'payment_transaction',
    'variant': 'product_product', 'first_template': 'product_template', 'item': 'account_move_line'}


def make_people(cr, facts):
    """Make those who call, who sell and who lead; the password of all of them is `bench`."""
    env = bulk.environment(cr)
    users = env['res.users'].create([
        {
            'name': f"{login.title()} {number}", 'login': f'{login}{number}',
            'group_ids': [Command.set(env.ref(f'crm_roles.group_{role}').ids)],
        }
        for login, role, count in ROLES for number in range(1, count + 1)
    ])
    # One hash for all: it takes half a second.
    cr.execute("UPDATE res_users SET password = %s WHERE id = ANY(%s)", [
        users._crypt_context().hash('bench'), users.ids])
    return len(users)


def make_patterns(cr, progress, count, parts):
    """Keep the ids of one of each, and those from which on new rows are numbered.

    :param list parts: the modules of what else is made
    :return: how many patterns there are
    :rtype: int
    """
    env = bulk.environment(cr)
    order = _order(env)
    patterns = {**_order_patterns(env, order), **_bill_patterns(order), **_words(env)}
    first = dict(FIRST)
    for part in parts:
        patterns.update(part.patterns(env, order))
        first.update(part.FIRST)
    env.flush_all()
    progress.keep(cr, {name: record.id for name, record in patterns.items()})
    progress.keep(cr, _settings(count))
    for name, table in first.items():
        cr.execute(f"SELECT max(id) FROM {table}")
        progress.keep(cr, {name: cr.fetchone()[0]})
    return len(patterns)


def _settings(count):
    # Addons can be imported by now.
    from odoo.addons.crm_order_manager.models.odds import FIRST_GUESS

    companies = max(count // 5, 10)
    return {
        'companies': companies, 'contacts': companies * 2 // 3, 'callers': CALLERS,
        'people': CALLERS + REPRESENTATIVES, 'products': min(PRODUCTS, max(count // 10, 20)),
        'today': int(time.time()), 'guess': round(FIRST_GUESS * 1000000)}


def _order(env):
    """Return an order of a company."""
    company = env['res.partner'].create({
        'name': "Pattern", 'is_company': True, 'phone': '+12122000000', 'tz': False,
        'email': 'pattern@customer.example', 'country_id': env.ref('base.us').id})
    product = env['product.product'].create({
        'name': "Pattern", 'list_price': 100.0, 'standard_price': 60.0, 'invoice_policy': 'order'})
    order = env['sale.order'].create({
        'partner_id': company.id, 'user_id': env.ref('base.user_admin').id,
        'order_line': [Command.create({'product_id': product.id})]})
    order.action_confirm()
    return order


def _order_patterns(env, order):
    """Return the order, what it is of, and that somebody was called who had tried to pay it."""
    company = order.partner_id
    contact = env['res.partner'].create({
        'name': "Contact", 'parent_id': company.id, 'phone': '+12124000000', 'tz': False,
        'email': 'contact@customer.example'})
    attempt = env['payment.transaction'].create({
        'provider_id': env.ref('payment.payment_provider_demo').id,
        'payment_method_id': env['payment.method'].with_context(active_test=False).search(
            [], limit=1).id,
        'reference': "Pattern", 'amount': order.amount_total, 'partner_id': company.id,
        'currency_id': order.currency_id.id, 'sale_order_ids': [Command.set(order.ids)]})
    attempt._set_error("The card was refused.")
    ledger = env['crm.manager.change'].sudo().create({
        'kind': 'order', 'order_id': order.id, 'partner_id': company.id, 'user_id': env.uid,
        'company_id': order.company_id.id, 'date': Datetime.now(), 'reason': 'created'})
    product = order.order_line.product_id
    return {
        'company': company, 'contact': contact, 'product': product,
        'template': product.product_tmpl_id, 'order': order, 'line': order.order_line,
        'call': order.log_call(env.ref('crm_calls.crm_call_outcome_no_answer')),
        'attempt': attempt, 'ledger': ledger,
        'message': order.message_post(body="Pattern", message_type='comment'),
        'tax': order.order_line.tax_ids}


def _bill_patterns(order):
    """Return the bill of the order, its credit note, and the entries of both."""
    bill = order._create_invoices()
    bill.action_post()
    reversal = order.env['account.move.reversal'].with_context(
        active_model='account.move', active_ids=bill.ids).create({'journal_id': bill.journal_id.id})
    reversal.reverse_moves()
    note = reversal.new_move_ids
    note.action_post()
    return {'bill': bill, 'note': note, **{
        f'{kind}_{part}': move.line_ids.filtered(lambda line, part=part: line.display_type == part)
        for kind, move in (('bill', bill), ('note', note))
        for part in ('product', 'tax', 'payment_term')}}


def _words(env):
    """Return what is there already: who calls first, and what calls come to."""
    return {
        'person': env['res.users'].search([('login', '=', 'caller1')]),
        **{name: env.ref(f'crm_calls.crm_call_outcome_{name}')
           for name in ('no_answer', 'busy', 'callback', 'promised', 'lost')}}
