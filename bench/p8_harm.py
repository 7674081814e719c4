"""P8: what the suite costs those who do not use it: the daily work of a salesperson, with and
without it on the same data."""

import people
from databases import twins
from sample import Finding, Sample
from views import specification

from odoo.fields import Command

TITLE = "The work of a salesperson, with the suite and without it"
ROWS, ORDERS, LINES, BILLS = 80, 100, 3, 20
LISTS = {
    'sale.order': 'sale.view_order_tree', 'account.move': 'account.view_out_invoice_tree',
    'res.partner': None}
DOMAINS = {'account.move': [('move_type', '=', 'out_invoice')]}


def measure(bench):
    pair = dict(zip(('suite', 'stock'), twins(bench), strict=True))
    findings = []
    for title, work, most, more in (
            *((f"list of {model}", lambda env, model=model: _list(env, model), 1.05, 0.0)
              for model in LISTS),
            # It shows more than stock: who manages the order, and what is known of the customer.
            ("form of an order", _form, 1.05, 0.1),
            (f"create {ORDERS} orders of {LINES} lines", _create, 1.05, 0.02),
            (f"confirm {ORDERS} orders", _confirm, 1.05, 0.02),
            (f"post {BILLS} bills", _post, 1.05, 0.02)):
        medians = bench.compare(title, {
            name: lambda database=database, work=work: _done(bench, database, work)
            for name, database in pair.items()}, 'stock')
        ratio = medians['suite'] / medians['stock']
        counts = {name: bench.kept[0][name].statements for name in pair}
        allowed = counts['stock'] * (1 + more)
        findings += [
            Finding(title, f"at most {most} x", f"{ratio:.2f} x", ratio <= most),
            Finding(f"{title}, statements",
                    f"at most {more:.0%} more" if more else "as many",
                    f"{counts['suite']} and {counts['stock']}", counts['suite'] <= allowed)]
    return findings


def _done(bench, database, work):
    """Return the sample of some work; what comes of it need not be the same."""
    with bench.environment(people.SELLER, database) as env:
        prepared = work(env)
        sample = bench.timed(env, prepared)
        return Sample(sample.seconds, sample.statements, bool(sample.result))


def _list(env, model):
    names = specification(env, model, 'list', LISTS[model])
    domain = DOMAINS.get(model, [])

    def read():
        env.invalidate_all()
        return env[model].web_search_read(domain, names, limit=ROWS, count_limit=10001)['records']

    read()
    return read


def _form(env):
    names = specification(env, 'sale.order', 'form', 'sale.view_order_form')
    orders = env['sale.order'].search([('state', '=', 'sale')], limit=11)

    def read():
        env.invalidate_all()
        return [order.web_read(names) for order in orders[1:]]

    orders[:1].web_read(names)
    return read


def _create(env):
    customers = env['res.partner'].search([('is_company', '=', True)], limit=ORDERS)
    products = env['product.product'].search([('name', '=like', 'Product %')], limit=LINES)
    values = [{
        'partner_id': customer.id,
        'order_line': [Command.create({'product_id': product.id}) for product in products],
    } for customer in customers]
    return lambda: env['sale.order'].create(values)


def _confirm(env):
    orders = _create(env)()
    env.flush_all()

    def confirm():
        orders.action_confirm()
        return orders

    return confirm


def _post(env):
    orders = _create(env)()[:BILLS]
    orders.action_confirm()
    env.flush_all()
    bills = orders.sudo()._create_invoices()
    env.flush_all()

    def post():
        bills.action_post()
        return bills

    return post
