from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command

from .crm_order_correction_decide import ACTIVITY, told


class SaleOrder(models.Model):
    """A customer corrects his order: at once, or after somebody has approved of it."""

    _inherit = 'sale.order'

    def _correct(self, wish, effect):
        """Correct the order, or have the correction approved, and tell who manages it.

        :param Wish wish: what the customer wants, complete and without complaints
        :param Effect effect: what it does to the amounts, as the customer has seen it
        :return: the correction, with all rights
        :rtype: crm.order.correction
        :raise UserError: when somebody else is changing the order, or it cannot be corrected so
        """
        self.ensure_one()
        self._lock_for_correction()
        correction = self.env['crm.order.correction'].create(
            self._prepare_correction(wish, effect))
        self.env['crm.representative.act']._note(
            'cancel' if wish.cancel else 'correct', self, correction.summary)
        if self._correction_needs_approval(wish, effect):
            correction._ask()
        else:
            correction._apply()
            self._tell_manager(
                self.env._("The customer has corrected the order."), correction._told_changes())
        return correction

    def _lock_for_correction(self):
        """Let nobody else correct the order, or decide on it, at the same time.

        :raise UserError: when somebody does
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(self.env._(
                "%(order)s is being changed by somebody else. Please try again in a moment.",
                order=self.name)) from None
        # Who read the order before this is stored starts anew with what is left here.
        self.corrected_at = fields.Datetime.now()

    def _prepare_correction(self, wish, effect):
        """Return the values of the correction.

        :rtype: dict
        """
        return {
            'order_id': self.id,
            'partner_id': self.env.user.partner_id.id,
            'cancels': wish.cancel,
            'shipping_from_id': wish.address and self.partner_shipping_id.id,
            'shipping_to_id': wish.address and wish.address.id,
            'delivery_from': wish.date and self.commitment_date,
            'delivery_to': wish.date,
            'note': wish.note,
            'amount_from': effect.total[0],
            'amount_to': effect.total[1],
            'line_ids': [Command.create({
                'order_line_id': change.line.id,
                'name': change.line._correction_name(),
                'quantity_from': change.quantity_from,
                'quantity_to': change.quantity_to,
                'uom_id': change.line.product_uom_id.id,
                'amount_from': change.amount_from,
                'amount_to': change.amount_to,
            }) for change in effect.lines],
        }

    def _correction_needs_approval(self, wish, effect):
        """Return whether somebody has to approve of a correction.

        Whatever the company allows: what the customer has signed, has paid already, or what was
        agreed for the order as a whole or for its quantity, is not changed by him alone.

        :rtype: bool
        """
        self.ensure_one()
        priced = bool(effect.lines or wish.address)
        return (
            self.company_id.correction_mode != 'at_once' or bool(self.signature)
            or self.currency_id.compare_amounts(effect.total[1], self._amount_committed()) < 0
            or any(change.agreed and change.quantity_to for change in effect.lines)
            or priced and any(line.price_unit and line._is_of_whole_order()
                              for line in self.order_line))

    def _amount_committed(self):
        """Return how much was paid, is about to be paid, or was billed: no less is owed.

        :return: amount in the currency of the order
        :rtype: float
        """
        states = ('pending', 'authorized', 'done')
        underway = self.transaction_ids.filtered(lambda found: found.state in states)
        chosen = self.payment_choice_ids.filtered(lambda choice: choice.state in states)
        return max(
            self.amount_received, self.amount_invoiced,
            sum((underway - chosen.transaction_id).mapped('amount'))
            + sum(chosen.mapped('amount')))

    def _tell_manager(self, intro, parts):
        """Write into the history of the order, and tell who manages it."""
        manager = self._correction_manager()
        self.message_post(
            body=told(intro, parts), message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=manager.partner_id.ids)

    def _remind_of_correction(self):
        """Plan an activity for who manages the order, to decide on what the customer wants."""
        manager = self._correction_manager()
        if manager:
            order = self.with_context(lang=manager.lang or self.env.lang)
            correction = order.waiting_correction_id
            order.activity_schedule(
                ACTIVITY, user_id=manager.id, summary=order.env._(
                    "%(name)s wants the order changed", name=correction.partner_id.name),
                note=told('', correction._told_changes()))
