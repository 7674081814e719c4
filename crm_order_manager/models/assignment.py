"""Who gets how much: arithmetic, without a database."""

from heapq import heapify, heapreplace


def spread_by_load(loads, count):
    """Return who gets each of `count` documents so that loads end as even as they can.

    :param dict loads: how many documents each person has already
    :param int count: how many there are to give
    :return: a person per document, the least loaded first
    :rtype: list

    >>> spread_by_load({'Ann': 3, 'Bob': 1}, 4)
    ['Bob', 'Bob', 'Ann', 'Bob']
    >>> spread_by_load({}, 2)
    []
    """
    heap = [(load, place, person) for place, (person, load) in enumerate(loads.items())]
    heapify(heap)
    chosen = []
    for _number in range(count if heap else 0):
        load, place, person = heap[0]
        chosen.append(person)
        heapreplace(heap, (load + 1, place, person))
    return chosen


def spread_in_turn(people, count):
    """Return who gets each of `count` documents, one after the other from the first.

    >>> spread_in_turn(['Ann', 'Bob'], 3)
    ['Ann', 'Bob', 'Ann']
    >>> spread_in_turn([], 3)
    []
    """
    return [people[number % len(people)] for number in range(count if people else 0)]
