from odoo import fields, models


class SaleOrder(models.Model):
    """The offer that an order came from, and so what of the customer was the reason."""

    _inherit = 'sale.order'

    offer_id = fields.Many2one(
        'crm.offer', readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        groups='crm_roles.group_order_reader,crm_roles.group_account_representative')
    offer_evidence = fields.Char(
        "Why Offered", related='offer_id.evidence',
        groups='crm_roles.group_order_reader,crm_roles.group_account_representative')

    _offer_uniq = models.UniqueIndex(
        "(offer_id) WHERE offer_id IS NOT NULL AND state != 'cancel'",
        "An offer is used once. Cancel the other order with it first.")

    def _action_confirm(self):
        confirmed = super()._action_confirm()
        # sudo: crm.offer - whoever confirms the order, the offer is used
        self.sudo().offer_id._take_won()
        return confirmed

    def _action_cancel(self):
        # sudo: crm.offer - whoever cancels the order, the offer is free again
        offers_sudo = self.filtered(lambda order: order.state != 'cancel').sudo().offer_id
        cancelled = super()._action_cancel()
        offers_sudo._take_back()
        return cancelled


class SaleOrderLine(models.Model):
    """What an offer saves on a line."""

    _inherit = 'sale.order.line'

    def _offer_saving(self):
        """Return what the line would cost more without its discount, without taxes.

        :return: an amount in the currency of the order
        :rtype: float
        """
        if self.display_type or not 0 < self.discount < 100:
            return self.price_unit * self.product_uom_qty if self.discount == 100 else 0.0
        return self.price_subtotal * self.discount / (100 - self.discount)
