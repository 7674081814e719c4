"""P1: ten thousand orders get another manager, with the whole trail."""

from measure import Finding, Sample

from odoo.fields import Command, Datetime

TITLE = "Reassign orders with the ledger and the history of each"
SIZES = (1000, 10000)
# Stock Odoo takes minutes for ten thousand.
STOCK_ORDERS = 100
# The same work by hand: the order, a line of the ledger, a message and what it tracks.
BY_HAND = """
    WITH changed AS (
        UPDATE sale_order SET order_manager_id = %(new)s, commission_due = sale_order.state = 'sale'
        FROM sale_order former
        WHERE sale_order.id = former.id AND sale_order.id = ANY(%(ids)s)
        RETURNING sale_order.id, sale_order.partner_id, sale_order.company_id,
                  former.order_manager_id AS former_id
    ), ledger AS (
        INSERT INTO crm_manager_change (
            kind, order_id, partner_id, company_id, from_user_id, to_user_id, user_id, date, reason,
            create_uid, create_date, write_uid, write_date)
        SELECT 'order', id, partner_id, company_id, former_id, %(new)s, %(user)s, %(now)s,
               'transfer', %(user)s, %(now)s, %(user)s, %(now)s
        FROM changed
    ), message AS (
        INSERT INTO mail_message (
            model, res_id, message_type, subtype_id, author_id, date, is_internal, create_uid,
            create_date, write_uid, write_date)
        SELECT 'sale.order', id, 'notification', %(subtype)s, %(author)s, %(now)s, TRUE, %(user)s,
               %(now)s, %(user)s, %(now)s
        FROM changed
        RETURNING id, res_id
    )
    INSERT INTO mail_tracking_value (
        mail_message_id, field_id, old_value_integer, old_value_char, new_value_integer,
        new_value_char, create_uid, create_date, write_uid, write_date)
    SELECT message.id, %(field)s, former_id, former_partner.name, %(new)s, %(name)s, %(user)s,
           %(now)s, %(user)s, %(now)s
    FROM message
    JOIN changed ON changed.id = message.res_id
    LEFT JOIN res_users former ON former.id = former_id
    LEFT JOIN res_partner former_partner ON former_partner.id = former.partner_id
"""


def measure(bench):
    medians, statements = {}, {}
    for size in SIZES:
        medians[size] = bench.compare(
            f"{size} orders to one person", {
                'suite': lambda size=size: by_suite(bench, size),
                'SQL': lambda size=size: by_hand(bench, size),
            }, reference='SQL')
        statements[size] = _statements(bench, size)
    bench.compare(f"{STOCK_ORDERS} orders by stock Odoo (another salesperson)", {
        'stock': lambda: by_stock(bench, STOCK_ORDERS)}, reference='stock', rounds=3)
    stock = bench.tables[-1]['rows'][0]['median ms'] / STOCK_ORDERS
    size = SIZES[-1]
    to_hand = medians[size]['suite'] / medians[size]['SQL']
    to_stock = stock / (1000 * medians[size]['suite'] / size)
    with bench.environment() as env:
        mails = _mails(env, lambda: _wizard(env, size).action_assign())
    return [
        Finding("10,000 orders, against the same by hand", "at most 1.3 x", f"{to_hand:.2f} x",
                to_hand <= 1.3),
        Finding("one order, against stock Odoo", "100 x faster", f"{to_stock:.0f} x",
                to_stock >= 100),
        Finding("statements for 10,000 orders, without the mail", "at most 12",
                str(statements[size]), statements[size] <= 12),
        Finding("statements, 10,000 orders against 1,000", "as many",
                f"{statements[size]} and {statements[SIZES[0]]}",
                statements[size] == statements[SIZES[0]]),
        Finding("messages to the receiver", "1", str(mails), mails == 1),
    ]


def _orders(env, count):
    """Return orders that are not with the receiver."""
    return env['sale.order'].search(
        [('order_manager_id', '!=', _receiver(env).id)], order='id', limit=count)


def _receiver(env):
    return env['res.users'].search([('login', '=', 'caller7')])


def _wizard(env, count):
    wizard = env['crm.manager.assign'].create({
        'order_ids': [Command.set(_orders(env, count).ids)], 'method': 'one',
        'user_id': _receiver(env).id})
    env.flush_all()
    env.invalidate_all()
    return wizard


def _trail(env, count):
    """Return how many orders, lines of the ledger, messages and tracked values there are now."""
    receiver = _receiver(env)
    env.cr.execute("""
        SELECT (SELECT count(*) FROM sale_order WHERE order_manager_id = %(user)s),
               (SELECT count(*) FROM crm_manager_change WHERE to_user_id = %(user)s),
               (SELECT count(*) FROM mail_tracking_value WHERE new_value_integer = %(user)s),
               (SELECT count(*) FROM sale_order WHERE commission_due)
    """, {'user': receiver.id})
    return env.cr.fetchone()


def by_suite(bench, count):
    with bench.environment() as env:
        wizard = _wizard(env, count)
        sample = bench.timed(env, wizard.action_assign)
        return Sample(sample.seconds, sample.statements, _trail(env, count))


def by_hand(bench, count):
    with bench.environment() as env:
        ids, receiver = _orders(env, count).ids, _receiver(env)
        values = {
            'ids': ids, 'new': receiver.id, 'name': receiver.name, 'user': env.uid,
            'now': Datetime.now(), 'author': env.user.partner_id.id,
            'subtype': env.ref('mail.mt_note').id,
            'field': env['ir.model.fields'].sudo()._get('sale.order', 'order_manager_id').id}
        sample = bench.timed(env, lambda: env.cr.execute(BY_HAND, values))
        return Sample(sample.seconds, sample.statements, _trail(env, count))


def by_stock(bench, count):
    """Give orders to another salesperson as Odoo does it: each with its history and a mail."""
    with bench.environment('admin') as env:
        orders, receiver = _orders(env, count), env['res.users'].search([('login', '=', 'rep1')])
        sample = bench.timed(env, lambda: orders.write({'user_id': receiver.id}))
        return Sample(sample.seconds, sample.statements, len(orders))


def _statements(bench, count):
    """Return how many statements it takes, apart from reading the dialog and writing the mail."""
    with bench.environment() as env:
        orders, receiver = _orders(env, count), _receiver(env)
        (orders[:1])._change_order_manager({receiver: orders[:1]}, 'transfer')
        env.flush_all()
        env.invalidate_all()
        return bench.timed(
            env, lambda: len(orders._change_order_manager({receiver: orders}, 'transfer'))
        ).statements


def _mails(env, work):
    """Return how many people are told by what is done."""
    before = env['mail.notification'].sudo().search_count([])
    work()
    env.cr.flush()
    return env['mail.notification'].sudo().search_count([]) - before
