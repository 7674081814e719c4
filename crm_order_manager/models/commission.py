"""How a commission is earned, shared and taken back: arithmetic, without a database.

Money is counted in whole units, the smallest coin of the currency, so that nothing is lost.
"""

from odoo.tools.float_utils import float_round


def units(amount, coin):
    """Return an amount in coins, half a coin rounded up.

    >>> units(12.345, 0.01)
    1235
    >>> units(-0.07, 0.05)
    -1
    """
    return int(float_round(amount / coin, precision_digits=0))


def split(total, shares):
    """Split coins in proportion to shares; the largest remainders get what is left over.

    >>> split(100, [1, 1, 1])
    [34, 33, 33]
    >>> split(5, [60, 40])
    [3, 2]
    >>> split(-100, [1, 1, 1])
    [-34, -33, -33]
    >>> split(100, [0, 0])
    [0, 0]
    """
    if total < 0:
        return [-part for part in split(-total, shares)]
    whole = sum(shares)
    if not whole:
        return [0 for _share in shares]
    exact = [total * share / whole for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[:total - sum(parts)]:
        parts[i] += 1
    return parts


def dated(flow, total, back_day, last_day):
    """Return what came in day by day, oldest first, so that it sums up to what is known to be in.

    What came in beyond it counts as given back; what is missing, as come in on the last day.

    :param list flow: pairs of day and amount, in any order, negative for money paid back
    :param float total: what is there of it all
    :param back_day: when too much was taken back, None for the day of the last payment
    :param last_day: the day of what no payment explains, when there is no payment at all

    >>> dated([(3, 50.0), (1, 20.0), (3, 5.0)], 75.0, None, 9)
    [(1, 20.0), (3, 55.0)]

    Paid in full, then 40 were credited on day 7.

    >>> dated([(1, 250.0)], 210.0, 7, 9)
    [(1, 250.0), (7, -40.0)]

    Paid 50 too much.

    >>> dated([(1, 100.0), (2, 200.0)], 250.0, None, 9)
    [(1, 100.0), (2, 150.0)]
    >>> dated([], 30.0, None, 9)
    [(9, 30.0)]
    """
    days = {}
    for day, amount in flow:
        days[day] = days.get(day, 0.0) + amount
    rest = total - sum(days.values())
    if rest:
        day = back_day if rest < 0 and back_day else max(days, default=last_day)
        days[day] = days.get(day, 0.0) + rest
    return [(day, days[day]) for day in sorted(days) if days[day]]


def increments(receipts, per_money, shares):
    """Return what each share earns day by day, in coins.

    Each day's sum is what is due for all that came in until then, rounded, less what was due
    before: rounding is never lost, and never added up.

    :param list receipts: pairs of day and money, oldest first
    :param float per_money: coins earned for one unit of money
    :param list shares: how the commission is shared
    :return: for each share, pairs of day and coins

    >>> increments([(1, 1.0), (2, 1.0), (3, 1.0)], 0.5, [1])
    [[(1, 1), (3, 1)]]
    >>> increments([(1, 10.0), (2, -10.0)], 1.0, [60, 40])
    [[(1, 6), (2, -6)], [(1, 4), (2, -4)]]
    """
    result = [[] for _share in shares]
    before, money = [0 for _share in shares], 0.0
    for day, amount in receipts:
        money += amount
        now = split(units(money * per_money, 1), shares)
        for steps, old, new in zip(result, before, now, strict=True):
            if new != old:
                steps.append((day, new - old))
        before = now
    return result


def newest(coins, pieces):
    """Take coins from pieces, the last one first, each as far as it goes.

    :param int coins: how much is taken, above 0
    :param list pieces: pairs of anything and how much there is of it
    :return: pairs of the same and how much is taken of it

    >>> newest(70, [('a', 50), ('b', 0), ('c', 40)])
    [('c', 40), ('a', 30)]
    """
    taken = []
    for key, there in reversed(pieces):
        part = min(coins, there)
        if part > 0:
            taken.append((key, part))
            coins -= part
    return taken
