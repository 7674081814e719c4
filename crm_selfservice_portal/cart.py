"""What somebody has chosen of the open items, checked before it is paid."""

from dataclasses import dataclass

from odoo.exceptions import UserError

from .open_items import OpenItems


@dataclass(frozen=True)
class Cart:
    """What somebody has chosen of the open items, with the amount of each."""

    open_items: OpenItems
    chosen: dict

    @property
    def total(self):
        """What is to be paid."""
        return self.open_items.currency.round(sum(self.chosen.values()))

    @property
    def doubled(self):
        """The items of which more is chosen than is not on its way yet."""
        currency = self.open_items.currency
        return [item for item, amount in self.chosen.items()
                if amount > 0 and item.kind != 'advance'
                and currency.compare_amounts(amount, item.free) > 0]

    @classmethod
    def fill(cls, open_items, amounts):
        """Return the cart of what was ticked, if all of it is open.

        :param dict amounts: the amount of each item by its name; None: what is proposed
        :raise UserError: saying what is wrong, and what to do
        """
        env = open_items.env
        items = open_items.find(amounts)
        if not amounts:
            raise UserError(env._("Nothing is chosen. Tick what you want to pay."))
        if items.keys() != amounts.keys():
            raise UserError(env._(
                "Something of what you have chosen is not open any more. Look at the list again."))
        cart = cls(open_items, {
            item: cls._amount(env, open_items.currency, item, amounts[key])
            for key, item in items.items()})
        cart._check()
        return cart

    @staticmethod
    def _amount(env, currency, item, amount):
        """Return the amount of an item, below 0 for what is set off, if it may be chosen."""
        if item.amount < 0:
            if amount is None or currency.compare_amounts(amount, -item.amount) == 0:
                return item.amount
        elif amount is None:
            if item.proposed:
                return item.proposed
        elif currency.is_zero(amount - currency.round(amount)) and (
                item.kind == 'advance' or currency.compare_amounts(amount, item.amount) <= 0) and (
                item.divisible or any(currency.is_zero(amount - whole)
                                      for whole in (item.amount, item.free))):
            return currency.round(amount)
        raise UserError(env._(
            "%(document)s: this amount cannot be paid. %(open)s is open. Choose again.",
            document=item.name, open=currency.format(item.amount)))

    @property
    def is_set_off(self):
        """Whether nothing is left to be paid."""
        return self.open_items.currency.is_zero(self.total)

    def _check(self):
        env, currency = self.open_items.env, self.open_items.currency
        if self.is_set_off:
            return
        sums = {}
        for item, amount in self.chosen.items():
            whole = item.kind not in ('bill', 'order') or (
                item.kind == 'bill' and currency.compare_amounts(amount, item.amount) == 0)
            if whole:
                purse = item.customer, item.account
                sums[purse] = sums.get(purse, 0.0) + amount
        for (customer, _account), amount in sums.items():
            if currency.compare_amounts(amount, 0) < 0:
                raise UserError(env._(
                    "%(customer)s: what is set off is more than the bills that you pay whole. "
                    "Choose more bills, or leave a credit note out.", customer=customer.name))

    def values(self):
        """Return the values of the choices that make up the cart.

        :rtype: list[dict]
        """
        fields = {'account.move': 'move_id', 'sale.order': 'order_id'}
        return [{
            'partner_id': item.customer.id,
            'user_id': self.open_items.user.id,
            'amount': amount,
            **({fields[item.record._name]: item.record.id} if item.kind != 'advance' else {}),
        } for item, amount in self.chosen.items()]
