"""P7: mails of customers become requests, beside stock Odoo that makes leads of them.

Both find the sender among all customers, for which stock Odoo has no index.
"""

from databases import twins
from sample import Finding, Sample

TITLE = "Mails of customers"
MAIL = """\
MIME-Version: 1.0
Message-Id: <{number}.bench@customer.example>
From: Customer {number} <customer{number}@customer.example>
To: service@bench.example
Subject: Question {number}
Content-Type: text/plain; charset=utf-8

Where is what I have ordered? Our number is {number}.
"""
MAILS = 10
# From so many orders on the customers are so many that reading all of them takes long.
LARGE = 300000


def measure(bench):
    ours, stock = twins(bench)
    medians = bench.compare(f"{MAILS} mails", {
        'suite': lambda: _read(bench, ours, 'crm.request'),
        'suite, leads': lambda: _read(bench, ours, 'crm.lead'),
        'stock': lambda: _read(bench, stock, 'crm.lead')}, 'stock')
    leads = medians['stock'] / medians['suite, leads']
    ratio = medians['stock'] / medians['suite']
    least = 5 if bench.orders >= LARGE else 1
    return [
        Finding("a mail becomes a lead, with the suite against without",
                f"{least} x as fast" if least > 1 else "not slower", f"{leads:.1f} x",
                leads >= least),
        Finding("a mail becomes a request with number, answer and deadlines, against a lead of"
                " stock Odoo", "not slower" if bench.orders >= LARGE else "told",
                f"{ratio:.1f} x ({1000 * medians['suite'] / MAILS:.0f} ms)",
                ratio >= 1 or bench.orders < LARGE),
        *_growth(bench)]


def _growth(bench):
    """Return what a mail takes beside a smaller database, if there is one."""
    if not bench.beside:
        return []
    pair = {'large': bench.database, 'small': bench.beside}
    medians = bench.compare(f"{MAILS} mails, beside a smaller database", {
        name: lambda database=database: _read(bench, database, 'crm.request')
        for name, database in pair.items()}, 'small')
    ratio = medians['large'] / medians['small']
    return [Finding("a mail becomes a request, against thirty thousand orders", "at most 1.1 x",
                    f"{ratio:.2f} x", ratio <= 1.1)]


def _read(bench, database, model):
    """Let the gateway read mails of customers; return who was found, by the number of the mail."""
    with bench.environment('admin', database) as env:
        env = env(user=env.ref('base.user_root').id)
        mails = [MAIL.format(number=number) for number in range(1, MAILS + 1)]
        records = env[model]

        def work():
            for mail in mails:
                found = env['mail.thread'].message_process(model, mail, save_original=False)
                env.flush_all()
                records_made.append(found)
            return len(records_made)

        records_made = []
        sample = bench.timed(env, work)
        partners = records.browse(records_made).partner_id
        names = sorted(partners.mapped('name'))
        return Sample(sample.seconds, sample.statements, [len(records_made), names])
