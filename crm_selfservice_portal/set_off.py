"""Credit notes and earlier payments that somebody sets off against bills, without any money."""

from dataclasses import dataclass

from odoo.exceptions import UserError

from .cart import Cart


@dataclass(frozen=True)
class SetOff:
    """A cart of which nothing is left to be paid."""

    cart: Cart

    def purses(self):
        """Return what is set off with each other: what is one customer's, on one account.

        :rtype: dict[tuple, dict[Item, float]]
        """
        purses = {}
        for item, amount in self.cart.chosen.items():
            purses.setdefault((item.customer, item.account), {})[item] = amount
        return purses

    def check(self):
        """Refuse what cannot be set off just as it was chosen.

        :raise UserError: saying what is wrong, and what to do
        """
        for item in self.cart.chosen:
            self._check_item(item)
        for (customer, _account), chosen in self.purses().items():
            self._check_purse(customer, chosen)

    def _check_item(self, item):
        env = self.cart.open_items.env
        if item.kind in ('order', 'advance'):
            raise UserError(env._(
                "%(document)s: credit notes are set off against bills only. Leave it out, or pay "
                "it.", document=item.name))
        if item.discount:
            raise UserError(env._(
                "%(document)s: the discount for early payment is for who pays. Leave it out, or "
                "pay it.", document=item.name))

    def _check_purse(self, customer, chosen):
        env, currency = self.cart.open_items.env, self.cart.open_items.currency
        if not currency.is_zero(sum(chosen.values())):
            raise UserError(env._(
                "%(customer)s: what is set off is not as much as the bills. Choose what belongs "
                "together.", customer=customer.name))
        if len([item for item in chosen if not self._is_whole(item, chosen)]) > 1:
            raise UserError(env._(
                "%(customer)s: only one of the bills can be set off in part. Choose the others "
                "whole.", customer=customer.name))

    def _is_whole(self, item, chosen):
        currency = self.cart.open_items.currency
        return currency.compare_amounts(chosen[item], item.amount) == 0

    def settle(self):
        """Set off, what is chosen whole before what is chosen in part."""
        for (customer, account), chosen in self.purses().items():
            whole = [item for item in chosen if self._is_whole(item, chosen)]
            for items in (whole, chosen):
                lines = self._open_lines(items, customer, account)
                if {line.balance > 0 for line in lines} == {True, False}:
                    lines.reconcile()

    def _open_lines(self, items, customer, account):
        """Return the open lines of documents in the books, with all rights."""
        lines = [item.record.line_ids for item in items]
        return lines[0].union(*lines).filtered(
            lambda line: line.account_id == account and not line.reconciled
            and line.partner_id.commercial_partner_id == customer) if lines else []

    def told(self):
        """Return for each bill what is set off against it, in words.

        :rtype: list[tuple[account.move, str]]
        """
        told, currency = [], self.cart.open_items.currency
        for chosen in self.purses().values():
            names = ", ".join(item.name for item, amount in chosen.items() if amount < 0)
            told += [
                (item.record, f'{currency.format(amount)}: {names}')
                for item, amount in chosen.items() if amount > 0]
        return told
