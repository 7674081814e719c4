"""Who looks after the customers of the demo company, and what he has to do next."""

# Every so many customers there is one nobody looks after.
WITHOUT_MANAGER = 6
# An order manager looks after these, because he knows them from the phone.
KNOWN_FROM_THE_PHONE = ['partner_devaney', 'partner_fallon', 'partner_claddagh']
# So many of the newest paid orders ask something of the personal manager.
FRESHLY_PAID = 8


def load(env, customers, stories):
    """Give most customers a personal manager, and those what follows from a purchase."""
    boss = env.ref('crm_roles.user_sales_manager')
    # The same person at home, with the same address: she shares the manager of her company.
    env['res.partner'].create({
        'name': "Róisín Kilbride (private)",
        'email': env.ref('crm_roles.partner_roisin_kilbride').email,
        'comment': "Buys for her own workshop at home, pays by card.",
    })
    looked_after = customers.browse(
        customer.id for number, customer in enumerate(customers)
        if number % WITHOUT_MANAGER != WITHOUT_MANAGER - 1)
    known = customers.browse().union(
        *(env.ref(f'crm_roles.{name}') for name in KNOWN_FROM_THE_PHONE))
    for salesperson, theirs in (looked_after - known).grouped('user_id').items():
        theirs.with_user(boss).personal_manager_id = salesperson
    known.with_user(boss).personal_manager_id = env.ref('crm_roles.user_order_manager2')
    plan_duties(env, stories)


def plan_duties(env, stories):
    """Plan what follows from the newest purchases; what is older has been done."""
    orders = env['sale.order'].browse(story.order.id for story in stories)
    due = orders.search(orders._duties_domain(), order='date_order DESC', limit=FRESHLY_PAID)
    paid = orders.filtered(lambda order: order.state == 'sale' and not order.amount_unpaid)
    (paid - due).duties_checked = True
    due._start_duties()
