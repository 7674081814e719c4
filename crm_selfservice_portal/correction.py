"""What a customer wants changed in an order, and what that does to the price."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

# Nobody orders more of one thing in the portal.
MAX_QUANTITY = 1_000_000
# A delivery is asked for at most so many days ahead.
MAX_DAYS = 365


class Wish(NamedTuple):
    """What is to be changed; what is None, or not named, stays as it is.

    >>> bool(Wish()), bool(Wish(cancel=True)), bool(Wish(note="Please hurry"))
    (False, True, False)
    """

    # The wanted quantities by `sale.order.line`
    quantities: Mapping = MappingProxyType({})
    # A `res.partner`
    address: Any = None
    # In UTC
    date: datetime | None = None
    cancel: bool = False
    note: str = ''

    def __bool__(self):
        return bool(self.quantities or self.address or self.date or self.cancel)


class LineEffect(NamedTuple):
    """How one line of the order changes."""

    line: Any
    quantity_from: float
    quantity_to: float
    # Without taxes
    amount_from: float
    amount_to: float
    # Whether its price was agreed otherwise than by the pricelist, and so stays
    agreed: bool = False


class Effect(NamedTuple):
    """How the amounts of the order change: before and after."""

    lines: tuple
    untaxed: tuple
    tax: tuple
    total: tuple
    taxes_mapped: bool = False
