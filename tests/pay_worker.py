"""Somebody who pays bills chosen in the portal, or settles payments, in a process of his own.

Usage: pay_worker.py CONFIG DATABASE prepare COUNT
           makes a customer with so many bills of 100 and two payers, ann and ben; prints the
           account and the ids of the bills, of the provider and of its method
       pay_worker.py CONFIG DATABASE choose LOGIN COUNT ID ...
           makes a paid transaction of each of so many bills and of the two that follow it;
           prints their ids
       pay_worker.py CONFIG DATABASE settle ID ...
           settles transactions, one after the other, as the page of the status does
       pay_worker.py CONFIG DATABASE cron KILL
           settles what waits as the scheduled action does, and dies after so many commits
       pay_worker.py CONFIG DATABASE ask
           prints as JSON how things stand
"""

import json
import sys

from killing import die_after

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def prepare(registry, count):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
        if not env.company.chart_template:
            env['account.chart.template'].try_loading('generic_coa', env.company)
        customer = env['res.partner'].create({'name': "Quinn Carpentry", 'is_company': True})
        for login in ('ann', 'ben'):
            user = env['res.users'].create({
                'name': login.title(), 'login': login, 'password': login,
                'email': f'{login}@example.com',
                'group_ids': [Command.set(env.ref('base.group_portal').ids)]})
            user.partner_id.parent_id = customer
        bills = env['account.move'].create([{
            'move_type': 'out_invoice', 'partner_id': customer.id, 'invoice_date': '2026-01-10',
            'invoice_line_ids': [Command.create({
                'name': "Drill", 'price_unit': 100.0, 'tax_ids': [Command.clear()]})],
        } for _number in range(int(count))])
        bills.action_post()
        provider, method = prepare_provider(env)
        currency = env.company.currency_id
        print(f'{env.company.id}-{currency.id}', provider.id, method.id, *bills.ids)


def prepare_provider(env):
    method = env.ref('payment_demo.payment_method_demo')
    method.active = True
    provider = env.ref('payment.payment_provider_demo')
    provider.write({'state': 'test', 'is_published': True})
    provider.journal_id = env['account.journal'].search(
        [('type', '=', 'bank'), ('company_id', '=', env.company.id)], limit=1)
    provider.journal_id.inbound_payment_method_line_ids.payment_account_id = (
        env.company.transfer_account_id)
    return provider, method


def choose(registry, login, count, *ids):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
        user = env['res.users'].search([('login', '=', login)])
        bills = env['account.move'].browse(map(int, ids))
        made = env['payment.transaction'].create([{
            'provider_id': env.ref('payment.payment_provider_demo').id,
            'payment_method_id': env.ref('payment_demo.payment_method_demo').id,
            'reference': f'{login}-{number}', 'operation': 'online_direct',
            'amount': 100.0 * len(bills[number:number + 3]),
            'currency_id': env.company.currency_id.id, 'partner_id': user.partner_id.id,
            'invoice_ids': [Command.set(bills[number:number + 3].ids)],
            'choice_ids': [Command.create({
                'partner_id': bill.commercial_partner_id.id, 'user_id': user.id,
                'move_id': bill.id, 'amount': 100.0}) for bill in bills[number:number + 3]],
        } for number in range(int(count))])
        made._set_done()
        print(*made.ids)


def settle(registry, *ids):
    print('ready', flush=True)
    sys.stdin.readline()
    for transaction_id in map(int, ids):
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            transaction = env['payment.transaction'].browse(transaction_id)

            def process(transaction=transaction):
                transaction.invalidate_recordset()
                if not transaction.is_post_processed:
                    transaction._post_process()

            retrying(process, env)


def cron(registry, kill):
    die_after(int(kill))
    with registry.cursor() as cr:
        Environment(cr, SUPERUSER_ID, {})['payment.transaction']._cron_post_process()


def ask(registry):
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        choices = env['crm.payment.choice'].search([])
        payments = env['account.payment'].search([('payment_transaction_id', '!=', False)])
        done = choices.transaction_id.filtered(lambda found: found.state == 'done')
        print(json.dumps({
            'open': sum(choices.move_id.mapped('amount_residual')),
            'done': sum(done.mapped('amount')),
            'paid': sum(payments.mapped('amount')),
            'rest': sum(payment._amount_not_used() for payment in payments),
            'told': sum(choices.mapped('amount_rest')),
            'settled': len(choices.filtered('is_settled').transaction_id),
            'transactions': len(choices.transaction_id),
        }))


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    {'prepare': prepare, 'choose': choose, 'settle': settle, 'cron': cron, 'ask': ask}[command](
        Registry(database), *arguments)
