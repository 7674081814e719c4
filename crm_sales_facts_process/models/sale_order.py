from odoo import api, models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """To those who may not see its margin, an order is worth what it is sold for."""

    _inherit = 'sale.order'

    @api.model
    def _process_value_sql(self, alias):
        margin = super()._process_value_sql(alias)
        scope = 'all' if self.env.su else self.env.user._margin_scope()
        if scope == 'all':
            return margin
        amount = SQL(
            "%(order)s.amount_untaxed / COALESCE(NULLIF(%(order)s.currency_rate, 0), 1)",
            order=alias)
        if not scope:
            return amount
        return SQL(
            """
            CASE WHEN EXISTS (
                SELECT FROM res_partner contact
                JOIN res_partner customer ON customer.id = contact.commercial_partner_id
                WHERE contact.id = %(order)s.partner_id AND customer.user_id = %(user)s
            ) THEN %(margin)s ELSE %(amount)s END
            """, order=alias, user=self.env.uid, margin=margin, amount=amount)

    def _process_values(self):
        # sudo: sale.order - a run keeps the same value whoever has ended it
        return super(SaleOrder, self.sudo())._process_values()
