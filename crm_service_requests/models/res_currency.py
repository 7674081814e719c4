from typing import NamedTuple

from odoo import api, models
from odoo.tools import float_is_zero, float_round, ormcache


class CurrencyForm(NamedTuple):
    """How amounts of a currency are written and rounded."""

    symbol: str
    position: str
    digits: int
    rounding: float

    def is_zero(self, amount):
        return float_is_zero(amount, precision_rounding=self.rounding)

    def round(self, amount):
        return float_round(amount, precision_rounding=self.rounding)


class ResCurrency(models.Model):
    """How amounts are written is known without asking the database on each page."""

    _inherit = 'res.currency'

    def write(self, vals):
        result = super().write(vals)
        if 'rounding' in vals:
            self.env.registry.clear_cache('stable')
        return result

    @api.model
    @ormcache(cache='stable')
    def _currency_forms(self):
        """Return how amounts of each currency are written, kept in memory until one changes.

        :rtype: dict[int, CurrencyForm]
        """
        # sudo: res.currency - how amounts are written is no secret; old documents have currencies
        # that are no longer in use
        currencies_sudo = self.sudo().with_context(active_test=False).search_fetch(
            [], ['symbol', 'position', 'decimal_places', 'rounding'])
        return {
            currency.id: CurrencyForm(
                currency.symbol or '', currency.position, currency.decimal_places,
                currency.rounding)
            for currency in currencies_sudo}
