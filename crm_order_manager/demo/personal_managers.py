"""Who looks after the customers of the demo company, and what he has to do next."""

# Every so many customers there is one nobody looks after.
WITHOUT_MANAGER = 6
# An order manager looks after these, because he knows them from the phone.
KNOWN_FROM_THE_PHONE = ['partner_devaney', 'partner_fallon', 'partner_claddagh']
# What the company wants to know of its customers besides their address.
PROPERTIES = [
    {'name': 'best_reached', 'type': 'selection', 'string': "Best Reached", 'selection': [
        ['morning', "In the morning"], ['noon', "At noon"], ['evening', "After five"]]},
    {'name': 'machines', 'type': 'char', 'string': "Machines"},
    {'name': 'own_service', 'type': 'boolean', 'string': "Repairs Himself"},
]
KNOWN = [
    {'best_reached': 'morning', 'machines': "Panel saw, band saw", 'own_service': True},
    {'best_reached': 'evening', 'machines': "CNC mill"},
    {'best_reached': 'noon'},
]
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
    tell_properties(env, customers)


def tell_properties(env, customers):
    """Say what is worth knowing of the customers, in fields of the company's own."""
    env['properties.base.definition']._get_definition_for_property_field(
        'res.partner', 'properties').properties_definition = PROPERTIES
    for number, customer in enumerate(customers):
        customer.properties = KNOWN[number % len(KNOWN)]


def plan_duties(env, stories):
    """Plan what follows from the newest purchases; what is older has been done."""
    orders = env['sale.order'].browse(story.order.id for story in stories)
    due = orders.search(orders._duties_domain(), order='date_order DESC', limit=FRESHLY_PAID)
    paid = orders.filtered(lambda order: order.state == 'sale' and not order.amount_unpaid)
    (paid - due).duties_checked = True
    due._start_duties()
