"""P4: the lists of the largest customer in the portal, beside those of stock Odoo on the same data.

The pages are asked for in turn in one process, then by many at once at servers of their own.
"""

import people
from databases import twins
from portal_http import at_once
from sample import Finding

TITLE = "Lists of the largest customer in the portal"
PAGES = {'/my/orders': r'/my/orders/(\d+)[?"]', '/my/invoices': r'/my/invoices/(\d+)[?"]'}


def measure(bench):
    ours, stock = twins(bench)
    sessions = {
        (database, login): people.session(database, login)
        for database in (ours, stock) for login in (people.LARGEST, people.SMALL)}

    def asking(database, login, path):
        clock = bench.clock_of(database)
        return lambda: people.ask(sessions[database, login], path, PAGES[path], clock)

    findings = []
    for path in PAGES:
        medians = bench.compare(f"{path} of the largest customer", {
            'stock': asking(stock, people.LARGEST, path),
            'ours': asking(ours, people.LARGEST, path)}, 'stock')
        statements = bench.kept[0]['ours'].statements
        ratio = medians['stock'] / medians['ours']
        findings += [
            Finding(f"statements of {path}", "at most 9", str(statements), statements <= 9),
            Finding(f"{path} of the largest customer, against stock", "5 times as fast",
                    f"{ratio:.1f} times", ratio >= 5)]
    small = bench.compare("/my/orders of a small customer", {
        'stock': asking(stock, people.SMALL, '/my/orders'),
        'ours': asking(ours, people.SMALL, '/my/orders')}, 'stock')
    ratio = small['stock'] / small['ours']
    findings.append(Finding(
        "/my/orders of a small customer, against stock", "not slower", f"{ratio:.1f} times",
        ratio >= 1))
    return findings + at_once(bench, ours, stock, sessions)
