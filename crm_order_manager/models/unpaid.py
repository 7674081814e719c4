"""What a customer still has to pay for an order: arithmetic, without a database.

All amounts are in the currency of the order.
"""


def amount_owed(total, billed, fully_billed):
    """Return what the order costs the customer, before payments and credit notes.

    It is the total; more where more was billed (delivered beyond the order, or billed again after
    a correction); just what the bills say once everything is billed.

    >>> amount_owed(100.0, 0.0, fully_billed=False)
    100.0
    >>> amount_owed(100.0, 200.0, fully_billed=False)
    200.0
    >>> amount_owed(100.0, 90.0, fully_billed=True)
    90.0
    """
    return billed if fully_billed else max(total, billed)


def amount_unpaid(owed, credited, paid, brought):
    """Return what is still to be paid, never less than nothing.

    :param float owed: what the order costs, see `amount_owed`
    :param float credited: the total of its credit notes
    :param float paid: what was paid on its bills, less what was paid back on its credit notes
    :param float brought: what payment transactions brought that no bill has used yet

    >>> amount_unpaid(100.0, credited=30.0, paid=50.0, brought=0.0)
    20.0
    >>> amount_unpaid(100.0, credited=0.0, paid=0.0, brought=120.0)
    0.0
    """
    return max(0.0, owed - credited - paid - brought)


def amount_received(owed, credited, paid, brought):
    """Return what came in of what is owed, from nothing to all; what is too much does not count.

    With what is unpaid it makes up what the order costs after its credit notes.

    >>> amount_received(100.0, credited=30.0, paid=50.0, brought=0.0)
    50.0
    >>> amount_received(100.0, credited=30.0, paid=100.0, brought=0.0)
    70.0
    """
    return max(0.0, min(owed - credited, paid + brought))


def settled_share(total, residual):
    """Return which share of a bill is settled, from 0 to 1; a bill over nothing is.

    >>> settled_share(200.0, 50.0)
    0.75
    >>> settled_share(0.0, 0.0)
    1.0
    """
    return (total - residual) / total if total else 1.0
