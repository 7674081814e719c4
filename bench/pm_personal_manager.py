"""PM: a personal manager for ten thousand contacts who belong together, and his customers.

It takes 300 thousand orders: fewer have not so many customers.
"""

from measure import Finding

TITLE = "Personal managers of ten thousand contacts"
SIZES = (1000, 10000)
ROWS = 80


def measure(bench):
    circle = {size: _circle(bench, size) for size in SIZES}
    rows = [
        {'what': f"give a circle of {size} contacts to somebody",
         'ms': round(1000 * sample.seconds), 'statements': sample.statements}
        for size, sample in circle.items()
    ]
    lists = {size: _my_customers(bench, size) for size in SIZES}
    rows += [
        {'what': f"My Customers, {ROWS} rows of {size}", 'ms': round(1000 * sample.seconds),
         'statements': sample.statements}
        for size, sample in lists.items()
    ]
    found = _find(bench)
    rows.append({'what': f"find customers: {found.result} found",
                 'ms': round(1000 * found.seconds), 'statements': found.statements})
    bench.table("Personal managers", rows)
    small, large = SIZES
    # A chunk of a thousand rows may cost the ORM a statement of each kind.
    chunks = 4 * large // 1000
    return [
        Finding("statements for a circle of 10,000, against 1,000", "one more of a kind per 1,000",
                f"{circle[large].statements} and {circle[small].statements}",
                circle[large].statements <= circle[small].statements + chunks),
        Finding("a circle of 10,000 contacts", "at most 10 s",
                f"{circle[large].seconds:.1f} s", circle[large].seconds <= 10),
        Finding("statements for My Customers, 10,000 against 1,000", "as many",
                f"{lists[large].statements} and {lists[small].statements}",
                lists[large].statements == lists[small].statements),
        Finding("My Customers of 10,000", "at most 1 s", f"{lists[large].seconds:.2f} s",
                lists[large].seconds <= 1),
        Finding("find customers", "at most 1 s", f"{found.seconds:.2f} s", found.seconds <= 1),
    ]


def _circle(bench, size):
    """Put so many contacts into one company, and give it to somebody."""
    with bench.environment() as env:
        env.cr.execute("""
            UPDATE res_partner SET parent_id = company.id, personal_manager_id = NULL,
                                   commercial_partner_id = company.id
            FROM (SELECT min(id) AS id FROM bench.customer) AS company
            WHERE res_partner.id IN (
                SELECT partner.id FROM res_partner partner JOIN bench.customer USING (id)
                ORDER BY partner.id OFFSET 1 LIMIT %(size)s - 1)
               OR res_partner.id = company.id
        """, {'size': size})
        env.cr.execute("SELECT min(id) FROM bench.customer")
        company = env['res.partner'].browse(env.cr.fetchone())
        env.cr.execute(
            "UPDATE res_partner SET parent_id = NULL WHERE id = %s", [company.id])
        env.invalidate_all()
        manager = env['res.users'].search([('login', '=', 'rep1')])
        return bench.timed(
            env, lambda: company.write({'personal_manager_id': manager.id}))


def _my_customers(bench, size):
    """Read the first page of the list of somebody who looks after so many customers."""
    with bench.environment() as env:
        manager = env['res.users'].search([('login', '=', 'rep1')])
        env.cr.execute("UPDATE res_partner SET personal_manager_id = NULL")
        env.cr.execute("""
            UPDATE res_partner SET personal_manager_id = %s
            WHERE id IN (SELECT id FROM bench.customer ORDER BY id LIMIT %s)
        """, [manager.id, size])
        env = env(user=manager.id)
        partners = env['res.partner']
        view = env.ref('crm_order_manager.res_partner_view_list_my_customers')
        names = list(partners.get_view(view.id, 'list')['models']['res.partner'])
        specification = {
            name: {'fields': {'display_name': {}}}
            if partners._fields[name].type in ('many2one', 'many2many') else {}
            for name in names
        }
        domain = [('personal_manager_id', '=', manager.id), ('parent_id', '=', False)]

        def read():
            env.invalidate_all()
            return partners.web_search_read(
                domain, specification, limit=ROWS, order='last_contact_at')['length']

        read()
        return bench.timed(env, read)


def _find(bench):
    """Find who bought one product, not another one, and is free to be taken."""
    with bench.environment('rep1') as env:
        env.cr.execute("SELECT value FROM bench.fact WHERE name = 'variant'")
        [first] = env.cr.fetchone()
        finder = env['crm.customer.finder'].create({
            'bought_product_ids': [first + 1], 'missing_product_ids': [first + 2],
            'date_from': '2022-01-01'})
        env.flush_all()
        env.invalidate_all()
        return bench.timed(env, lambda: finder.customer_count)
