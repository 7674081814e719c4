from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_roles.notification import RELOAD, notify


class SaleOrder(models.Model):
    """Send customers the link by which they can pay to their phone."""

    _inherit = 'sale.order'

    def action_send_payment_link_sms(self):
        """Text the customer a link to pay what is unpaid, in his language, and log it.

        The message waits for Odoo's SMS queue, which is called at once.

        :raise UserError: when there is nothing to pay or no number to send it to
        """
        # sudo: sms.template - a caller sends the text, and does not edit it
        template_sudo = self.env.ref('crm_order_manager_sms.sms_template_payment_link').sudo()
        for order in self:
            order._check_payment_link_sms()
            order._message_sms_with_template(
                template=template_sudo, partner_ids=order._payment_link_phone().ids,
                put_in_queue=True)
        # sudo: ir.cron - it only runs earlier
        self.env.ref('sms.ir_cron_sms_scheduler_action').sudo()._trigger()
        return notify(
            self.env._(
                "The link to pay was sent to %s.",
                ", ".join(order._payment_link_phone().phone for order in self)),
            RELOAD)

    def _check_payment_link_sms(self):
        """Refuse to text a link to pay when that makes no sense, or there is no number.

        :raise UserError: naming the order and the way out
        """
        self._check_payable()
        if not self._payment_link_phone().phone:
            raise UserError(self.env._(
                "%(order)s: %(customer)s has no phone number. Ask for it and enter it.",
                order=self.display_name, customer=self._payment_link_phone().display_name))

    def _payment_link_phone(self):
        """Return whose phone gets the link to pay: who gets the bills, if he has a number.

        :rtype: res.partner
        """
        self.ensure_one()
        return self.partner_invoice_id if self.partner_invoice_id.phone else self.partner_id
