"""Which contacts belong together, because they share an e-mail address or a company."""


def circles(keys):
    """Return the groups of items that share a key, directly or through others.

    :param dict keys: the keys of every item
    :return: the groups, in the order of their first items
    :rtype: list[set]

    >>> circles({1: ['a'], 2: ['c'], 3: ['a', 'b'], 4: ['b'], 5: []})
    [{1, 3, 4}, {2}, {5}]
    >>> circles({})
    []
    """
    leaders = {}

    def leader(node):
        while leaders.setdefault(node, node) != node:
            leaders[node] = node = leaders[leaders[node]]
        return node

    for item, item_keys in keys.items():
        for key in item_keys:
            leaders[leader((key,))] = leader(item)
    groups = {}
    for item in keys:
        groups.setdefault(leader(item), set()).add(item)
    return list(groups.values())


def contact_keys(contacts):
    """Return by which keys contacts belong together: their customer, and their e-mail address.

    An address joins contacts of one company of ours, and contacts of none with those of any.

    :param list contacts: tuples of the ids of contact, customer and company, and the address
    :return: the keys by the id of the contact
    :rtype: dict[int, list[tuple]]

    >>> contact_keys([(1, 1, False, 'a@b.example'), (2, 1, False, False)])
    {1: [('customer', 1), ('a@b.example', False)], 2: [('customer', 1)]}

    Contacts of two companies have nothing to do with each other ...

    >>> two = [(1, 1, 7, 'a@b.example'), (2, 2, 8, 'a@b.example')]
    >>> circles(contact_keys(two))
    [{1}, {2}]

    ... unless one that belongs to none stands between them.

    >>> circles(contact_keys([*two, (3, 3, False, 'a@b.example')]))
    [{1, 2, 3}]
    """
    companies = {}
    for _contact, _customer, company, email in contacts:
        companies.setdefault(email, {False: None})[company] = None
    return {
        contact: [('customer', customer)] + [
            (email, each) for each in ([company] if company else companies[email]) if email
        ]
        for contact, customer, company, email in contacts
    }
