"""A process that posts bills, or takes what they sold into the facts.

Usage: bill_poster.py CONFIG DATABASE prepare PROCESSES BILLS
           makes as many drafts of one customer for each process
       bill_poster.py CONFIG DATABASE post NUMBER
           waits for the start, then posts the drafts of a process, each in a transaction of its own
       bill_poster.py CONFIG DATABASE fold TIMES
           waits for the start, then folds so often
       bill_poster.py CONFIG DATABASE tell
           prints what was sold, where the facts differ from the books, and how many deltas wait
"""

import json
import sys
import time

from psycopg2.errors import SerializationFailure

from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def prepare(env, processes, bills):
    customer = env['res.partner'].create({'name': "Quinn Carpentry", 'is_company': True})
    product = env['product.product'].create(
        {'name': "Drill", 'standard_price': 60.0, 'taxes_id': [Command.clear()]})
    env['account.move'].create([
        {'move_type': 'out_invoice', 'partner_id': customer.id, 'ref': f'process {number}',
         'invoice_date': '2026-03-02', 'invoice_line_ids': [Command.create(
             {'product_id': product.id, 'price_unit': 100.0, 'tax_ids': [Command.clear()]})]}
        for number in range(int(processes)) for _bill in range(int(bills))])


def post(registry, number):
    with registry.cursor() as cr:
        ids = Environment(cr, SUPERUSER_ID, {})['account.move'].search(
            [('ref', '=', f'process {number}')]).ids
    start()
    for bill_id in ids:
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            retrying(lambda env=env, bill_id=bill_id:
                     env['account.move'].browse(bill_id).action_post(), env)


def fold(registry, times):
    start()
    for _time in range(int(times)):
        with registry.cursor() as cr:
            try:
                Environment(cr, SUPERUSER_ID, {})['crm.sales.fact']._fold(limit=7)
            except SerializationFailure:
                # Somebody else has folded the same; the next time will do.
                cr.rollback()
        time.sleep(0.02)


def start():
    print('ready', flush=True)
    sys.stdin.readline()


def tell(env):
    env.cr.execute("""
        SELECT COALESCE(sum(quantity), 0)::float, COALESCE(sum(amount), 0)::float,
               COALESCE(sum(cost), 0)::float
        FROM (SELECT quantity, amount, cost FROM crm_sales_fact
              UNION ALL SELECT quantity, amount, cost FROM crm_sales_fact_delta) AS sold
    """)
    facts = env['crm.sales.fact']
    sold, differences = env.cr.fetchone(), facts._differences()
    while facts._fold():
        pass
    for model in ('crm.sales.fact', 'crm.sales.month', 'crm.sales.total'):
        differences += env[model]._differences()
    print(json.dumps({
        'sold': sold, 'differences': len(differences),
        'facts': facts.search_count([]), 'waiting': env['crm.sales.fact.delta'].search_count([])}))


if __name__ == '__main__':
    config_file, database, command, *arguments = sys.argv[1:]
    config.parse_config(['--config', config_file, '--database', database, '--log-level', 'error'])
    registry = Registry(database)
    if command in ('post', 'fold'):
        {'post': post, 'fold': fold}[command](registry, *arguments)
    else:
        with registry.cursor() as cr:
            {'prepare': prepare, 'tell': tell}[command](
                Environment(cr, SUPERUSER_ID, {'tracking_disable': True}), *arguments)
