from odoo.http import request, route

from odoo.addons.account_payment.controllers.payment import PaymentPortal as BillPayment
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.sale.controllers.portal import PaymentPortal as OrderPayment

from .check_right import check_link, check_right


class BillPaymentRights(BillPayment):
    """Odoo's own ways to pay bills are for who may pay."""

    @route()
    def invoice_transaction(self, invoice_id, access_token, **kwargs):
        check_right('pay')
        check_link(self, 'account.move', invoice_id, access_token, 'pay')
        return super().invoice_transaction(invoice_id, access_token, **kwargs)

    @route()
    def overdue_invoices_transaction(self, *args, **kwargs):
        check_right('pay')
        return super().overdue_invoices_transaction(*args, **kwargs)


class OrderPaymentRights(OrderPayment):
    """Odoo's own way to pay an order is for who may pay."""

    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        check_right('pay')
        check_link(self, 'sale.order', order_id, access_token, 'pay')
        return super().portal_order_transaction(order_id, access_token, **kwargs)


class OverdueRights(PortalAccount):
    """What is overdue is chosen among what is open."""

    @route()
    def portal_my_overdue_invoices(self, *args, **kwargs):
        check_right('pay')
        if request.env.user._is_portal():
            return request.redirect('/my/pay?filter=overdue')
        return super().portal_my_overdue_invoices(*args, **kwargs)
