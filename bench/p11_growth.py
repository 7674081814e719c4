"""P11: what is done to a thousand records costs as many statements as what is done to ten."""

from measure import Finding

TITLE = "Statements for a thousand records, against ten"
FEW, MANY = 10, 1000
# So many kinds of statements may come once more for so many rows: the ORM works in chunks.
KINDS, READ, WRITTEN = 8, 1000, 100
# Odoo's own mail.thread writes a message and a value for each record whose field it tracks.
TRACKED = 2
LISTS = (
    ('sale.order', 'crm_order_manager.sale_order_action_managed'),
    ('sale.order', 'crm_order_manager.sale_order_action_call'),
    ('res.partner', 'crm_order_manager.res_partner_action_my_customers'),
    ('crm.call', 'crm_calls.crm_call_action'),
    ('crm.manager.change', 'crm_order_manager.crm_manager_change_action'),
    ('crm.request', 'crm_service_requests.crm_request_action_inbox'),
    ('crm.process.run', 'crm_process.crm_process_run_action'),
    ('crm.process.task', 'crm_process.crm_process_task_action'),
    ('crm.campaign.member', 'crm_campaigns.crm_campaign_member_action'),
)


def measure(bench):
    done = [(f"list of {name}", _list(bench, model, name)) for model, name in LISTS]
    done += [(what, _bulk(bench, model, domain, *act)) for what, model, domain, *act in (
        ("a manager for orders", 'sale.order', [('state', '=', 'sale')], _put_manager, TRACKED),
        ("a personal manager for customers", 'res.partner', [('is_company', '=', True)],
         _put_personal_manager, 0),
        ("what is unpaid of orders", 'sale.order', [('state', '=', 'sale')], _count_unpaid, 0),
        ("cancel requests", 'crm.request', [('state', 'in', ['new', 'open'])], _cancel, TRACKED))]
    bench.table("Statements", [
        {'what': what, 'statements': " and ".join(map(str, costs.values())),
         'records': " and ".join(map(str, costs)), 'allowed': allowed}
        for what, (costs, allowed) in done])
    return [
        Finding(f"statements for {what}: {' and '.join(map(str, costs))} records",
                f"at most {allowed}", " and ".join(map(str, costs.values())),
                max(costs.values()) <= allowed)
        for what, (costs, allowed) in done]


def _list(bench, model, action):
    """Read the rows of a list as its screen does."""
    with bench.environment() as env:
        env = env(user=env.ref('base.user_admin').id)
        records = env[model]
        views = {kind: view for view, kind in env.ref(action).sudo().views}
        names = records.get_view(views['list'], 'list')['models'][model]
        specification = {
            name: {'fields': {'display_name': {}}} if records._fields[name].relational else {}
            for name in names}
        costs = {
            size: _least(bench, env, lambda size=size: records.web_search_read(
                [], specification, limit=size)) for size in (FEW, MANY)}
    return _judged(costs, READ)


def _bulk(bench, model, domain, action, tracked):
    """Do something to many records at once; it costs Odoo so many statements for each."""
    costs = {}
    for size in (FEW, MANY):
        with bench.environment() as env:
            env = env(user=env.ref('base.user_admin').id)
            records = env[model].search(domain, limit=size, order='id')
            env.invalidate_all()
            costs[len(records)] = bench.timed(env, lambda: action(records)).statements  # noqa: B023
    return _judged(costs, WRITTEN, tracked)


def _judged(costs, chunk, each=0):
    """Return the costs, and how much is allowed."""
    few, many = min(costs), max(costs)
    return costs, costs[few] + KINDS * (many // chunk) + each * (many - few)


def _least(bench, env, work):
    """Return the least number of statements of three times."""
    def read():
        env.invalidate_all()
        work()
    return min(bench.timed(env, read).statements for _time in range(3))


def _put_manager(orders):
    orders.order_manager_id = _user(orders.env, 'caller1')


def _put_personal_manager(partners):
    partners.personal_manager_id = _user(partners.env, 'rep1')


def _user(env, login):
    return env['res.users'].search([('login', '=', login)])


def _count_unpaid(orders):
    orders.env.add_to_compute(orders._fields['amount_unpaid'], orders)


def _cancel(requests):
    requests.action_cancel()
