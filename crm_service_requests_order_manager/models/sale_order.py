from odoo import api, fields, models

from .crm_request_failed_payment import SUPERVISOR


class SaleOrder(models.Model):
    """An order shows what its customer asks, and ends the requests about its payment."""

    _inherit = 'sale.order'

    customer_request_count = fields.Integer(
        "Pending Requests", compute='_compute_customer_request_count', compute_sudo=True,
        groups='base.group_user', help="Requests of the customer that somebody has to answer.")

    @api.depends('partner_id')
    def _compute_customer_request_count(self):
        requests = self.env['crm.request']
        customers = self.partner_id.commercial_partner_id
        counts = dict(requests._read_group(
            requests._pending_domain() & requests._customer_domain(customers),
            ['commercial_partner_id'], ['__count']))
        for order in self:
            order.customer_request_count = counts.get(order.partner_id.commercial_partner_id, 0)

    def _is_paid_or_void(self):
        """Tell whether nothing is to be paid for the order.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == 'cancel' or self.currency_id.is_zero(self.amount_unpaid)

    def _bills_to_pay(self):
        return self.invoice_ids.filtered(
            lambda bill: bill.state == 'posted' and bill.move_type == 'out_invoice'
            and bill.amount_residual)

    def _told_of_failed_payment(self):
        """Return the supervisor who has an activity about it, so that nobody else is told.

        :rtype: res.users
        """
        kind = self.env.ref('crm_order_manager.mail_activity_type_failed_payment')
        told = self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind).sorted('id')[-1:].user_id
        return told.filtered(lambda user: user.has_group(SUPERVISOR))
