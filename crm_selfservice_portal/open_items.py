"""What is open between a company and the customers for whom somebody may pay.

Documents are searched as that user, so the rules of the portal say which he sees.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .carts import parse_key

# So many orders or earlier payments stand on the page.
SHOWN = 100


class Item(NamedTuple):
    """One thing that can be paid, or set off when its amount is below 0."""

    key: str
    kind: str
    record: models.Model
    customer: models.Model
    name: str
    day: date | None
    due: date | None
    amount: float
    underway: float
    divisible: bool
    next_amount: float
    discount: str = ''

    @property
    def account(self):
        """The receivable account on which it is settled."""
        if self.kind in ('advance', 'order'):
            return self.customer.property_account_receivable_id
        return self.record.line_ids.account_id.filtered(
            lambda account: account.account_type == 'asset_receivable')[:1]

    @property
    def free(self):
        """What of it is not on its way yet."""
        return max(self.amount - self.underway, 0.0) if self.amount > 0 else self.amount

    @property
    def proposed(self):
        """What is proposed to be paid of it."""
        return min(self.next_amount, self.free) or self.next_amount if (
            self.amount > 0) else self.amount


@dataclass(frozen=True)
class OpenItems:
    """The open items for one user, with one company, in one currency."""

    user: models.Model
    company: models.Model
    currency: models.Model

    @property
    def env(self):
        """The environment in which the user has his own rights and no other."""
        return as_user(self.user)

    def find(self, keys, overdue=False, limit=None, offset=0):
        """Return the open items, bills and credit notes first, those due first before others.

        :param keys: the names of the items, or None for all
        :param bool overdue: only what is overdue
        :param int limit: how many bills and credit notes at most
        :param int offset: how many bills and credit notes are left out before
        :rtype: dict[str, Item]
        """
        numbers = {'m': None, 'o': None, 'p': None}
        if keys is not None:
            numbers = {letter: [] for letter in numbers}
            for letter, number in filter(None, map(parse_key, keys)):
                numbers[letter].append(number)
        items = self._bills(numbers['m'], overdue, limit, offset)
        if not overdue and not offset:
            items += self._credits(numbers['m']) + self._orders(numbers['o'])
            items += self._advances(numbers['p'])
        return {item.key: item for item in items}

    def count_bills(self, overdue=False):
        """Return how many bills and credit notes are open.

        :param bool overdue: only those which are overdue
        :rtype: int
        """
        return self.env['account.move'].search_count(self._bill_domain(overdue=overdue))

    def queue_up(self):
        """Let those who settle something of the same customers wait for each other.

        The second finds the row changed, and starts anew with the first before his eyes.
        """
        self.env.cr.execute(SQL(
            "UPDATE res_partner SET color = color WHERE id IN %s",
            tuple(self.customers().ids)))

    def customers(self):
        """Return the customers for whom the user may pay, his own first.

        :rtype: res.partner
        """
        rights = self.user._portal_rights()
        # sudo: res.partner - names of the customers whose documents the user sees
        partners_sudo = self.env['res.partner'].sudo()
        own_sudo = partners_sudo.browse(rights.partner_id).commercial_partner_id
        return (own_sudo | partners_sudo.browse(rights.customer_ids or ())).with_company(
            self.company)

    def _bill_domain(self, numbers=None, overdue=False):
        domain = (
            open_bill_domain() & Domain('company_id', '=', self.company.id)
            & Domain('currency_id', '=', self.currency.id))
        if numbers is not None:
            domain &= Domain('id', 'in', numbers)
        if overdue:
            domain &= Domain('move_type', '=', 'out_invoice') & Domain('line_ids', 'any', [
                ('display_type', '=', 'payment_term'), ('reconciled', '=', False),
                ('date_maturity', '<', 'today')])
        return domain

    def _bills(self, numbers, overdue, limit, offset):
        # sudo: account.move - found by the rights of the user; payments say what is open
        bills_sudo = self.env['account.move'].search(
            self._bill_domain(numbers, overdue), limit=limit, offset=offset,
            order='invoice_date_due, id').sudo()
        underway = self._underway('move_id', bills_sudo)
        items = [self._bill(bill_sudo, underway.get(bill_sudo, 0.0)) for bill_sudo in bills_sudo]
        return [item for item in items if not self.currency.is_zero(item.amount)]

    def _bill(self, bill_sudo, underway):
        amount = bill_sudo._amount_payable()
        values = bill_sudo._get_invoice_next_payment_values()
        parts = values.get('installment_state') in ('next', 'overdue')
        early = values.get('installment_state') == 'epd' and amount < bill_sudo.amount_residual
        return Item(
            key=f'm{bill_sudo.id}', kind='bill' if amount > 0 else 'credit_note',
            record=bill_sudo, customer=bill_sudo.commercial_partner_id, name=bill_sudo.name,
            day=bill_sudo.invoice_date, due=values.get('next_due_date') if amount > 0 else None,
            amount=amount, underway=underway,
            divisible=amount > 0 and (parts or self.company.pay_part_amounts),
            next_amount=min(values['next_amount_to_pay'], amount) if parts else amount,
            discount=values['epd_discount_msg'] if early else '')

    def _credits(self, numbers):
        """Return what was paid and not yet used, where it is not kept for an order."""
        domain = (
            Domain('account_type', '=', 'asset_receivable') & Domain('parent_state', '=', 'posted')
            & Domain('reconciled', '=', False) & Domain('amount_residual_currency', '<', 0)
            & Domain('company_id', '=', self.company.id)
            & Domain('currency_id', '=', self.currency.id) & Domain('move_type', '=', 'entry')
            & Domain('partner_id', 'in', self._crediting_customers().ids)
            & Domain('move_id', 'not any', kept_domain()))
        if numbers is not None:
            domain &= Domain('move_id', 'in', numbers)
        # sudo: account.move.line - payments of the customers for whom the user pays
        found = self.env['account.move.line'].sudo()._read_group(
            domain, ['move_id', 'partner_id'], ['amount_residual_currency:sum'], limit=SHOWN,
            order='move_id')
        return [Item(
            key=f'm{move.id}', kind='payment', record=move, customer=customer, name=move.name,
            day=move.date, due=None, amount=amount, underway=0.0, divisible=False,
            next_amount=amount) for move, customer, amount in found]

    def _crediting_customers(self):
        """Return whose earlier payments may be set off: not those of a company one does not see."""
        customers = self.customers()
        return customers if self.user._portal_rights().customer_ids else customers.browse()

    def _orders(self, numbers):
        domain = open_order_domain() & Domain('company_id', '=', self.company.id) & Domain(
            'currency_id', '=', self.currency.id)
        if numbers is not None:
            domain &= Domain('id', 'in', numbers)
        # sudo: sale.order - found by the rights of the user; its bills say what is open beyond
        orders_sudo = self.env['sale.order'].search(
            domain, limit=SHOWN, order='date_order, id').sudo()
        underway = self._underway('order_id', orders_sudo)
        items = [self._order(order_sudo, underway.get(order_sudo, 0.0))
                 for order_sudo in orders_sudo]
        return [item for item in items if not self.currency.is_zero(item.amount)]

    def _order(self, order_sudo, underway):
        amount = order_sudo._amount_not_billed()
        return Item(
            key=f'o{order_sudo.id}', kind='order', record=order_sudo,
            customer=order_sudo.partner_invoice_id.commercial_partner_id, name=order_sudo.name,
            day=order_sudo.date_order.date(), due=None, amount=amount, underway=underway,
            divisible=self.company.pay_part_amounts, next_amount=amount)

    def _advances(self, numbers):
        customers = self.customers()
        if numbers is not None:
            customers = customers.filtered(lambda customer: customer.id in numbers)
        return [Item(
            key=f'p{customer.id}', kind='advance', record=customer, customer=customer,
            name=customer.name, day=None, due=None, amount=0.0, underway=0.0, divisible=True,
            next_amount=0.0) for customer in customers]

    def _underway(self, field, records):
        """Return what is on its way for bills or orders: by transactions not yet in the books.

        :rtype: dict[models.Model, float]
        """
        # sudo: payment.transaction, crm.payment.choice - what colleagues pay counts, too
        transactions_sudo = self.env['payment.transaction'].sudo()
        open_now = transactions_sudo._underway_domain()
        # sudo: crm.payment.choice - the same
        found = dict(self.env['crm.payment.choice'].sudo()._read_group(
            Domain(field, 'in', records.ids) & Domain('amount', '>', 0)
            & Domain('is_settled', '=', False) & Domain('transaction_id', 'any', open_now),
            [field], ['amount:sum']))
        stock = 'invoice_ids' if field == 'move_id' else 'sale_order_ids'
        for transaction_sudo in transactions_sudo.search(
                open_now & Domain('choice_ids', '=', False) & Domain(stock, 'in', records.ids)):
            for record in transaction_sudo[stock] & records:
                found[record] = found.get(record, 0.0) + transaction_sudo.amount
        return found


def as_user(user):
    """Return the environment of a user; `env.user` itself comes with all rights.

    :rtype: odoo.api.Environment
    """
    return user.env(user=user.id, su=False)


def open_bill_domain():
    """Return the bills and credit notes of which something is open.

    :rtype: Domain
    """
    return (
        Domain('move_type', 'in', ('out_invoice', 'out_refund')) & Domain('state', '=', 'posted')
        & Domain('amount_residual', '!=', 0) & Domain('payment_state', '!=', 'blocked'))


def open_order_domain():
    """Return the confirmed orders of which something is to be paid.

    :rtype: Domain
    """
    return Domain('state', '=', 'sale') & Domain('amount_unpaid', '>', 0)


def kept_domain():
    """Return the entries of payments that are kept for orders still to be billed.

    :rtype: Domain
    """
    waits = Domain('state', '=', 'sale') & Domain('invoice_status', '!=', 'invoiced')
    return Domain('origin_payment_id', 'any', (
        Domain('choice_ids', 'any', Domain('order_id', 'any', waits))
        | Domain('payment_transaction_id', 'any', Domain('sale_order_ids', 'any', waits))))


def open_accounts(user, companies):
    """Return with which companies and in which currencies something is open for a user.

    :param user: who is to pay
    :param companies: the companies that may be told
    :return: with at least one, the one with the most documents first
    :rtype: list[tuple[res.company, res.currency]]
    """
    env, counts = as_user(user), {}
    for model, domain in (
            ('account.move', open_bill_domain()), ('sale.order', open_order_domain())):
        for company, currency, count in env[model]._read_group(
                domain & Domain('company_id', 'in', companies.ids),
                ['company_id', 'currency_id'], ['__count']):
            # sudo: res.company - a company with which the customer has business
            account = company.sudo(), currency
            counts[account] = counts.get(account, 0) + count
    first = companies[:1]
    return sorted(counts, key=lambda account: -counts[account]) or [(first, first.currency_id)]
