from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_roles.notification import RELOAD, notify


class SaleOrder(models.Model):
    """Send customers a link by which they can pay."""

    _inherit = 'sale.order'

    def action_send_payment_link(self):
        """Mail the customer a link to pay what is unpaid, in his language, and log it.

        :raise UserError: when there is nothing to pay or no address to send it to
        """
        template = self.env.ref('crm_order_manager.mail_template_payment_link')
        for order in self:
            order._check_payment_link()
            order.message_post_with_source(
                template, subtype_xmlid='mail.mt_comment', message_type='comment')
        return notify(
            self.env._(
                "The link to pay was sent to %s.",
                ", ".join(order._payment_link_recipient().email for order in self)),
            RELOAD)

    def _check_payment_link(self):
        """Refuse to mail a link to pay when that makes no sense, or there is no address.

        :raise UserError: naming the order and the way out
        """
        self._check_payable()
        if not self._payment_link_recipient().email:
            raise UserError(self.env._(
                "%(order)s: %(customer)s has no e-mail address. Ask for it and enter it.",
                order=self.display_name, customer=self._payment_link_recipient().display_name))

    def _check_payable(self):
        """Refuse to ask for a payment when that makes no sense.

        :raise UserError: naming the order and the way out
        """
        self.ensure_one()
        if self.state == 'cancel':
            raise UserError(self.env._(
                "%s is cancelled: there is nothing to pay.", self.display_name))
        if not self.amount_unpaid:
            raise UserError(self.env._("%s is paid: there is nothing to pay.", self.display_name))
        for wizard in self._payment_link_wizards():
            if wizard.warning_message:
                raise UserError(self.env._(
                    "%(order)s: no link to pay can be sent. %(reason)s",
                    order=self.display_name, reason=wizard.warning_message))

    def _payment_link_recipient(self):
        """Return who gets the link to pay: who gets the bills, if he has an address.

        :rtype: res.partner
        """
        self.ensure_one()
        return self.partner_invoice_id if self.partner_invoice_id.email else self.partner_id

    def _payment_link_wizards(self):
        """Return Odoo's wizard for each link to pay: one per open bill, or one for the order.

        :return: the wizards one by one, since they do not work together
        :rtype: list[payment.link.wizard]
        """
        self.ensure_one()
        Wizard = self.env['payment.link.wizard']
        wizards = [
            Wizard.with_context(active_model=document._name, active_id=document.id).create({})
            for document in self._open_bills() or [self]
        ]
        if wizards[0].res_model == self._name and (
            self.state == 'sale' or not self.require_payment
        ):
            wizards[0].amount = self.amount_unpaid
        return wizards

    def _payment_links(self):
        """Return the links to pay, for the mail.

        :return: for each ``name`` of the document, ``amount`` with its ``currency``, and ``link``
        :rtype: list[dict]
        """
        return [{
            'name': self.env[wizard.res_model].browse(wizard.res_id).name,
            'amount': wizard.amount,
            'currency': wizard.currency_id,
            'link': wizard.link,
        } for wizard in self._payment_link_wizards()]
