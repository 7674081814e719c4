"""What a run would have taken, had one of its steps been shorter or not waited: plain arithmetic.

A run is a list of spans, one per step it went through. Times are hours since the run began.

>>> run = [Span('ask', 0, 0, 2), Span('price', 2, 2, 8), Span('stock', 2, 2, 4),
...        Span('send', 8, 8, 9)]
>>> saved(run, shorter='price'), saved(run, shorter='stock')
(1.0, 0.0)
>>> waits = {'send': {'price', 'stock'}}
>>> saved([Span('price', 0, 0, 6), Span('send', 1, 6, 9)], waits, free=('send', 'price'))
3.0
"""

from typing import NamedTuple

# Two moments closer than a second are the same.
EPSILON = 1 / 3600


class Span(NamedTuple):
    """A step of a run: when the document reached it, when its clock began, when it ended."""

    step: object
    ready: float
    start: float
    end: float


def saved(spans, waits=None, shorter=None, free=None, hours=1.0):
    """Return how many hours earlier a run would have ended.

    A step begins as long after the last of those before it as it did. Before it are those it is
    said to wait for, else all that were over when it began.

    :param list[Span] spans: the run
    :param waits: for steps that are said to wait, the steps they wait for
    :type waits: dict[object, set]
    :param shorter: step that takes an hour less, or as many as it takes
    :param free: step, and the one for which it waits no longer
    :type free: tuple[object, object]
    :param float hours: by how much it is shorter
    :rtype: float
    """
    waits, ends = waits or {}, {}
    step_free, other_free = free or (None, None)
    for span in sorted(spans, key=lambda span: (span.end, span.start)):
        before = [
            other for other in ends if other.end <= span.start + EPSILON
            and (span.step not in waits or other.step in waits[span.step])]
        if span.step == step_free:
            kept = [ends[other] for other in before if other.step != other_free]
            # Only what it waited for the other is won.
            start = min(span.start, max([span.ready, *kept]))
        else:
            last = max((other.end for other in before), default=0.0)
            start = max((ends[other] for other in before), default=0.0) + span.start - last
        took = span.end - span.start
        ends[span] = start + took - (min(hours, took) if span.step == shorter else 0.0)
    return float(max(span.end for span in spans) - max(ends.values()))


def overlap(one, other):
    """Return whether two steps ran beside each other.

    >>> overlap(Span('a', 0, 0, 2), Span('b', 1, 1, 3)), overlap(
    ...     Span('a', 0, 0, 2), Span('b', 2, 2, 3))
    (True, False)
    """
    return one.start + EPSILON < other.end and other.start + EPSILON < one.end
