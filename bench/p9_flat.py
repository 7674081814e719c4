"""P9: what people wait for takes as long with all orders as with thirty thousand of them.

The smaller database stands beside the large one in the same process; both are asked in turn.
"""

import statistics

import people
from sample import Finding, Sample
from views import specification

from odoo.modules.registry import Registry

TITLE = "What people wait for, beside a database of thirty thousand orders"
ROWS, TIMES = 80, 3
# A list says how many there are up to so many. The smaller database has more than these of each.
COUNTED = 1001
MOST = 1.25
# The person, the model, the list he opens, and what he looks at.
LISTS = {
    "the queue of calls": ('caller1', 'sale.order', 'crm_order_manager.sale_order_view_list_call',
                  [('call_state', '!=', 'done')]),
    "all orders": ('lead1', 'sale.order', 'sale.view_order_tree', []),
    "orders of an account representative": ('rep1', 'sale.order', 'sale.view_order_tree', []),
    "requests": ('admin', 'crm.request', None, []),
    "open steps": ('admin', 'crm.process.task', None, [('date_end', '=', False)]),
    "campaigns": ('admin', 'utm.campaign', None, []),
    "calls": ('lead1', 'crm.call', None, []),
}
FORMS = {
    "an order": ('lead1', 'sale.order', 'sale.view_order_form', [('state', '=', 'sale')]),
    "a customer": ('lead1', 'res.partner', 'base.view_partner_form', [('is_company', '=', True)]),
    "a request": ('admin', 'crm.request', None, []),
}
PAGES = ('/my', '/my/orders', '/my/invoices', '/my/requests', '/my/statement')


def measure(bench):
    if not bench.beside:
        return []
    pair = {'large': bench.database, 'small': bench.beside}
    for database in pair.values():
        with Registry(database).cursor() as cr:
            people.make(cr)
    sessions = {database: people.session(database, people.SMALL) for database in pair.values()}
    works = {
        **{f"list: {name}": _asked(bench, _list, *where) for name, where in LISTS.items()},
        **{f"form: ten times {name}": _asked(bench, _form, *where)
           for name, where in FORMS.items()},
        "find a customer by the start of his name": _asked(bench, _find, 'caller1'),
        **{f"page: {path}": lambda database, path=path: _page(bench, sessions, database, path)
           for path in PAGES},
    }
    findings = []
    for title, work in works.items():
        medians = bench.compare(title, {
            name: lambda database=database, work=work: work(database)
            for name, database in pair.items()}, 'small')
        ratio = medians['large'] / medians['small']
        findings.append(Finding(
            title, f"at most {MOST} x", f"{ratio:.2f} x ({1000 * medians['large']:.0f} ms)",
            ratio <= MOST))
    return findings


def _asked(bench, work, login, *where):
    """Return what does some work as a person; what he sees differs with the data."""
    def ask(database):
        with bench.environment(login, database) as env:
            done = work(env, *where)
            done()
            samples = [_anew(bench, env, done) for _time in range(TIMES)]
        return _median(samples)

    return ask


def _median(samples):
    return Sample(
        statistics.median(sample.seconds for sample in samples), samples[-1].statements, TIMES)


def _anew(bench, env, work):
    env.invalidate_all()
    return bench.timed(env, work)


def _list(env, model, view, domain):
    names = specification(env, model, 'list', view)
    return lambda: env[model].web_search_read(domain, names, limit=ROWS, count_limit=COUNTED)


def _form(env, model, view, domain):
    names = specification(env, model, 'form', view)
    # Some in the middle: the first and the last are often of another kind.
    records = env[model].search(domain, limit=10, offset=500)
    return lambda: [record.web_read(names) for record in records]


def _find(env):
    return lambda: env['res.partner'].name_search("Customer 12", limit=8)


def _page(bench, sessions, database, path):
    clock = bench.clock_of(database)
    people.ask(sessions[database], path, '$^', clock)
    return _median(
        [people.ask(sessions[database], path, '$^', clock) for _time in range(TIMES)])
