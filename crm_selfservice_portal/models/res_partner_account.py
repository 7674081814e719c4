from typing import NamedTuple

from odoo import fields, models

from ..ledger import open_amounts


class Credit(NamedTuple):
    """How much a customer may owe a company, and how much of it he uses."""

    limit: float
    used: float


class ResPartner(models.Model):
    """A customer sees how his account stands."""

    _inherit = 'res.partner'

    def _open_amounts(self, companies):
        """Return what is open now in each account of the customer, see `open_amounts`.

        :param companies: the companies that may be told
        """
        self.ensure_one()
        return open_amounts(self, companies, fields.Date.context_today(self))

    def _credit(self, company):
        """Return the credit of the customer with a company, or None when there is no limit.

        :rtype: Credit | None
        """
        self.ensure_one()
        # sudo: res.partner, res.company - the customer may know his own limit
        customer_sudo = self.sudo().with_company(company)
        if not customer_sudo.env.company.account_use_credit_limit or (
                customer_sudo.credit_limit <= 0):
            return None
        return Credit(
            customer_sudo.credit_limit, customer_sudo.credit + customer_sudo.credit_to_invoice)
